"""Page after page shows every paper once, however deep, and tells no total that isn't so."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from shelf import TODAY, Shelf

from bot.library.query import parse
from bot.library.search.answering import Order, Page, Results
from bot.library.search.index import SearchIndex
from bot.model import Paper

PAPERS = 260  # of which 100 are reranked
STEP = 30


@pytest.fixture
async def index(path: Path) -> AsyncIterator[SearchIndex]:
    shelf = Shelf()
    for number in range(1, PAPERS + 1):
        title = f"Zebra {'stripes' if number % 3 else 'hooves'} {'by night' if number % 7 else 'by day'}"
        date = TODAY - dt.timedelta(days=number * 11 % 60)
        shelf.write(number, Paper(title=title, tags=("CV",) if number % 2 else ("NLP",)), date)
    index = SearchIndex(path)
    await index.catch_up(shelf.since)
    yield index
    index.close()


async def walked(ask: Callable[[int], Awaitable[Results]]) -> list[int]:
    """Every paper, page by page."""
    found: list[int] = []
    while hits := (results := await ask(len(found))).hits:
        found += [hit.paper_id for hit in hits]
        assert len(hits) == STEP or results.total == len(found)
    assert not results.many
    assert results.total == len(found)
    return found


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("zebra", lambda number: True),
        ("zebra night", lambda number: number % 7),
        ("zebra tag:cv", lambda number: number % 2),
        ('"zebra stripes"', lambda number: number % 3),
        ('"zebra stripes" night', lambda number: number % 3 and number % 7),
        ('"stripes zebra"', lambda number: False),
        ("tag:cv", lambda number: number % 2),
        ("-tag:cv", lambda number: not number % 2),
    ],
)
async def test_each_paper_is_on_one_page(
    index: SearchIndex, order: Order, text: str, wanted: Callable[[int], bool]
) -> None:
    query = parse(text, today=TODAY)
    found = await walked(lambda offset: index.search(query, Page(STEP, offset, order)))
    assert len(found) == len(set(found))
    assert set(found) >= {number for number in range(1, PAPERS + 1) if wanted(number)}
    if "night" not in text:  # which isn't asked of every paper
        assert all(map(wanted, found))


async def test_more_like_one_goes_on_page_by_page(index: SearchIndex) -> None:
    found = await walked(lambda offset: index.similar(7, Page(STEP, offset)))
    assert sorted(found) == [number for number in range(1, PAPERS + 1) if number != 7]


async def test_what_is_not_counted_is_many(path: Path) -> None:
    shelf = Shelf()
    for number in range(1, 1_102):
        shelf.write(number, Paper(title=f"Zebra stripes {number}"))
    index = SearchIndex(path)
    await index.catch_up(shelf.since)
    for text in ('"zebra stripes"', "-robots"):
        results = await index.search(parse(text, today=TODAY), Page(5))
        assert (results.total, results.many) == (1_000, True)
    results = await index.search(parse("zebra", today=TODAY), Page(5))
    assert (results.total, results.many) == (1_101, False)
    results = await index.search(parse("zebra", today=TODAY), Page(5, order=Order.NEWEST))
    assert (results.total, results.many) == (1_000, True)
    index.close()
