"""What the database says, asked once a scrape: the same from every process, so a query takes its `max`."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.delivery import backlog
from bot.delivery.backlog import Backlog
from bot.errors import LibraryError
from bot.library import sources
from bot.library.database import Database
from bot.library.sources import SourceState
from bot.model import State

TIMEOUT = 5.0  # seconds; Prometheus gives a scrape up after ten
OPEN = (State.PLANNED, State.HELD, State.SENDING, State.UNSURE)


class Shared(Collector):
    """Only `paperboy_database_up` is left where the database can't say: an old number would be a lie."""

    def __init__(
        self, database: Database, clock: Callable[[], dt.datetime], configured: Collection[str]
    ) -> None:
        self._database = database
        self._clock = clock
        self._configured = configured  # a source that is no more would look stale for ever
        self._found: list[Metric] = []

    def collect(self) -> Iterable[Metric]:
        return self._found

    async def refresh(self) -> None:
        now = self._clock()
        try:
            async with asyncio.timeout(TIMEOUT), self._database.read() as conn:
                waiting, states = await backlog.of(conn, now), await sources.states(conn)
        except (LibraryError, TimeoutError):
            self._found = [_up(False)]
            return
        here = [state for state in states if state.name in self._configured]
        self._found = [_up(True), *_queue(waiting, now), *_sources(here, now)]


def _up(answers: bool) -> Metric:
    return GaugeMetricFamily("paperboy_database_up", "Whether the database answers.", answers)


def _queue(waiting: Backlog, now: dt.datetime) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "paperboy_queue_age_seconds",
        "For how long the oldest delivery that is due has waited.",
        _seconds(waiting.since, now) if waiting.since else 0.0,
    )
    family = GaugeMetricFamily("paperboy_open_deliveries", "Deliveries still to be sent.", labels=["state"])
    for state in OPEN:
        family.add_metric([state.value], waiting.rows.get(state.value, 0))
    yield family


def _sources(states: Iterable[SourceState], now: dt.datetime) -> Iterator[Metric]:
    age = GaugeMetricFamily(
        "paperboy_source_age_seconds", "Since the source was last read; none: never yet.", labels=["source"]
    )
    failing = GaugeMetricFamily(
        "paperboy_source_failing", "Whether the source failed when last read.", labels=["source"]
    )
    for state in states:
        if state.succeeded_at:
            age.add_metric([state.name], _seconds(state.succeeded_at, now))
        failing.add_metric([state.name], state.failing_since is not None)
    yield from (age, failing)


def _seconds(since: dt.datetime, now: dt.datetime) -> float:
    return max((now - since).total_seconds(), 0.0)
