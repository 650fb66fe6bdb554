"""Channels' feeds as rows: made once, removed and brought back, planned on their days; on both databases."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.channels import WITHDRAWN, ChannelFeeds, Words, version
from bot.delivery.planner import Renderers
from bot.delivery.planning import Planning
from bot.library import digests
from bot.library.database import Database
from bot.library.tables import delivery, feed
from bot.model import Digest, Feed, Layout, Message, Paper, Roundup, State
from bot.slack.blocks import rendering
from bot.subscriptions import feeds, pauses

TEAM = "T1"
FRIDAY = dt.datetime(2025, 5, 2, 6, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
MINE = Feed(TEAM, "C1", layout=Layout.FULL, owner="U1", timezone="Europe/Berlin")
WORKDAYS = (0, 1, 2, 3, 4)


class Clock:
    def __init__(self) -> None:
        self.now = FRIDAY

    async def __call__(self, conn: AsyncConnection) -> dt.datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def channels(database: Database, clock: Clock) -> ChannelFeeds:
    words = Words(lambda one, now: Message(f"introducing {one.owner}"), lambda channel, why: Message(why))
    return ChannelFeeds(database, clock, words, lambda workspace: None, anyone_may_change=False)


async def plan(database: Database, now: dt.datetime) -> None:
    render = Renderers(rendering.digest, rendering.empty, rendering.member, rendering.roundup)
    planning = Planning(database, render, first_run_latest=True, max_age=3 * DAY, sources=frozenset())
    await planning.plan(now)


async def ingest(database: Database, now: dt.datetime, *titles: str) -> None:
    papers = tuple(Paper(title, url=f"https://example.org/{title}") for title in titles)
    async with database.begin() as conn:
        book = Digest(now.date(), "local", papers)
        await digests.ingest(conn, book, path="x.md", now=now, postable=True)
        await feeds.wake_for_arrival(conn, now)


async def rows(database: Database, kind: str = "channel") -> list[tuple[str, str]]:
    async with database.read() as conn:
        found = await conn.execute(
            sa.select(delivery.c.key, delivery.c.state).where(delivery.c.kind == kind).order_by(delivery.c.id)
        )
        return [(row.key, row.state) for row in found]


async def roundup_at(database: Database) -> dt.datetime | None:
    async with database.read() as conn:
        moment: dt.datetime | None = (await conn.execute(sa.select(feed.c.roundup_at))).scalar_one()
        return moment


async def saved(channels: ChannelFeeds, wanted: Feed = MINE) -> Feed:
    was = version(await channels.of_channel(wanted.workspace, wanted.channel))
    done = await channels.save(wanted, was, paused=None)
    assert not done.overtaken
    return done.feed


async def test_saving_twice_introduces_once(channels: ChannelFeeds, database: Database) -> None:
    for _ in range(2):
        assert (await channels.save(MINE, "", paused=None)).feed.made_at == FRIDAY
    assert await rows(database, "notice") == [(f"intro:1:{int(FRIDAY.timestamp())}", "planned")]


async def test_of_many_who_set_it_up_at_once_one_does(channels: ChannelFeeds, database: Database) -> None:
    wanted = [replace(MINE, owner=f"U{number}") for number in range(5)]
    done = await asyncio.gather(*(channels.save(one, "", paused=None) for one in wanted))
    assert sorted(one.overtaken for one in done) == [False, True, True, True, True]
    assert len({one.feed.owner for one in done}) == 1, "all see whose it is"
    assert len(await rows(database, "notice")) == 1


async def test_a_change_is_refused_where_it_was_made_on_something_else(channels: ChannelFeeds) -> None:
    first = await saved(channels)
    await channels.save(replace(MINE, filter="robots"), version(first), paused=None)
    late = await channels.save(replace(MINE, filter="speech"), version(first), paused=None)
    assert late.overtaken and late.feed.filter == "robots"


async def test_a_paused_feed_that_is_changed_says_still_who_paused_it(channels: ChannelFeeds) -> None:
    first = (await channels.save(MINE, "", paused=pauses.by("U1"))).feed
    done = await channels.save(replace(MINE, filter="robots"), version(first), paused=pauses.by("U2"))
    assert (done.feed.filter, done.feed.paused) == ("robots", pauses.by("U1"))


async def test_another_workspace_s_channel_of_that_name_is_another(channels: ChannelFeeds) -> None:
    await saved(channels)
    assert await channels.of_channel("T2", "C1") is None
    assert await channels.remove("T2", "C1") is None
    assert await channels.pause("T2", "C1", "x") is None
    assert await channels.restore("T2", "C1") is None
    assert await channels.of_channel(TEAM, "C1") is not None


async def test_what_waits_is_withdrawn_and_put_back(channels: ChannelFeeds, database: Database) -> None:
    await saved(channels)
    await ingest(database, FRIDAY, "A")
    await plan(database, FRIDAY)
    await channels.remove(TEAM, "C1")
    assert {state for _, state in await rows(database)} == {"skipped"}
    async with database.read() as conn:
        assert set((await conn.execute(sa.select(delivery.c.note))).scalars()) == {WITHDRAWN}
    assert await channels.all_of(TEAM) == []
    await channels.restore(TEAM, "C1")
    assert {state for _, state in await rows(database)} == {"planned"}
    assert [one.filter for one in await channels.all_of(TEAM)] == [""]


async def test_what_came_between_removal_and_undo_comes(
    channels: ChannelFeeds, database: Database, clock: Clock
) -> None:
    await saved(channels)
    await channels.remove(TEAM, "C1")
    await ingest(database, FRIDAY, "A")
    await plan(database, FRIDAY)
    assert await rows(database) == []
    await channels.restore(TEAM, "C1")
    await plan(database, FRIDAY)
    assert len(await rows(database)) == 1
    await channels.remove(TEAM, "C1")
    clock.now += 2 * DAY
    assert await channels.restore(TEAM, "C1") is None, "too late"


async def test_set_up_again_in_another_layout_it_repeats_nothing(
    channels: ChannelFeeds, database: Database, clock: Clock
) -> None:
    await ingest(database, FRIDAY, "A", "B")
    first = await saved(channels)
    await plan(database, FRIDAY)
    await channels.remove(TEAM, "C1")
    before = await rows(database)
    clock.now += HOUR
    again = await saved(channels, replace(MINE, layout=Layout.THREAD, owner="U2"))
    assert again.id == first.id and again.made_at == clock.now
    await plan(database, clock.now)
    assert await rows(database) == before
    assert len(await rows(database, "notice")) == 2, "each set-up introduces itself"


async def test_a_changed_filter_or_layout_reposts_nothing_also_when_the_digest_is_revised(
    channels: ChannelFeeds, database: Database
) -> None:
    await saved(channels)
    await ingest(database, FRIDAY, "A", "B")
    await plan(database, FRIDAY)
    async with database.begin() as conn:
        await conn.execute(delivery.update().values(state=State.SENT.value, slack_ts="1.0"))
    await saved(channels, replace(MINE, layout=Layout.THREAD))
    await ingest(database, FRIDAY + HOUR, "A", "B", "C")
    await plan(database, FRIDAY + HOUR)
    async with database.read() as conn:
        found = await conn.execute(
            sa.select(delivery.c.payload["text"].as_string()).where(
                delivery.c.kind == "channel", delivery.c.target.is_(None)
            )
        )
        texts = list(found.scalars())
    assert sum("A" in text.splitlines() for text in texts) == 1
    assert sum("C" in text.splitlines() for text in texts) == 1


@pytest.mark.parametrize("post_at", [None, dt.time(9)])
async def test_on_other_weekdays_digests_wait_and_come_in_order_once(
    channels: ChannelFeeds, database: Database, post_at: dt.time | None
) -> None:
    await saved(channels, replace(MINE, weekdays=WORKDAYS, post_at=post_at))
    for day in range(1, 3):  # Saturday, Sunday
        await ingest(database, FRIDAY + day * DAY, f"P{day}")
        await plan(database, FRIDAY + day * DAY + 3 * HOUR)
    assert await rows(database) == []
    midnight = dt.datetime(2025, 5, 4, 22, 0, tzinfo=dt.UTC)
    await plan(database, midnight - HOUR)
    assert await rows(database) == []
    for _ in range(2):
        await plan(database, midnight if post_at is None else midnight + 9 * HOUR)
    assert [key.split(":")[1] for key, _ in await rows(database)] == ["1", "2"]
    await ingest(database, FRIDAY + 3 * DAY, "P3")
    await plan(database, FRIDAY + 4 * DAY + 3 * HOUR)
    assert len(await rows(database)) == 3


async def test_new_papers_of_a_revision_wait_for_a_day_of_the_feed_s(
    channels: ChannelFeeds, database: Database
) -> None:
    await saved(channels, replace(MINE, weekdays=WORKDAYS))
    await ingest(database, FRIDAY, "A")
    await plan(database, FRIDAY)
    async with database.begin() as conn:
        book = Digest(FRIDAY.date(), "local", (Paper("A", url="https://example.org/A"), Paper("B")))
        await digests.ingest(conn, book, path="x.md", now=FRIDAY + DAY, postable=True)
    await plan(database, FRIDAY + DAY)
    async with database.read() as conn:
        found = await conn.execute(sa.select(delivery.c.due_at).order_by(delivery.c.id.desc()).limit(1))
        assert found.scalar_one() == dt.datetime(2025, 5, 4, 22, 0, tzinfo=dt.UTC)


async def test_round_ups_alone_plan_no_day_and_what_was_passed_over_stays_so(
    channels: ChannelFeeds, database: Database
) -> None:
    await saved(channels, replace(MINE, roundup=Roundup.ONLY))
    assert await roundup_at(database) == dt.datetime(2025, 5, 5, 7, 0, tzinfo=dt.UTC)
    await ingest(database, FRIDAY, "A")
    await plan(database, FRIDAY)
    assert await rows(database) == []
    async with database.begin() as conn:  # it had posted by the day before
        await conn.execute(feed.update().values(started_at=FRIDAY))
    await saved(channels, MINE)
    await plan(database, FRIDAY)
    assert await rows(database) == [] and await roundup_at(database) is None


async def test_a_pause_ends_round_ups_and_resuming_brings_them_back(
    channels: ChannelFeeds, database: Database
) -> None:
    await saved(channels, replace(MINE, roundup=Roundup.ALSO))
    await channels.pause(TEAM, "C1", pauses.by("U1"))
    assert await roundup_at(database) is None
    await channels.resume(TEAM, "C1")
    assert await roundup_at(database) is not None


async def test_after_a_pause_only_what_is_new_comes(channels: ChannelFeeds, database: Database) -> None:
    await saved(channels)
    await ingest(database, FRIDAY, "A")
    await plan(database, FRIDAY)
    await channels.pause(TEAM, "C1", pauses.by("U1"))
    await ingest(database, FRIDAY + DAY, "B")
    await plan(database, FRIDAY + DAY)
    await channels.resume(TEAM, "C1")
    await plan(database, FRIDAY + DAY)
    assert len(await rows(database)) == 1
    await ingest(database, FRIDAY + 2 * DAY, "C")
    await plan(database, FRIDAY + 2 * DAY)
    assert len(await rows(database)) == 2


async def test_an_invitation_ends_only_what_an_invitation_mends(channels: ChannelFeeds) -> None:
    await saved(channels)
    await channels.bot_left(TEAM, "C1", "why", "Ev1")
    await channels.bot_left(TEAM, "C1", "why", "Ev1")
    there = await channels.of_channel(TEAM, "C1")
    assert there and there.paused == pauses.REMOVED
    back = await channels.bot_came(TEAM, "C1")
    assert back and back.paused is None
    await channels.pause(TEAM, "C1", pauses.by("U1"))
    still = await channels.bot_came(TEAM, "C1")
    assert still and still.paused == pauses.by("U1")


async def test_the_file_s_feed_takes_the_place_of_a_removed_one(
    channels: ChannelFeeds, database: Database
) -> None:
    await saved(channels)
    await channels.remove(TEAM, "C1")
    async with database.begin() as conn:
        await feeds.sync(conn, TEAM, [replace(MINE, owner=None)], FRIDAY)
    (one,) = await channels.all_of(TEAM)
    assert one.owner is None and await channels.restore(TEAM, "C1") == one
    made_in_slack = await saved(channels, replace(MINE, channel="C2"))
    async with database.begin() as conn:
        await feeds.sync(conn, TEAM, [], FRIDAY)
    assert await channels.all_of(TEAM) == [made_in_slack]
