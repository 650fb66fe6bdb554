"""An index that was made of another library, or of what a backup took back, is noticed and made anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable

import pytest
from shelf import TODAY, Shelf

from bot.library.search.answering import Results
from bot.library.search.index import SearchIndex
from bot.library.search.indexing import OVERLAP
from bot.model import Paper

PAPERS = 3 * OVERLAP
Ask = Callable[..., Awaitable[Results]]


@pytest.fixture
def shelf(shelf: Shelf) -> Shelf:
    for number in range(1, PAPERS + 1):
        shelf.write(number, Paper(f"Zebra number {number}"), TODAY - dt.timedelta(days=number % 30))
    return shelf


def revise(shelf: Shelf, *numbers: int) -> None:
    for number in numbers:
        shelf.write(number, Paper(f"Okapi number {number}"))


async def test_another_library(ask: Ask, shelf: Shelf) -> None:
    assert (await ask("zebra")).total == PAPERS
    shelf.rows.clear()
    revise(shelf, *range(1, PAPERS + 100))
    assert (await ask("zebra")).total == 0
    assert (await ask("okapi")).total == PAPERS + 99


async def test_another_library_where_the_last_seq_was_written_again(ask: Ask, shelf: Shelf) -> None:
    shelf.rows = {number: shelf.rows[number] for number in (1, 2, 3)}
    assert (await ask("zebra")).total == 3
    shelf.rows.clear()
    revise(shelf, 1, 2, 3, 4, 3)
    assert [seq for seq, _ in await shelf.since(0, 9)] == [1, 2, 4, 5]
    assert (await ask("zebra")).total == 0
    assert (await ask("okapi")).total == 4


async def test_an_older_copy(ask: Ask, shelf: Shelf) -> None:
    assert (await ask("zebra")).total == PAPERS
    del shelf.rows[PAPERS]
    assert (await ask("zebra")).total == PAPERS - 1
    shelf.rows.clear()
    assert (await ask("zebra")).total == 0


@pytest.mark.parametrize("lost", [1, OVERLAP - 1, OVERLAP, 2 * OVERLAP])
@pytest.mark.parametrize("more", [0, 1, 100])
async def test_an_older_copy_that_grew_differently(ask: Ask, shelf: Shelf, lost: int, more: int) -> None:
    assert (await ask("zebra")).total == PAPERS
    for number in range(PAPERS - lost + 1, PAPERS + 1):
        del shelf.rows[number]
    revise(shelf, *range(PAPERS - lost + 1, PAPERS + more + 1), PAPERS)
    assert (await ask("okapi")).total == lost + more
    assert (await ask("zebra")).total == PAPERS - lost


async def test_an_older_copy_where_other_papers_were_written_again(ask: Ask, shelf: Shelf) -> None:
    assert (await ask("zebra")).total == PAPERS
    for number in range(PAPERS - 4, PAPERS + 1):
        del shelf.rows[number]
    revise(shelf, 1, 2, 3, 4, 5, 6)
    assert (await ask("okapi")).total == 6
    assert (await ask("zebra")).total == PAPERS - 5 - 6


@pytest.mark.parametrize("number", [1, OVERLAP - 1, OVERLAP, PAPERS])
async def test_the_same_library_is_known_again_whatever_was_revised(
    index: SearchIndex, shelf: Shelf, number: int
) -> None:
    assert await index.catch_up(shelf.since) == PAPERS
    revise(shelf, *range(PAPERS - number + 1, PAPERS + 1))
    assert await index.catch_up(shelf.since) == number
    assert await index.catch_up(shelf.since) == 0
