"""Who is planned for what, against a real database: once, in order, and never as a flood."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.delivery import desk
from bot.delivery.planner import Renderers
from bot.delivery.planning import Planning
from bot.library import digests, sources
from bot.library.database import Database
from bot.library.tables import delivery
from bot.model import Digest, Feed, Follow, FollowKind, Frequency, Layout, Paper, Subscription
from bot.slack.blocks import rendering
from bot.subscriptions import feeds, members

TEAM = "T1"
NOW = dt.datetime(2025, 4, 28, 6, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
RENDER = Renderers(rendering.digest, rendering.empty, rendering.member, rendering.roundup)
ROBOTICS = Follow(FollowKind.TAG, "Robotics")


def planning(database: Database, **given: object) -> Planning:
    facts = {"first_run_latest": True, "max_age": 3 * DAY, "sources": frozenset()}
    return Planning(database, RENDER, **{**facts, **given})  # type: ignore[arg-type]


async def ingest(
    database: Database, day: str, *titles: str, now: dt.datetime = NOW, postable: bool = True
) -> int:
    papers = tuple(Paper(title, url=f"https://example.org/{title}", tags=("Robotics",)) for title in titles)
    async with database.begin() as conn:
        digest = Digest(dt.date.fromisoformat(day), "local", papers)
        stored = await digests.ingest(conn, digest, path=f"{day}.md", now=now, postable=postable)
        if postable:
            await feeds.wake_for_arrival(conn, now)
        return stored.digest_id


async def make(database: Database, feed: Feed, now: dt.datetime = NOW) -> None:
    async with database.begin() as conn:
        await feeds.put(conn, feed, now)


async def subscribe(database: Database, wanted: Subscription, now: dt.datetime = NOW) -> None:
    async with database.begin() as conn:
        await members.put(conn, wanted, now)


async def rows(database: Database) -> list[tuple[str, str]]:
    async with database.read() as conn:
        found = await conn.execute(sa.select(delivery.c.key, delivery.c.state).order_by(delivery.c.id))
        return [(row.key, row.state) for row in found]


ARRIVAL = Feed(TEAM, "C1", layout=Layout.FULL)
AT_NINE = replace(ARRIVAL, post_at=dt.time(9), timezone="Europe/Berlin")  # seven UTC
JONAS = Subscription(TEAM, "U1", timezone="Europe/Berlin", follows=(ROBOTICS,))


async def test_planning_again_adds_nothing(database: Database) -> None:
    await make(database, ARRIVAL)
    await ingest(database, "2025-04-28", "A")
    assert await planning(database).plan(NOW) == {TEAM}
    once = await rows(database)
    assert len(once) == 1
    await make(database, replace(ARRIVAL, filter="tag:audio"))
    async with database.begin() as conn:
        await feeds.wake_for_arrival(conn, NOW)
    await planning(database).plan(NOW + HOUR)
    assert await rows(database) == once


async def test_a_death_between_two_batches_loses_nothing_and_repeats_nothing(database: Database) -> None:
    """Each feed has a filter of its own, so that each is worded by itself."""
    many = [replace(ARRIVAL, channel=f"C{number}", filter=f"-word{number}") for number in range(150)]
    async with database.begin() as conn:
        for one in many:
            await feeds.put(conn, one, NOW)
        for number in range(20):
            await members.put(conn, replace(JONAS, member=f"U{number}"), NOW)
    await ingest(database, "2025-04-28", "A")
    left = iter(range(120))

    def dying(*given: object) -> object:
        next(left)  # StopIteration, once they are used up
        return rendering.digest(*given)  # type: ignore[arg-type]

    dies = replace(planning(database), render=replace(RENDER, digest=dying))
    with pytest.raises(RuntimeError):
        await dies.plan(NOW + 2 * HOUR)
    assert 0 < len(await rows(database)) < 150
    await planning(database).plan(NOW + 2 * HOUR)
    keys = [key for key, _ in await rows(database)]
    assert len(keys) == len(set(keys)) == 150 + 20


async def test_two_planners_at_once_plan_once(database: Database) -> None:
    await make(database, ARRIVAL)
    await subscribe(database, JONAS)
    await ingest(database, "2025-04-28", "A", "B")
    when = NOW + 2 * HOUR
    await asyncio.gather(*(planning(database).plan(when) for _ in range(4)))
    keys = [key for key, _ in await rows(database)]
    assert len(keys) == len(set(keys)) == 2


async def test_where_nothing_is_due_no_writer_is_held_up(database: Database) -> None:
    await make(database, AT_NINE)
    await make(database, replace(AT_NINE, channel="C2"))
    await subscribe(database, JONAS)
    await ingest(database, "2025-04-28", "A")
    await planning(database).plan(NOW + 2 * HOUR)
    async with database.begin() as conn:
        await feeds.pause(conn, (await feeds.all_of(conn, TEAM))[1].id, "is_archived", NOW)
        await feeds.rest(conn, [(one, NOW) for one in (await feeds.all_of(conn, TEAM))[1:]])
    asked: list[str] = []

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    sa.event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    assert await planning(database).plan(NOW + 3 * HOUR) == set()
    assert asked
    assert not [
        statement for statement in asked if "BEGIN IMMEDIATE" in statement or "FOR UPDATE" in statement
    ]


async def test_a_new_feed_gets_the_newest_of_what_is_there(database: Database) -> None:
    for day in ("2025-04-20", "2025-04-21"):
        await ingest(database, day, day, postable=False)
    await make(database, ARRIVAL)
    await planning(database).plan(NOW)
    assert [key.split(":")[1] for key, _ in await rows(database)] == ["2"]


async def test_a_first_run_waits_until_every_source_was_tried(database: Database) -> None:
    await make(database, ARRIVAL)
    both = planning(database, sources=frozenset({"a", "b"}))
    await ingest(database, "2025-04-21", "old", postable=False)
    async with database.begin() as conn:
        await sources.attempted(conn, "a", NOW, None)
    assert await both.plan(NOW) == set()
    async with database.begin() as conn:
        await sources.attempted(conn, "b", NOW, "it can't be reached")
    await both.plan(NOW)
    assert len(await rows(database)) == 1


async def test_what_came_while_a_feed_was_paused_is_no_flood_afterwards(database: Database) -> None:
    await make(database, ARRIVAL)
    await planning(database).plan(NOW)
    async with database.begin() as conn:
        (one,) = await feeds.all_of(conn, TEAM)
        await feeds.pause(conn, one.id, "is_archived", NOW)
    for number in range(5):
        now = NOW + number * DAY
        await ingest(database, str(now.date()), f"P{number}", now=now)
    await planning(database).plan(NOW + 5 * DAY)
    assert await rows(database) == []
    async with database.begin() as conn:
        await feeds.resume(conn, TEAM, "C1", NOW + 5 * DAY)
    await ingest(database, "2025-05-04", "new", now=NOW + 6 * DAY)
    await planning(database).plan(NOW + 6 * DAY)
    assert len(await rows(database)) == 1


async def test_a_feed_s_hour_brings_all_that_came_since_in_order(database: Database) -> None:
    await make(database, AT_NINE)
    await planning(database).plan(NOW + HOUR)
    await ingest(database, "2025-04-29", "later", now=NOW + 2 * HOUR)
    await ingest(database, "2025-04-28", "sooner", now=NOW + 3 * HOUR)
    await planning(database).plan(NOW + 5 * HOUR)
    assert await rows(database) == []
    await planning(database).plan(NOW + HOUR + DAY)
    async with database.read() as conn:
        texts = [row.payload["text"] for row in await desk.listing(conn)]
    assert [("sooner" in text, "later" in text) for text in reversed(texts)] == [(True, False), (False, True)]


async def test_moving_the_hour_moves_the_post(database: Database) -> None:
    await make(database, AT_NINE)
    await planning(database).plan(NOW + HOUR)
    await ingest(database, "2025-04-28", "A", now=NOW + 2 * HOUR)
    await make(database, replace(AT_NINE, post_at=dt.time(12)), now=NOW + 2 * HOUR)
    await planning(database).plan(NOW + 3 * HOUR)
    assert await rows(database) == []
    await planning(database).plan(NOW + 4 * HOUR)
    assert len(await rows(database)) == 1


async def test_nothing_to_say_is_a_row_that_says_why(database: Database) -> None:
    await make(database, replace(ARRIVAL, filter="tag:audio"))
    await ingest(database, "2025-04-28", "A")
    await planning(database).plan(NOW)
    async with database.read() as conn:
        (row,) = await desk.listing(conn)
    assert (row.state, row.note) == ("skipped", "no paper matches “tag:audio”")


async def test_a_member_gets_one_message_a_day_and_each_paper_once(database: Database) -> None:
    await subscribe(database, JONAS)
    await ingest(database, "2025-04-28", "A")
    await planning(database).plan(NOW + HOUR)
    await subscribe(database, replace(JONAS, at=dt.time(15)), now=NOW + 2 * HOUR)
    await ingest(database, "2025-04-27", "B", now=NOW + 3 * HOUR)
    await planning(database).plan(NOW + 8 * HOUR)
    assert [key for key, _ in await rows(database)] == ["dm:T1:U1:2025-04-28"]
    await planning(database).plan(NOW + 8 * HOUR + DAY)
    async with database.read() as conn:
        newest = (await desk.listing(conn))[0]
    assert "B" in newest.payload["text"] and "A." not in newest.payload["text"]


@pytest.mark.parametrize("frequency", [Frequency.OFF, Frequency.WEEKLY])
async def test_off_is_off_and_weekly_is_on_monday(database: Database, frequency: Frequency) -> None:
    await subscribe(database, replace(JONAS, frequency=frequency), now=NOW + 2 * HOUR)  # a Monday, past nine
    await ingest(database, "2025-04-28", "A", now=NOW + 3 * HOUR)
    for day in range(1, 7):
        await planning(database).plan(NOW + HOUR + day * DAY)
    assert await rows(database) == []
    await planning(database).plan(NOW + HOUR + 7 * DAY)
    assert len(await rows(database)) == (frequency is Frequency.WEEKLY)


async def test_a_member_back_from_long_off_gets_no_flood(database: Database) -> None:
    await subscribe(database, JONAS)
    await planning(database).plan(NOW + HOUR)
    await subscribe(database, replace(JONAS, frequency=Frequency.OFF), now=NOW + 2 * HOUR)
    for number in range(1, 20):
        await ingest(database, f"2025-05-{number:02}", f"P{number}", now=NOW + number * DAY)
    await subscribe(database, JONAS, now=NOW + 20 * DAY)
    await planning(database).plan(NOW + HOUR + 20 * DAY)
    async with database.read() as conn:
        newest = (await desk.listing(conn))[0]
    assert newest.payload["text"].count("You follow Robotics") <= 3
