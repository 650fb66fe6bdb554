"""A build of several batches, prepared by a helper that may die, is the same as small steps."""

from __future__ import annotations

import asyncio
import gc
import os
import pickle
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest
from shelf import TODAY, Shelf

from bot.library.query import parse
from bot.library.search.acronyms import Acronyms
from bot.library.search.answering import Page
from bot.library.search.following import BATCH, FIRST
from bot.library.search.helper import Helper, able
from bot.library.search.index import SearchIndex
from bot.library.search.preparing import prepare
from bot.library.search.vocabulary import COMMON
from bot.model import Paper, StoredPaper

PAPERS = 4 * BATCH + 10
KEPT = {
    "paper": "SELECT * FROM paper ORDER BY id",
    "term": "SELECT term, stem, papers, titles FROM term ORDER BY term",
    "common": "SELECT term FROM common ORDER BY term",
    "start": "SELECT id FROM start ORDER BY id",
    "acronym": "SELECT short, long, papers FROM acronym ORDER BY long, short",
    "tag": "SELECT name FROM tag ORDER BY name",
    "progress": "SELECT * FROM progress",
}


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    shelf = Shelf()
    for number in range(1, PAPERS + 1):
        told = ["Grazing herd units (GHU)."] if number in (FIRST + 1, FIRST + BATCH + 1) else []
        paper = Paper(
            title=f"Zebra{number % 900} number {number}",
            arxiv_id=f"2501.{number:05}",
            summary=(f"Large language models (LLM) of herd{number % 77}, well-known as {number:x}.", *told),
            tags=("Robotics" if number % 2 else "Other",),
        )
        shelf.rows[number] = (number, StoredPaper(number, paper, TODAY))
    return shelf


def content(path: Path) -> dict[str, list[Any]]:
    with sqlite3.connect(path) as connection:
        kept = {table: connection.execute(select).fetchall() for table, select in KEPT.items()}
    connection.close()
    return kept


async def build(path: Path, shelf: Shelf) -> list[int]:
    index = SearchIndex(path)
    assert await index.catch_up(shelf.since) == PAPERS
    found = await found_by(index)
    index.close()
    return found


async def found_by(index: SearchIndex) -> list[int]:
    queries = "zebra7", "zebar12 number", "LLM herd5", "wellknown", "tag:robotics herd9"
    pages = [await index.search(parse(text, today=TODAY), Page(20)) for text in queries]
    return [hit.paper_id for page in pages for hit in page.hits]


async def test_built_at_once_and_in_steps_it_is_the_same(tmp_path: Path, shelf: Shelf) -> None:
    at_once = await build(tmp_path / "once.db", shelf)
    index = SearchIndex(tmp_path / "steps.db")
    growing = Shelf()
    for upto in (700, 1500, 1550, 2750, PAPERS):
        growing.rows = {number: row for number, row in shelf.rows.items() if number <= upto}
        await index.catch_up(growing.since)
    assert await found_by(index) == at_once
    index.close()
    one, other = content(tmp_path / "once.db"), content(tmp_path / "steps.db")
    assert one == other
    assert one["common"] == [(term,) for term, _, papers, _ in one["term"] if papers >= COMMON]


async def test_the_helper_prepares_what_this_process_would(shelf: Shelf) -> None:
    papers = [stored for _, stored in await shelf.since(0, 50)]
    known = Acronyms.of([("llm", "larg languag model")])
    with Helper() as helper:
        assert await helper.prepare(papers, known) == prepare(papers, known)


async def test_without_its_helper_the_build_goes_on(tmp_path: Path, shelf: Shelf) -> None:
    index = SearchIndex(tmp_path / "search.db")
    killed: list[int] = []

    def kill_helper(_papers: int) -> None:
        for child in children():
            os.kill(child, signal.SIGKILL)
            killed.append(child)

    assert await index.catch_up(shelf.since, kill_helper) == PAPERS
    assert len(await found_by(index)) > 20
    index.close()
    assert killed or not able()
    assert not children()


async def cancelled(index: SearchIndex, shelf: Shelf) -> None:
    """A build that was cancelled after its first batch."""
    begun = asyncio.Event()
    building = asyncio.create_task(index.catch_up(shelf.since, lambda _: begun.set()))
    await begun.wait()
    building.cancel()
    with pytest.raises(asyncio.CancelledError):
        await building


async def test_a_build_that_is_cancelled_leaves_no_helper_and_goes_on_later(
    tmp_path: Path, shelf: Shelf
) -> None:
    index = SearchIndex(tmp_path / "search.db")
    await cancelled(index, shelf)
    assert not children()
    assert 0 < await index.catch_up(shelf.since) < PAPERS
    assert len(await found_by(index)) > 20
    index.close()


def test_a_build_that_is_cancelled_complains_of_nothing(
    tmp_path: Path, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    index = SearchIndex(tmp_path / "search.db")
    asyncio.run(cancelled(index, shelf))
    index.close()
    gc.collect()  # a future that nobody asked for its error tells it when it goes
    assert not caplog.records


BUILDER = """
import asyncio, pickle, sys
from pathlib import Path
from bot.library.search.index import SearchIndex

rows = pickle.loads(Path(sys.argv[2]).read_bytes())

async def fetch(seq, limit):
    return rows[seq : seq + limit]

async def main():
    await SearchIndex(Path(sys.argv[1])).catch_up(fetch, lambda papers: print(papers, flush=True))

asyncio.run(main())
"""


def kill_after_a_batch(command: Sequence[str]) -> None:
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        process.kill()


async def test_a_build_that_is_killed_goes_on_where_it_was(tmp_path: Path, shelf: Shelf) -> None:
    (tmp_path / "rows").write_bytes(pickle.dumps(list(shelf.rows.values())))
    command = [sys.executable, "-c", BUILDER, str(tmp_path / "search.db"), str(tmp_path / "rows")]
    await asyncio.to_thread(kill_after_a_batch, command)
    index = SearchIndex(tmp_path / "search.db")
    assert 0 < await index.catch_up(shelf.since) < PAPERS
    index.close()
    await build(tmp_path / "whole.db", shelf)
    one, other = content(tmp_path / "search.db"), content(tmp_path / "whole.db")
    assert one == other


def children() -> list[int]:
    """The helpers that this process started, in whichever thread."""
    return [
        child.pid
        for child in psutil.Process().children()
        if child.status() != psutil.STATUS_ZOMBIE and "bot.library.search.helper" in child.cmdline()
    ]
