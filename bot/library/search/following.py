"""Follows the library: fetches, prepares and writes what is new, of a large build all three at a time."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Protocol, TypeVar

from bot.library.search import indexing
from bot.library.search.helper import Helper
from bot.library.search.indexing import Batch
from bot.library.search.preparing import Prepared, prepare
from bot.model import StoredPaper

T = TypeVar("T")
Fetch = Callable[[int, int], Awaitable[Sequence[tuple[int, StoredPaper]]]]
Told = Callable[[int], None]  # so many papers more are in

BATCH = 1_750  # papers a transaction: others may write between two, and a word is counted once in each
FIRST = 250  # papers of the first, which this process prepares: from then on the helper works beside it
AHEAD = 2  # batches that are prepared while one is written


class Run(Protocol):
    """Off the event loop, with a connection to the index."""

    async def __call__(self, work: Callable[[sqlite3.Connection], T]) -> T: ...


class Follower:
    """Of one catching up: returns once the library has nothing that the index has not."""

    def __init__(self, run: Run, fetch: Fetch, told: Told, helper: Helper) -> None:
        self._run = run
        self._fetch = fetch
        self._told = told
        self._helper = helper
        self._ahead: deque[tuple[Batch, asyncio.Future[Prepared]]] = deque()

    async def follow(self) -> int:
        """How many papers were taken in."""
        try:
            return await self._follow()
        finally:
            self._drop()  # else asyncio would log that the helper broke off, as it was told to

    async def _follow(self) -> int:
        taken = 0
        seen = await self._run(indexing.progress)
        while True:
            while len(self._ahead) < AHEAD and (batch := await self._next(seen)):
                self._ahead.append((batch, await self._prepare(batch)))
                seen = batch.end
            if not self._ahead:
                return taken
            batch, coming = self._ahead.popleft()
            now = await self._run(partial(indexing.take_in, batch=batch, prepared=await coming))
            if now:
                self._told(now)
                taken += now
            else:  # another process went on meanwhile, or the file is a new one
                self._drop()
                seen = await self._run(indexing.progress)

    async def _next(self, seen: indexing.Progress) -> Batch | None:
        if self._ahead:
            rows = await self._fetch(seen.seq, BATCH)
        else:
            rows = await self._fetch(seen.looked_at, FIRST)
            if not await self._run(partial(indexing.fits, seen=seen, rows=rows)):
                await self._run(partial(indexing.start_again, seen=seen))
                seen = await self._run(indexing.progress)
                rows = await self._fetch(seen.looked_at, FIRST)
        fresh = [row for row in rows if row[0] > seen.seq]
        return await asyncio.to_thread(Batch.of, seen, fresh) if fresh else None

    async def _prepare(self, batch: Batch) -> asyncio.Future[Prepared]:
        """Started. The helper is for what comes in more than one batch."""
        coming = [before for before, _ in self._ahead] + [batch]
        acronyms = await self._run(partial(indexing.acronyms_with, coming=coming))
        if self._ahead:
            return self._helper.prepare(batch.papers, acronyms)
        return asyncio.ensure_future(asyncio.to_thread(prepare, batch.papers, acronyms))

    def _drop(self) -> None:
        while self._ahead:
            self._ahead.pop()[1].cancel()
