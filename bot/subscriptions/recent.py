"""What a filter or a follow would have brought of late: asked before anybody turns it on."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bot.library import papers, query
from bot.library.database import Database
from bot.library.dates import last_day
from bot.model import Follow, StoredPaper
from bot.subscriptions import matching
from bot.subscriptions.finder import Finder
from bot.subscriptions.matching import PaperText

DAYS = 30


@dataclass(frozen=True, slots=True)
class Brought:
    """Papers of the last `DAYS` days, the newest first."""

    papers: tuple[StoredPaper, ...]

    @property
    def a_day(self) -> float:
        return len(self.papers) / DAYS


@dataclass(frozen=True, slots=True)
class _Shelf:
    seq: int
    day: dt.date
    papers: tuple[StoredPaper, ...]
    finder: Finder


class Recent:
    """Keeps the last days' papers ready: some thousand, which take half a second to read for the first time,
    so that is done in a thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelf: _Shelf | None = None
        self._reading = asyncio.Lock()

    async def matching(self, wanted: str, now: dt.datetime) -> Brought:
        """By a filter, as a feed has one."""
        shelf = await self._ready(now)
        keep = matching.compile_filter(query.parse(wanted, today=now.date(), known=None))
        found = await asyncio.to_thread(
            lambda: tuple(one for one in shelf.papers if keep(PaperText(one.paper, one.date)))
        )
        return Brought(found)

    async def followed(self, follows: Sequence[Follow], now: dt.datetime) -> Brought:
        """By any of a member's follows."""
        shelf = await self._ready(now)
        found = await asyncio.to_thread(shelf.finder.find, follows)
        return Brought(tuple(one for one in shelf.papers if one.id in found))

    async def _ready(self, now: dt.datetime) -> _Shelf:
        day = last_day(now)
        async with self._reading:
            async with self._database.read() as conn:
                seq = await papers.last_seq(conn)
                if self._shelf and (self._shelf.seq, self._shelf.day) == (seq, day):
                    return self._shelf
                found = tuple(await papers.between(conn, day - dt.timedelta(days=DAYS - 1), day))
            await asyncio.to_thread(_prepare, found)
            self._shelf = _Shelf(seq, day, found, Finder(found))
            return self._shelf


def _prepare(found: Sequence[StoredPaper]) -> None:
    for one in found:
        matching.prepare(one.paper)
