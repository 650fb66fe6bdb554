"""What an index's file says that can't be is no error for anybody: the file is made anew."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest
from shelf import TODAY, Shelf
from structlog.testing import capture_logs

from bot.errors import LibraryError
from bot.library.query import parse
from bot.library.search.answering import Page, Results
from bot.library.search.file import IndexFile
from bot.library.search.index import NOT_NOW, SearchIndex
from bot.model import Paper

PAPERS = 40
SEEDS = range(36)
Ask = Callable[..., Awaitable[Results]]


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    shelf, chance = Shelf(), random.Random(7)
    words = ["".join(chance.choices("abcdefghij", k=chance.randint(3, 9))) for _ in range(500)]
    for number in range(1, PAPERS + 1):
        points = tuple(f"Large language models (LLM): {' '.join(chance.sample(words, 30))}" for _ in range(3))
        title = f"Zebra zebra{number}x {' '.join(chance.sample(words, 4))}"
        shelf.write(number, Paper(title, summary=points, tags=("Robotics",), arxiv_id=f"2501.{number:05}"))
    return shelf


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, shelf: Shelf) -> Path:
    """An index file without a log beside it."""
    path = tmp_path_factory.mktemp("whole") / "search.db"
    index = SearchIndex(path)
    asyncio.run(index.catch_up(shelf.since))
    index.close()
    return path


@pytest.fixture
def path(tmp_path: Path, whole: Path) -> Path:
    path = tmp_path / "search.db"
    shutil.copyfile(whole, path)
    return path


async def search(index: SearchIndex, text: str) -> list[int]:
    asked = parse(text, today=TODAY, known=await index.tags())
    return [hit.paper_id for hit in (await index.search(asked, Page(10))).hits]


async def use(index: SearchIndex) -> list[int]:
    """All that members do; returns the papers that are found by their own word."""
    for text in ("zebar", "LLM zebra", "tag:robotics", "2501.00007", "after:2025-09-20 zebra", "zeb"):
        await search(index, text)
    await index.similar(7, Page(10))
    return [number for number in range(1, PAPERS + 1) if await search(index, f"zebra{number}x") == [number]]


def no_utf8(path: Path) -> None:
    content = path.read_bytes()
    at = content.index(b"zebra zebra9x") + 3
    path.write_bytes(content[:at] + b"\xff" + content[at + 1 :])


def changed(statement: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(statement)

    return change


DAMAGES = {
    "no UTF-8": no_utf8,
    "not unpacked": changed("UPDATE paper SET words = replace(words, char(10), ' ') WHERE paper_id = 9"),
    "no text": changed("UPDATE paper SET words = CAST(words AS BLOB), title = x'00' WHERE paper_id = 9"),
    "no row": changed("DELETE FROM paper WHERE paper_id = 9"),
    "another row": changed("UPDATE paper SET paper_id = 9000 WHERE paper_id = 9"),
    "no progress": changed("DELETE FROM progress"),
    "strange progress": changed("UPDATE progress SET seq = 'far'"),
    "strange tag": changed("INSERT INTO tag VALUES (x'ff00')"),
    "strange acronym": changed("UPDATE acronym SET short = x'ff00'"),
    "strange counts": changed("UPDATE term SET papers = 'many', titles = 'few'"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
async def test_what_cannot_be_is_made_anew(path: Path, shelf: Shelf, damage: Callable[[Path], None]) -> None:
    damage(path)
    index = SearchIndex(path)
    with capture_logs() as logged:
        await use(index)
        shelf_with_one_more = Shelf()
        shelf_with_one_more.rows = dict(shelf.rows)
        shelf_with_one_more.write(PAPERS + 1, Paper("Large language models (LLM) again"))
        await index.catch_up(shelf_with_one_more.since)
    assert await use(index) == list(range(1, PAPERS + 1))
    index.close()
    [told] = logged
    assert "made anew" in told["event"] and isinstance(told["exc_info"], Exception)


def flip_bits(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 8)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def empty_a_page(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(content) // 4096) * 4096
    content[at : at + 4096] = bytes(4096)


def write_over(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(content) - 16)
    content[at : at + 16] = chance.randbytes(16)


def damaged(whole: Path, path: Path, seed: int) -> SearchIndex:
    chance, content = random.Random(seed), bytearray(whole.read_bytes())
    (flip_bits, empty_a_page, write_over)[seed % 3](content, chance)
    path.write_bytes(bytes(content))
    return SearchIndex(path)


async def test_damage_anywhere_raises_nothing_and_what_was_noticed_is_mended(
    path: Path, whole: Path, shelf: Shelf
) -> None:
    """Not all can be noticed: where another letter came to stand in a word, that is the word."""
    mended = 0
    for seed in SEEDS:
        index = damaged(whole, path, seed)
        with capture_logs() as logged:
            await use(index)
            await index.catch_up(shelf.since)
        found = await use(index)
        index.close()
        if logged:
            mended += 1
            assert found == list(range(1, PAPERS + 1)), seed
    assert mended


def test_a_mistake_of_ours_costs_one_file_and_is_told(path: Path) -> None:
    file = IndexFile(path)

    def mistaken(connection: sqlite3.Connection) -> None:
        raise IndexError(connection)

    made = path.stat().st_ino
    holding = path.open("rb")  # so that its inode is given to no other
    with capture_logs(), pytest.raises(IndexError):
        file.run(mistaken)
    anew = path.stat().st_ino
    with pytest.raises(IndexError):
        file.run(mistaken)
    assert made != anew == path.stat().st_ino
    holding.close()
    file.close()


@pytest.mark.parametrize("error", [OSError("no"), MemoryError(), RecursionError(), AssertionError()])
def test_what_is_not_the_files_fault_leaves_it(path: Path, error: Exception) -> None:
    file = IndexFile(path)

    def failing(connection: sqlite3.Connection) -> None:
        raise error

    with pytest.raises((type(error), LibraryError)):
        file.run(failing)
    assert file.run(lambda connection: connection.execute("SELECT papers FROM progress").fetchone()) == (
        PAPERS,
    )
    file.close()


async def test_a_member_is_told_neither_path_nor_cause_and_the_log_is(tmp_path: Path, shelf: Shelf) -> None:
    (tmp_path / "file").touch()
    index = SearchIndex(tmp_path / "file" / "search.db")
    with capture_logs() as logged, pytest.raises(LibraryError) as told:
        await index.search(parse("zebra", today=TODAY), Page(10))
    assert told.value.user_message == NOT_NOW
    assert logged[0]["log_level"] == "error"
    with pytest.raises(LibraryError, match="may write there"):
        await index.catch_up(shelf.since)
    index.close()
