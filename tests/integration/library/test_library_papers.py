"""Reading papers back, finding one by what a person has of it, and keeping some."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.library import digests, papers
from bot.library.database import Database
from bot.model import Digest, Paper

NOW = dt.datetime(2031, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
LISTED = (
    Paper("Plain", url="https://arxiv.org/abs/3105.00001", arxiv_id="3105.00001", tags=("Audio", "Robotics")),
    Paper("Old style", url="https://arxiv.org/abs/cs/0112017", arxiv_id="cs/0112017", tags=("Robotics",)),
    Paper("Elsewhere", url="https://example.org/papers/elsewhere.pdf"),
    Paper("Numbered", url="https://example.org/reports/3105.00002"),
    Paper("Long", url="https://example.org/" + "a" * 3000),
)


@pytest.fixture
async def ids(database: Database) -> tuple[int, ...]:
    async with database.begin() as conn:
        digest = Digest(dt.date(2031, 5, 5), "daily", LISTED)
        return (await digests.ingest(conn, digest, path="05.md", now=NOW, postable=True)).papers


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("3105.00001", "Plain"),
        (" 3105.00001v7 ", "Plain"),
        ("arXiv:3105.00001", "Plain"),
        ("https://arxiv.org/pdf/3105.00001v2.pdf", "Plain"),
        ("http://www.arxiv.org/abs/3105.00001?context=cs#top", "Plain"),
        ("https://huggingface.co/papers/3105.00001", "Plain"),
        ("cs/0112017v1", "Old style"),
        ("https://arxiv.org/abs/cs/0112017", "Old style"),
        ("https://example.org/papers/elsewhere.pdf", "Elsewhere"),
        ("https://example.org/reports/3105.00002", "Numbered"),
        ("https://example.org/" + "a" * 3000, "Long"),
        ("3105.99999", None),
        ("no such thing", None),
        ("", None),
        ("\0\ud800", None),
    ],
)
async def test_a_paper_is_found_by_id_or_link(
    database: Database, ids: tuple[int, ...], text: str, title: str | None
) -> None:
    async with database.read() as conn:
        found = await papers.find(conn, text)
    assert (found.paper.title if found else None) == title


async def test_only_papers_that_exist_are_returned(database: Database, ids: tuple[int, ...]) -> None:
    async with database.read() as conn:
        found = await papers.get(conn, [ids[1], ids[0], ids[1], -1])
        assert await papers.get(conn, []) == {}
    assert found.keys() == {ids[0], ids[1]}
    assert found[ids[0]].paper == LISTED[0]


async def test_tags_are_counted(database: Database, ids: tuple[int, ...]) -> None:
    async with database.read() as conn:
        assert await papers.tags(conn) == [("Robotics", 2), ("Audio", 1)]


async def test_the_index_follows_page_by_page(database: Database, ids: tuple[int, ...]) -> None:
    async with database.read() as conn:
        first = await papers.since_seq(conn, 0, 3)
        rest = await papers.since_seq(conn, first[-1][0], 3)
        assert await papers.since_seq(conn, rest[-1][0], 3) == []
    assert [stored.id for _, stored in first + rest] == list(ids)


async def test_a_member_saves_and_lets_go(database: Database, ids: tuple[int, ...]) -> None:
    async with database.begin() as conn:
        await papers.save(conn, "T1", "U1", ids[0], NOW)
        await papers.save(conn, "T1", "U1", ids[1], NOW + dt.timedelta(hours=1))
        await papers.save(conn, "T1", "U1", ids[0], NOW + dt.timedelta(hours=2))
        await papers.save(conn, "T2", "U1", ids[2], NOW)
    async with database.read() as conn:
        assert [one.id for one in await papers.saved(conn, "T1", "U1")] == [ids[1], ids[0]]
        assert [one.id for one in await papers.saved(conn, "T2", "U1")] == [ids[2]]
    async with database.begin() as conn:
        await papers.unsave(conn, "T1", "U1", ids[1])
        await papers.unsave(conn, "T1", "U1", ids[1])
    async with database.read() as conn:
        assert [one.id for one in await papers.saved(conn, "T1", "U1")] == [ids[0]]
