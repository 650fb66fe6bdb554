"""Silent sources: who is told, and how often."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Collection
from dataclasses import replace

import sqlalchemy as sa

from bot.delivery.silence_watch import SilenceWatch
from bot.library import digests, sources
from bot.library.database import Database
from bot.library.tables import delivery, member
from bot.model import Digest, Feed, Follow, FollowKind, Paper, Subscription
from bot.slack.blocks.silent import silent
from bot.subscriptions import feeds, members

DAY = dt.timedelta(days=1)
START = dt.datetime(2025, 4, 21, 12, tzinfo=dt.UTC)
FEED = Feed("T1", "C1", owner="U1")


def watch(database: Database, seen: list[Collection[str]] | None = None) -> SilenceWatch:
    def told(configured: Collection[str], quiet: Collection[str]) -> None:
        if seen is not None:
            seen.append(set(quiet))

    return SilenceWatch(database, silent, frozenset({"local"}), told)


async def digest(database: Database, number: int) -> None:
    now = START + number * DAY
    async with database.begin() as conn:
        one = Digest(now.date(), "local", (Paper(f"P{number}", url=f"https://example.org/{number}"),))
        await digests.ingest(conn, one, path="", now=now, postable=True)


async def asked(database: Database, number: int) -> dt.datetime:
    now = START + number * DAY
    async with database.begin() as conn:
        await sources.attempted(conn, "local", now, None)
    return now


async def told(database: Database) -> list[tuple[str, str]]:
    async with database.read() as conn:
        rows = await conn.execute(sa.select(delivery).order_by(delivery.c.id))
        return [(row.destination, row.payload["text"]) for row in rows]


async def test_owners_are_told_once_a_silence(database: Database) -> None:
    async with database.begin() as conn:
        for channel, owner in (("C1", "U1"), ("C2", "U1"), ("C3", "U2"), ("C4", None)):
            await feeds.put(conn, replace(FEED, channel=channel, owner=owner), START)
    for number in range(6):
        await digest(database, number)
    seen: list[Collection[str]] = []
    assert await watch(database, seen).look(await asked(database, 7)) == set()
    now = await asked(database, 8)
    await asyncio.gather(*(watch(database, seen).look(now) for _ in range(3)))
    await watch(database).look(await asked(database, 12))
    found = await told(database)
    assert [to for to, _ in found] == ["U1", "U2"]
    assert "Nothing has come from local for 3 days" in found[0][1] and "more than 1 day" in found[0][1]
    assert seen == [set(), {"local"}, {"local"}, {"local"}]
    await digest(database, 13)
    await watch(database).look(await asked(database, 13))
    assert len(await told(database)) == 2
    await watch(database).look(await asked(database, 25))
    assert len(await told(database)) == 4, "another silence"


async def test_while_nobody_asks_it_is_not_the_source_that_is_silent(database: Database) -> None:
    async with database.begin() as conn:
        await feeds.put(conn, FEED, START)
    for number in range(6):
        await digest(database, number)
    await asked(database, 5)
    assert await watch(database).look(START + 30 * DAY) == set()


async def test_paused_removed_and_muted_owners_are_left_in_peace(database: Database) -> None:
    robots = Follow(FollowKind.TAG, "Robotics")
    async with database.begin() as conn:
        for number in (1, 2, 3):
            await feeds.put(conn, replace(FEED, channel=f"C{number}", owner=f"U{number}"), START)
        one, other, _ = await feeds.all_of(conn, "T1")
        await feeds.pause(conn, one.id, "by U1", START)
        await feeds.remove(conn, other.id, START)
        await members.put(conn, Subscription("T1", "U3", follows=(robots,)), START)
        await conn.execute(member.update().values(muted_at=START))
    for number in range(6):
        await digest(database, number)
    assert await watch(database).look(await asked(database, 20)) == set()
    assert await told(database) == []
