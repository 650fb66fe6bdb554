"""Two planners on one PostgreSQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa

from bot.delivery.planner import Renderers
from bot.delivery.planning import Planning
from bot.library import digests
from bot.library.database import Database
from bot.library.tables import delivered_paper
from bot.model import Digest, Feed, Layout, Paper
from bot.slack.blocks import rendering
from bot.subscriptions import feeds

NOW = dt.datetime(2025, 4, 28, 6, 0, tzinfo=dt.UTC)
TITLES = ("Grasping", "Walking", "Lifting")


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    database = Database(postgres_url)
    yield database
    await database.close()


async def ingest(database: Database, *titles: str) -> None:
    papers = tuple(Paper(title, url=f"https://example.org/{title}") for title in titles)
    async with database.begin() as conn:
        digest = Digest(NOW.date(), "local", papers)
        stored = await digests.ingest(conn, digest, path="today.md", now=NOW, postable=True)
        if stored.status is digests.Status.NEW:
            await feeds.wake_for_arrival(conn, NOW)


async def messages_of_papers(database: Database) -> list[int]:
    """How many carry each paper."""
    async with database.read() as conn:
        counted = sa.select(sa.func.count()).select_from(delivered_paper).group_by(delivered_paper.c.paper_id)
        return list((await conn.execute(counted)).scalars())


async def test_a_paper_that_two_revisions_add_is_planned_once(database: Database) -> None:
    """The second planner starts while the first has not yet committed what it adds."""
    render = Renderers(rendering.digest, rendering.empty, rendering.member, rendering.roundup)
    planning = Planning(database, render, first_run_latest=True, max_age=None, sources=frozenset())
    async with database.begin() as conn:
        await feeds.put(conn, Feed(workspace="T1", channel="C1", layout=Layout.THREAD), NOW)
    await ingest(database, *TITLES[:1])
    await planning.plan(NOW)
    await ingest(database, *TITLES[:2])
    async with database.begin() as first:
        assert await planning.plan_revisions(first, NOW)
        await ingest(database, *TITLES)
        assert not await planning.plan(NOW)
    assert await planning.plan(NOW)
    assert await messages_of_papers(database) == [1, 1, 1]
