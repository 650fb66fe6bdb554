"""Search as the bot uses it: never on the event loop, in step with the library, mended without a word."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.library import indexing, retrieval
from bot.library.index_file import IndexFile
from bot.library.query import Query
from bot.model import StoredPaper

T = TypeVar("T")
Fetch = Callable[[int, int], Awaitable[Sequence[tuple[int, StoredPaper]]]]

BATCH = 200  # papers a transaction: others may write between two, and threads take turns
THREADS = 3
EMPTY = "The search index holds no papers yet; while it is being built, try again in a moment."


@dataclass(frozen=True, slots=True)
class Hit:
    paper_id: int
    arxiv_id: str | None
    title: str
    url: str | None
    date: dt.date
    score: float  # higher is better; 0.0 where nothing ranks


@dataclass(frozen=True, slots=True)
class Results:
    """One page, best first; what asks for no words, newest first."""

    total: int
    complete: int  # how many of them hold all the words: these come first
    hits: tuple[Hit, ...]
    note: str  # for people: how the query was read and answered, where that isn't plain
    ms: float


class SearchIndex:
    """Raises LibraryError where the file can be neither used nor made anew."""

    def __init__(self, path: Path) -> None:
        self._file = IndexFile(path)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="search")
        self._catching_up = asyncio.Lock()

    async def catch_up(self, fetch: Fetch) -> int:
        """Take in what the library has written since; `fetch(seq, limit)` gives what comes after `seq`."""
        taken = 0
        async with self._catching_up:
            while True:
                seen = await self._run(indexing.progress)
                rows = await fetch(max(seen.seq - 1, 0), BATCH)
                if not seen.fits(rows):
                    await self._run(indexing.start_again)
                    continue
                fresh = [row for row in rows if row[0] > seen.seq]
                if not fresh:
                    return taken
                taken += await self._run(partial(indexing.take_in, rows=fresh, seen=seen))

    async def search(self, query: Query, *, limit: int = 10, offset: int = 0) -> Results:
        begun = time.perf_counter()
        work = partial(_search, query=query, limit=max(limit, 1), offset=max(offset, 0))
        results = await self._run(work)
        return replace(results, ms=(time.perf_counter() - begun) * 1000)

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)
        self._file.close()

    async def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._file.run, work)


def _search(connection: sqlite3.Connection, *, query: Query, limit: int, offset: int) -> Results:
    found = retrieval.find(connection, query.root, limit, offset)
    hits = tuple(_hit(connection, rowid, score) for rowid, score in found.rows)
    notes = [*query.notes, *_relaxed(found)]
    if found.total == 0 and indexing.progress(connection).seq == 0:
        notes.append(EMPTY)
    return Results(found.total, found.complete, hits, " ".join(notes), 0.0)


def _hit(connection: sqlite3.Connection, rowid: int, score: float) -> Hit:
    row = connection.execute("SELECT paper_id, arxiv_id, title, url FROM paper WHERE id = ?", (rowid,))
    paper_id, arxiv_id, title, url = row.fetchone()
    return Hit(paper_id, arxiv_id, title, url, indexing.date_of(rowid), score)


def _relaxed(found: retrieval.Found) -> list[str]:
    if found.complete == found.total:
        return []
    if found.complete == 0:
        return ["No paper has all of these words; these have some."]
    return [f"With all of these words: {found.complete}; the others have some."]
