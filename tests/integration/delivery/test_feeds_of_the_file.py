"""Feeds of the configuration file as rows, made equal to it at each start; on both databases."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import sqlalchemy as sa

from bot.library import digests
from bot.library.database import Database
from bot.library.tables import feed
from bot.model import Digest, Feed, Paper
from bot.subscriptions import feeds

TEAM = "T1"
FRIDAY = dt.datetime(2025, 5, 2, 6, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
OURS = Feed(TEAM, "C1", timezone="Europe/Berlin")


async def test_a_file_that_did_not_change_asks_as_little_for_many_feeds_as_for_one(
    database: Database,
) -> None:
    asked: list[str] = []
    wanted = [replace(OURS, channel=f"C{number}") for number in range(20)]

    async def statements(some: list[Feed]) -> int:
        asked.clear()
        async with database.begin() as conn:
            await feeds.sync(conn, TEAM, some, FRIDAY)
        return len(asked)

    sa.event.listen(
        database.engine.sync_engine, "before_cursor_execute", lambda *given: asked.append(given[2])
    )
    await statements(wanted)
    many = await statements(wanted)
    await statements(wanted[:1])
    assert await statements(wanted[:1]) == many


async def test_the_file_s_feed_runs_again_after_a_restart_as_the_file_now_says(database: Database) -> None:
    async with database.begin() as conn:
        await feeds.sync(conn, TEAM, [OURS, replace(OURS, channel="C2")], FRIDAY)
        for one in await feeds.all_of(conn, TEAM):
            await feeds.pause(conn, one.id, "is_archived", FRIDAY)
        book = Digest(FRIDAY.date(), "local", (Paper("A", url="https://example.org/A"),))
        await digests.ingest(conn, book, path="x.md", now=FRIDAY, postable=True)
    changed = replace(OURS, filter="tag:audio", post_at=dt.time(9))
    async with database.begin() as conn:
        await feeds.sync(conn, TEAM, [changed, replace(OURS, channel="C2")], FRIDAY)
        rows = list(await conn.execute(sa.select(feed).order_by(feed.c.channel)))
    assert [(row.paused, row.paused_at, row.filter) for row in rows] == [
        (None, None, "tag:audio"),
        (None, None, ""),
    ]
    assert rows[0].next_at == FRIDAY + HOUR  # nine in Berlin
    assert [row.after_digest for row in rows] == [1, 1], "what came meanwhile would be a flood"
