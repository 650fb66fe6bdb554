"""What this process counts of its own work; what all processes share is asked of the database (shared.py)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info

from bot import __version__
from bot.delivery.claims import Outcome
from bot.delivery.poster import (
    Answer,
    CannotLook,
    Missing,
    Posted,
    Poster,
    RateLimited,
    Unknown,
    Unreachable,
)
from bot.model import Message, State

A = TypeVar("A")

ENDS = (State.SENT, State.HELD, State.UNSURE, State.PARKED)
SECONDS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15)  # up to where a post is given up


class Meters:
    """Each name it exports begins with `paperboy_`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        Info("paperboy_build", "Which Paperboy this is.", registry=registry).info({"version": __version__})
        self._deliveries = Counter(
            "paperboy_deliveries",
            "What became of attempts to send, by the state that the delivery was left in.",
            ["state"],
            registry=registry,
        )
        for state in ENDS:
            self._deliveries.labels(state.value)  # a rate needs the zero before the first
        self._rate_limited = Counter(
            "paperboy_rate_limited",
            "Times that Slack asked the courier to slow down (429).",
            registry=registry,
        )
        self.post_seconds = Histogram(
            "paperboy_post_seconds",
            "Until Slack answered a post or a change, or it was given up.",
            buckets=SECONDS,
            registry=registry,
        )
        self._wanted = Gauge(
            "paperboy_sockets_wanted", "Sockets to Slack that this process is to hold.", registry=registry
        )
        self._silent = Gauge(
            "paperboy_source_silent",
            "Whether nothing came from the source for longer than ever before; where digests are planned.",
            ["source"],
            registry=registry,
        )
        self._open = Gauge(
            "paperboy_sockets_open", "Sockets to Slack that this process holds.", registry=registry
        )

    def silent(self, sources: Iterable[str], quiet: Collection[str]) -> None:
        for source in sources:
            self._silent.labels(source).set(source in quiet)

    def recorded(self, outcomes: Iterable[Outcome]) -> None:
        for one in outcomes:
            self._deliveries.labels(one.state.value).inc()

    def answered(self, answer: A) -> A:
        if isinstance(answer, RateLimited):
            self._rate_limited.inc()
        return answer

    def watch_socket(self, is_open: Callable[[], bool]) -> None:
        self._wanted.set(1)
        self._open.set_function(is_open)


class MeteredPoster:
    """A poster whose answers are counted and whose posts are timed."""

    def __init__(self, poster: Poster, meters: Meters) -> None:
        self._poster = poster
        self._meters = meters

    async def post(self, destination: str, message: Message, *, key: str, thread_ts: str | None) -> Answer:
        with self._meters.post_seconds.time():
            answer = await self._poster.post(destination, message, key=key, thread_ts=thread_ts)
        return self._meters.answered(answer)

    async def change(self, channel: str, message: Message, *, ts: str) -> Answer:
        with self._meters.post_seconds.time():
            answer = await self._poster.change(channel, message, ts=ts)
        return self._meters.answered(answer)

    async def find(
        self, destination: str, *, key: str, since: dt.datetime, thread_ts: str | None
    ) -> Posted | Missing | CannotLook | RateLimited | Unreachable | Unknown:
        found = await self._poster.find(destination, key=key, since=since, thread_ts=thread_ts)
        return self._meters.answered(found)
