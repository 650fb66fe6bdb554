"""From a source to the library: fetch what changed, parse it, store it, and let feeds know.

Each document is one transaction, so a crash anywhere goes on from the last whole one.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field

import structlog

from bot.digests import parser
from bot.errors import SourceError
from bot.library import digests, sources
from bot.library.database import Database, Time
from bot.library.dates import comes_of_age, last_day
from bot.library.digests import Status
from bot.model import Digest
from bot.sources.source import Document, Skipped, Source
from bot.subscriptions import feeds

log = structlog.get_logger(__name__)

REMEMBERED = 30.0  # seconds; a folder is looked at every two, and the library need not be each time
NO_DATE = "it has no date, so it was not stored; name the file like 2025-04-28.md, or date its heading"
TWIN = "{path} brought this source's digest of that day; remove one of the two, or give this one a source"
FUTURE = "its date is in the future, so it is posted when that day comes"


@dataclass(slots=True)
class Report:
    """What an ingest did, for people: digests by what became of them, and what went wrong."""

    new: int = 0
    revised: int = 0
    unchanged: int = 0
    left_out: int = 0  # digests or files that could not be stored
    papers: int = 0
    problems: int = 0
    error: str | None = None  # why the source could not be read, or not to its end

    @property
    def changed(self) -> bool:
        return bool(self.new or self.revised)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the library says of a source. To be behind is no harm: what is taken in twice changes nothing."""

    seen: Mapping[str, str]
    is_first: bool  # it was never read: what arrives is "already there"
    now: dt.datetime
    until: float  # on the loop's clock


@dataclass(frozen=True, slots=True)
class Ingest:
    database: Database
    time: Time  # planning's, or feeds would wait for another
    max_age: dt.timedelta | None  # older digests go to the library only; None: no limit
    _known: dict[str, _Known] = field(default_factory=dict, init=False)
    _turns: dict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock), init=False)

    async def poll(self, source: Source) -> Report:
        """Take in what is new. A failure is told once per outage, in the log and to `doctor`."""
        async with self._turns[source.name]:  # else the older of two looks could have the last word
            return await self._poll(source)

    async def _poll(self, source: Source) -> Report:
        report = Report()
        recent = self._recent(source.name)
        known = recent or await self._look(source.name)
        taken = False
        try:
            async with aclosing(source.changed(known.seen, known.now)) as changed:
                async for item in changed:
                    taken = True
                    await self._take(source.name, item, report, already_there=known.is_first)
        except SourceError as error:
            report.error = error.user_message
        if taken or report.error:
            self._known.pop(source.name, None)
        if taken or report.error or not recent:
            await self._note(source.name, report)
        return report

    def _recent(self, name: str) -> _Known | None:
        known = self._known.get(name)
        return known if known and asyncio.get_running_loop().time() < known.until else None

    async def _look(self, name: str) -> _Known:
        async with self.database.read() as conn:
            now = await self.time(conn)
            seen = await sources.seen(conn, name)
            state = next((one for one in await sources.states(conn) if one.name == name), None)
        was_read = state is not None and state.first_succeeded_at is not None
        known = _Known(seen, not was_read, now, asyncio.get_running_loop().time() + REMEMBERED)
        if was_read and state and state.failing_since is None:
            self._known[name] = known
        return known

    async def _take(
        self, name: str, item: Document | Skipped, report: Report, *, already_there: bool
    ) -> None:
        if isinstance(item, Document):
            await self.store(name, item, report, already_there=already_there)
            return
        if item.problem:
            report.left_out += 1
            log.warning("left out", source=name, path=item.path, problem=item.problem)
        async with self.database.begin() as conn:
            await sources.mark(conn, name, item.path, item.validator)

    async def store(
        self, name: str, document: Document, report: Report, *, already_there: bool = False
    ) -> None:
        """Parse one document and store its digests. `already_there`: feeds are not to get them as news."""
        parsed = await asyncio.to_thread(parser.parse_bytes, document.data, source=name, path=document.path)
        async with self.database.begin() as conn:
            now = await self.time(conn)
            # Another process may have been first meanwhile: then this came after its look.
            already_there = already_there and not await sources.was_read(conn, name)
            for digest in sorted(parsed, key=lambda one: one.date or dt.date.min):
                _tell(digest, document.path, now, report)
                if digest.date is None or _is_unreadable(digest):
                    report.left_out += 1
                    continue
                if twin := await digests.twin(conn, digest, document.path):
                    _tell_twin(digest, document.path, twin, report)
                    continue
                is_future = digest.date > last_day(now)
                postable = is_future or (not already_there and self._is_fresh(digest.date, now))
                stored = await digests.ingest(conn, digest, path=document.path, now=now, postable=postable)
                _count(stored, report)
                if postable and stored.status is Status.NEW:
                    await feeds.wake_for_arrival(conn, comes_of_age(digest.date) if is_future else now)
            if document.validator:  # a file handed over by hand has none
                await sources.mark(conn, name, document.path, document.validator)

    def _is_fresh(self, date: dt.date, now: dt.datetime) -> bool:
        return self.max_age is None or now.date() - date <= self.max_age

    async def _note(self, name: str, report: Report) -> None:
        async with self.database.begin() as conn:
            transition = await sources.attempted(conn, name, await self.time(conn), report.error)
        if transition is sources.Transition.OUTAGE_BEGAN:
            log.error("source can't be read", source=name, error=report.error)
        elif transition is sources.Transition.OUTAGE_ENDED:
            log.info("source can be read again", source=name)
        if report.changed:
            log.info("ingested", source=name, new=report.new, revised=report.revised, papers=report.papers)


def _tell(digest: Digest, path: str, now: dt.datetime, report: Report) -> None:
    logger = log.bind(source=digest.source, path=path)
    report.problems += len(digest.problems)
    for problem in digest.problems:
        logger.warning("problem", line=problem.line, paper=problem.paper, problem=problem.message)
    if digest.date is None and digest.papers:
        logger.warning("problem", line=1, problem=NO_DATE)
    elif digest.date and digest.date > last_day(now):
        report.problems += 1
        logger.warning("problem", line=1, date=str(digest.date), problem=FUTURE)


def _is_unreadable(digest: Digest) -> bool:
    """An empty file, perhaps half written, is no day without papers: its day may still come."""
    return not digest.papers and bool(digest.problems)


def _tell_twin(digest: Digest, path: str, twin: digests.Twin, report: Report) -> None:
    """Two files of a source that take turns in being a day's digest would be an endless revision."""
    if twin.same:
        report.unchanged += 1
        return
    report.left_out += 1
    problem = TWIN.format(path=twin.path)
    log.warning("left out", source=digest.source, path=path, date=str(digest.date), problem=problem)


def _count(stored: digests.Ingested, report: Report) -> None:
    report.papers += len(stored.new) + len(stored.changed)
    match stored.status:
        case Status.NEW:
            report.new += 1
        case Status.REVISED:
            report.revised += 1
        case Status.UNCHANGED:
            report.unchanged += 1
