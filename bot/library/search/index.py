"""Search as the bot uses it: never on the event loop, in step with the library, mended without a word."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog

from bot.errors import LibraryError
from bot.library.query import Query
from bot.library.search import indexing, similar
from bot.library.search.answering import Page, Results, answer
from bot.library.search.documents import Torn
from bot.library.search.file import IndexFile, transaction
from bot.library.search.following import Fetch, Follower, Told
from bot.library.search.helper import Helper

log = structlog.get_logger(__name__)

T = TypeVar("T")
THREADS = 3
NOT_NOW = "Papers can’t be searched right now. Try again in a few minutes."


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
        return await self._timed(partial(answer, query=query, page=page))

    async def similar(self, paper_id: int, page: Page, without: Collection[int] = ()) -> Results:
        """More like this one, without it and those; nothing for a paper that is not there."""
        return await self._timed(partial(similar.answer, paper_id=paper_id, page=page, without=without))

    async def tags(self) -> frozenset[str]:
        """Every tag that a paper has carried."""
        return await self._ask(_tags)

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)
        self._file.close()

    async def _timed(self, work: Callable[[sqlite3.Connection], Results]) -> Results:
        begun = time.perf_counter()
        results = await self._ask(partial(_reading, work))
        return replace(results, ms=(time.perf_counter() - begun) * 1000)

    async def _ask(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """For a member, who can mend nothing: what is wrong is for the log."""
        try:
            return await self._run(work)
        except LibraryError as error:
            log.exception("papers can't be searched")
            raise LibraryError(NOT_NOW) from error

    async def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._file.run, work)


def _reading(work: Callable[[sqlite3.Connection], Results], connection: sqlite3.Connection) -> Results:
    """Of one state of the index, whatever another process writes meanwhile."""
    with transaction(connection, "DEFERRED"):
        seq = indexing.progress(connection).seq
        return replace(work(connection), seq=seq)


def _tags(connection: sqlite3.Connection) -> frozenset[str]:
    names = frozenset(name for (name,) in connection.execute("SELECT name FROM tag"))
    if not all(isinstance(name, str) for name in names):
        raise Torn(f"tags: {names}")
    return names
