"""The index follows the library, and whatever becomes of its file costs a rebuild and no error."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest
from shelf import TODAY, Shelf

from bot.library.query import parse
from bot.library.search.answering import Page, Results
from bot.library.search.index import SearchIndex
from bot.model import Paper

Ask = Callable[..., Awaitable[Results]]


@pytest.fixture
def shelf(shelf: Shelf) -> Shelf:
    for number in range(1, 501):  # some batches
        shelf.write(number, Paper(title=f"Zebra number {number}"), TODAY - dt.timedelta(days=number % 30))
    return shelf


async def test_takes_in_what_is_new_once(index: SearchIndex, shelf: Shelf, ask: Ask) -> None:
    assert await index.catch_up(shelf.since) == 500
    assert await index.catch_up(shelf.since) == 0
    shelf.write(501, Paper(title="Okapi"))
    assert await index.catch_up(shelf.since) == 1
    assert (await ask("okapi")).total == 1


async def test_a_paper_written_again_replaces_what_it_was(shelf: Shelf, ask: Ask) -> None:
    assert (await ask("zebra")).total == 500
    shelf.write(7, Paper(title="Okapi"), TODAY + dt.timedelta(days=1))
    assert (await ask("zebra")).total == 499
    [hit] = (await ask("okapi")).hits
    assert (hit.paper_id, hit.date) == (7, TODAY + dt.timedelta(days=1))


@pytest.mark.parametrize("title", ["Okapi", "Okapi \ud800"])
async def test_the_last_paper_written_again_is_all_that_is_taken_in(
    index: SearchIndex, shelf: Shelf, title: str
) -> None:
    await index.catch_up(shelf.since)
    for _ in range(2):
        shelf.write(500, Paper(title=title))
        assert await index.catch_up(shelf.since) == 1
        assert await index.catch_up(shelf.since) == 0


def counted(path: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT * FROM term WHERE papers > 0 ORDER BY term").fetchall()
        rows += connection.execute("SELECT * FROM progress").fetchall()
    connection.close()
    return rows


async def test_papers_written_again_are_counted_as_in_a_new_file(
    index: SearchIndex, path: Path, tmp_path: Path, shelf: Shelf
) -> None:
    await index.catch_up(shelf.since)
    for number in range(7, 500, 70):
        shelf.write(number, Paper(title="Okapi", summary=(f"Number {number}.",)))
    await index.catch_up(shelf.since)
    new = SearchIndex(tmp_path / "new.db")
    await new.catch_up(shelf.since)
    new.close()
    assert counted(path) == counted(tmp_path / "new.db")


async def test_two_at_once_take_in_each_paper_once(index: SearchIndex, shelf: Shelf) -> None:
    assert sum(await asyncio.gather(*(index.catch_up(shelf.since) for _ in range(4)))) == 500


async def test_two_indexes_of_one_file(index: SearchIndex, path: Path, shelf: Shelf, ask: Ask) -> None:
    other = SearchIndex(path)
    taken = await asyncio.gather(index.catch_up(shelf.since), other.catch_up(shelf.since))
    other.close()
    assert sum(taken) == 500
    assert (await ask("zebra")).total == 500


def spoil_bytes(path: Path) -> None:
    path.write_bytes(b"\x00\xff" * 10_000)


def tear(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def tear_inside(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xa5" * (len(content) - 8192)
    path.write_bytes(bytes(content))


def drop_tables(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE text")
    connection.close()


def delete(path: Path, suffixes: Sequence[str] = ("", "-wal", "-shm")) -> None:
    for suffix in suffixes:
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def from_another_version(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE invented_later (x)")
        connection.execute("PRAGMA user_version = 99")
    connection.close()


def from_before_versions(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE text (x)")
    connection.close()


SPOILERS = [
    delete, spoil_bytes, tear, tear_inside, drop_tables,
    from_another_version, from_before_versions,
]  # fmt: skip


@pytest.mark.parametrize("spoil", SPOILERS)
async def test_a_spoilt_file_is_made_anew_at_the_start(
    path: Path, shelf: Shelf, spoil: Callable[[Path], None]
) -> None:
    before = SearchIndex(path)
    await before.catch_up(shelf.since)
    before.close()
    spoil(path)
    after = SearchIndex(path)
    await after.search(parse("zebra", today=TODAY), Page(10))
    await after.catch_up(shelf.since)
    results = await after.search(parse("zebra", today=TODAY), Page(10))
    after.close()
    assert results.total == 500


async def test_a_file_that_another_process_made_anew_is_read(
    index: SearchIndex, path: Path, shelf: Shelf, ask: Ask
) -> None:
    assert (await ask("zebra")).total == 500
    delete(path)
    shelf.write(501, Paper(title="Okapi"))
    other = SearchIndex(path)
    await other.catch_up(shelf.since)
    other.close()
    assert (await index.search(parse("okapi", today=TODAY), Page(10))).total == 1


@pytest.mark.parametrize("suffixes", [[""], ["", "-wal", "-shm"]])
async def test_a_file_deleted_meanwhile_is_made_anew(
    path: Path, shelf: Shelf, ask: Ask, suffixes: list[str]
) -> None:
    assert (await ask("zebra")).total == 500
    delete(path, suffixes)
    assert (await ask("zebra")).total == 500


async def test_searches_go_on_while_the_file_is_deleted_again_and_again(
    index: SearchIndex, path: Path, shelf: Shelf, ask: Ask
) -> None:
    async def search() -> None:
        for _ in range(40):
            await index.search(parse("zebra", today=TODAY), Page(10))

    async def rebuild() -> None:
        for _ in range(5):
            await index.catch_up(shelf.since)
            delete(path, [""])

    await asyncio.gather(search(), search(), search(), rebuild())
    assert (await ask("zebra")).total == 500


SEARCHER = """
import asyncio, sys
from datetime import date
from pathlib import Path
from bot.library.query import parse
from bot.library.search.answering import Page
from bot.library.search.index import SearchIndex
from bot.model import Paper, StoredPaper

async def main(path):
    day = date(2025, 10, 1)
    rows = [(n, StoredPaper(n, Paper(title=f"Zebra number {n}"), day)) for n in range(1, 1001)]
    async def fetch(seq, limit):
        return rows[seq : seq + limit]
    index = SearchIndex(Path(path))
    taken = await index.catch_up(fetch)
    found = await index.search(parse("zebra", today=day), Page(1))
    index.close()
    print(taken, found.total)

asyncio.run(main(sys.argv[1]))
"""


def test_several_processes_build_one_index(path: Path) -> None:
    command = [sys.executable, "-c", SEARCHER, str(path)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    told = [process.communicate()[0].split() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sum(int(taken) for taken, _ in told) == 1000
    assert {total for _, total in told} == {"1000"}
