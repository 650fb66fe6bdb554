"""Words that more papers have than a query may read: these are told apart by what else they have."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator

import pytest
from shelf import TODAY, Shelf

from bot.library.query import parse
from bot.library.search.answering import Page, Results
from bot.library.search.index import SearchIndex
from bot.library.search.tuning import GATHERING
from bot.model import Paper, StoredPaper

PAPERS = 2 * (GATHERING.rows + 300)
HERDS = GATHERING.best + 50
TITLED = 200


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    """The higher its number, the newer a paper; the first ones are the oldest by far."""
    shelf = Shelf()
    for number in range(1, PAPERS + 1):
        said = ["Gnu"] if number <= HERDS else []
        said += ["Zebra"] if number % 2 == 0 and not 10 < number <= HERDS else []
        said += ["Okapi"] if number % 4 < 2 and number <= PAPERS - 100 else []
        said += ["Quagga"] if number in (3, 5_000) else []
        title = "Zebra" if number == TITLED else "Animals"
        paper = Paper(title=title, summary=(f"{' and '.join(said)}.",))
        day = TODAY - dt.timedelta(days=(PAPERS - number) // 100)
        shelf.rows[number] = (number, StoredPaper(number, paper, day))
    index = SearchIndex(tmp_path_factory.mktemp("search") / "search.db")
    asyncio.run(index.catch_up(shelf.since))
    yield index
    index.close()


def search(index: SearchIndex, text: str) -> Results:
    return asyncio.run(index.search(parse(text, today=TODAY), Page(20)))


def ids(results: Results) -> list[int]:
    return [hit.paper_id for hit in results.hits]


def test_a_common_word_alone_is_found_in_a_title_however_old(index: SearchIndex) -> None:
    results = search(index, "zebra")
    assert ids(results)[:2] == [TITLED, PAPERS]
    assert results.many


def test_what_has_several_common_words_comes_before_what_has_one(index: SearchIndex) -> None:
    results = search(index, "zebra okapi")
    assert ids(results)[:2] == [PAPERS - 100, PAPERS - 104]
    assert results.many


def test_a_common_word_beside_a_rare_one_tells_apart_those_that_have_the_rare_one(index: SearchIndex) -> None:
    assert ids(search(index, "quagga zebra"))[:2] == [5_000, 3]
    assert sorted(ids(search(index, "gnu zebra"))[:5]) == [2, 4, 6, 8, 10]


def test_a_total_is_told_where_a_condition_lets_few_through(index: SearchIndex) -> None:
    results = search(index, f"okapi before:{TODAY - dt.timedelta(days=PAPERS // 100 - 2)}")
    assert (results.total, results.many) == (50, False)  # every other one of the oldest hundred
