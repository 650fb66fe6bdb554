"""Search as the bot uses it: never on the event loop, in step with the library, mended without a word."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.library.query import Query
from bot.library.search import indexing, similar
from bot.library.search.answering import Page, Results, answer
from bot.library.search.file import IndexFile, transaction
from bot.library.search.following import Fetch, Follower, Told
from bot.library.search.helper import Helper

T = TypeVar("T")
THREADS = 3


def untold(papers: int) -> None:
    """For those who don't ask."""


class SearchIndex:
    """Raises LibraryError where the file can be neither used nor made anew."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = IndexFile(path)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="search")
        self._catching_up = asyncio.Lock()

    async def seq(self) -> int:
        """Up to where the library has been followed."""
        return (await self._run(indexing.progress)).seq

    async def catch_up(self, fetch: Fetch, told: Told = untold) -> int:
        """Take in what the library has written since; `fetch(seq, limit)` gives what comes after `seq`."""
        async with self._catching_up:
            with Helper() as helper:
                return await Follower(self._run, fetch, told, helper).follow()

    async def search(self, query: Query, page: Page) -> Results:
        begun = time.perf_counter()
        results = await self._run(partial(_reading, partial(answer, query=query, page=page)))
        return replace(results, ms=(time.perf_counter() - begun) * 1000)

    async def similar(self, paper_id: int, page: Page) -> Results:
        """More like this one, without it; nothing for a paper that is not there."""
        begun = time.perf_counter()
        results = await self._run(partial(_reading, partial(similar.answer, paper_id=paper_id, page=page)))
        return replace(results, ms=(time.perf_counter() - begun) * 1000)

    async def tags(self) -> frozenset[str]:
        """Every tag that a paper has carried."""
        return await self._run(_tags)

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)
        self._file.close()

    async def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._file.run, work)


def _reading(work: Callable[[sqlite3.Connection], T], connection: sqlite3.Connection) -> T:
    """Of one state of the index, whatever another process writes meanwhile."""
    with transaction(connection, "DEFERRED"):
        return work(connection)


def _tags(connection: sqlite3.Connection) -> frozenset[str]:
    return frozenset(name for (name,) in connection.execute("SELECT name FROM tag"))
