"""Newest first is the same papers in another order, however many there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bot.library.query import parse
from bot.library.search.answering import Order, Page
from bot.library.search.index import SearchIndex
from bot.model import Paper, StoredPaper

TODAY = dt.date(2025, 10, 1)
NUMBER = 150


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[SearchIndex]:
    async def since(seq: int, limit: int) -> Sequence[tuple[int, StoredPaper]]:
        return [(n, paper(n)) for n in range(1, NUMBER + 1) if n > seq][:limit]

    index = SearchIndex(tmp_path / "search.db")
    await index.catch_up(since)
    yield index
    index.close()


def paper(number: int) -> StoredPaper:
    title = f"Zebra {'Stripes ' * (number % 3)}{number}" if number % 5 else f"Stripes {number}"
    return StoredPaper(number, Paper(title=title), TODAY - dt.timedelta(days=number * 7 % NUMBER))


async def pages(index: SearchIndex, text: str) -> list[int]:
    found: list[int] = []
    while True:
        results = await index.search(parse(text, today=TODAY), Page(20, len(found), Order.NEWEST))
        if not results.hits:
            assert results.total == len(found)
            return found
        found += [hit.paper_id for hit in results.hits]
        assert all(match.found for hit in results.hits for match in hit.matches)
        assert all(hit.matches for hit in results.hits), "each can be marked"


@pytest.mark.parametrize("text", ["zebra", "zebra stripes", "zebr stripe"])
async def test_every_paper_with_all_words_by_its_date(index: SearchIndex, text: str) -> None:
    wanted = [
        number for number in range(1, NUMBER + 1) if number % 5 and (number % 3 or "stripe" not in text)
    ]
    found = await pages(index, text)
    assert sorted(found) == wanted
    days = [paper(number).date for number in found]
    assert days == sorted(days, reverse=True)


async def test_where_no_paper_has_all_words_those_with_some_by_their_date(index: SearchIndex) -> None:
    found = await pages(index, "zebra okapi")
    days = [paper(number).date for number in found]
    assert found and days == sorted(days, reverse=True)
