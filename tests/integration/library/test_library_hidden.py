"""What is not for a member: hidden once, brought back, and nobody else's business."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.library import digests, hidden, papers
from bot.library.database import Database
from bot.model import Digest, Paper

NOW = dt.datetime(2031, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
LISTED = (
    Paper("New", url="https://arxiv.org/abs/3105.00001", arxiv_id="3105.00001", tags=("Audio",)),
    Paper("Old", url="https://arxiv.org/abs/cs/0112017", arxiv_id="cs/0112017"),
    Paper("Elsewhere", url="https://example.org/3105.00001"),
)


@pytest.fixture
async def ids(database: Database) -> tuple[int, ...]:
    async with database.begin() as conn:
        digest = Digest(dt.date(2031, 5, 5), "daily", LISTED)
        return (await digests.ingest(conn, digest, path="05.md", now=NOW, postable=True)).papers


async def test_a_paper_is_hidden_once_and_for_one_member(database: Database, ids: tuple[int, ...]) -> None:
    async with database.begin() as conn:
        for _ in range(2):
            await hidden.hide(conn, "T1", "U1", ids[0], NOW)
        await hidden.hide(conn, "T1", "U1", ids[1], NOW)
    async with database.read() as conn:
        assert await hidden.of(conn, "T1", "U1") == {ids[0], ids[1]}
        assert await hidden.of(conn, "T1", "U2") == await hidden.of(conn, "T2", "U1") == set()


async def test_what_is_brought_back_is_hidden_no_more(database: Database, ids: tuple[int, ...]) -> None:
    async with database.begin() as conn:
        await hidden.hide(conn, "T1", "U1", ids[0], NOW)
        await hidden.hide(conn, "T1", "U2", ids[0], NOW)
        for _ in range(2):
            await hidden.unhide(conn, "T1", "U1", ids[0])
    async with database.read() as conn:
        assert await hidden.of(conn, "T1", "U1") == set()
        assert await hidden.of(conn, "T1", "U2") == {ids[0]}


async def test_papers_are_found_by_their_arxiv_ids(database: Database, ids: tuple[int, ...]) -> None:
    async with database.read() as conn:
        found = await papers.by_arxiv(conn, ["cs/0112017", "3105.00001", "3105.99999", "x" * 900])
        assert await papers.by_arxiv(conn, []) == {}
    assert {one: stored.paper.title for one, stored in found.items()} == {
        "3105.00001": "New",
        "cs/0112017": "Old",
    }
    assert found["3105.00001"].paper.tags == ("Audio",)
