"""While papers are still being taken in, each answer says so."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3
from pathlib import Path

import pytest
from shelf import TODAY

from bot.library import digests
from bot.library.database import Database
from bot.library.search.following import FIRST
from bot.library.search.index import SearchIndex
from bot.library.service import NONE_YET, NOT_ALL_YET, Library, Page
from bot.model import Digest, Paper
from bot.slack.blocks import similar

NOW = dt.datetime(2025, 10, 1, 12, tzinfo=dt.UTC)
PAPERS = 2 * FIRST


@pytest.fixture
def library(database: Database, index: SearchIndex) -> Library:
    return Library(database, index)


async def ingest(library: Library, *titles: str) -> None:
    papers = tuple(Paper(title, url=f"https://example.org/{title.replace(' ', '-')}") for title in titles)
    async with library.database.begin() as conn:
        await digests.ingest(conn, Digest(TODAY, "daily", papers), path="1.md", now=NOW, postable=True)


async def search(library: Library, text: str) -> Page:
    return await library.search(text, today=TODAY, limit=5)


async def test_a_library_without_papers(library: Library) -> None:
    page = await search(library, "zebra")
    assert page.incomplete and page.results.note == NONE_YET


@pytest.mark.parametrize("text", ["zebra", "after:2025-01-01", ""])
async def test_until_all_are_taken_in(library: Library, text: str) -> None:
    await ingest(library, "Zebra one", "Zebra two")
    page = await search(library, text)
    assert page.incomplete and NOT_ALL_YET in page.results.note
    await library.catch_up()
    page = await search(library, text)
    assert not page.incomplete and NOT_ALL_YET not in page.results.note
    await ingest(library, "Zebra three")
    assert (await search(library, text)).incomplete


async def test_more_like_one(library: Library) -> None:
    await ingest(library, "Zebra one", "Zebra two")
    page = await library.similar(1, limit=5)
    assert page.incomplete
    paper = await library.paper(1)
    assert paper and NOT_ALL_YET in similar.page(paper, [], total=0, note=page.results.note).text


async def test_between_two_batches(library: Library) -> None:
    await ingest(library, *(f"Zebra {number}" for number in range(PAPERS)))
    begun = asyncio.Event()
    building = asyncio.create_task(library.catch_up(lambda _: begun.set()))
    await begun.wait()
    building.cancel()
    await asyncio.wait({building})
    page = await search(library, "zebra")
    assert page.papers and page.incomplete
    await library.catch_up()
    assert not (await search(library, "zebra")).incomplete


async def test_one_byte_of_damage_is_told_of_in_the_answer_and_mended(library: Library, path: Path) -> None:
    await ingest(library, "Zebra one", "Okapi two")
    await library.catch_up()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE paper SET words = CAST(x'ff' || words AS TEXT)")
    connection.close()
    page = await search(library, "zebra")
    assert not page.papers and page.results.note == NOT_ALL_YET
    assert await library.catch_up() == 2
    page = await search(library, "zebra")
    assert [stored.paper.title for stored in page.papers] == ["Zebra one"]
