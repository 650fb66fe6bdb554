"""The main job: a new digest becomes posts and personal digests, once each, whatever happens."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from stage import MORNING, Stage, catch_up, row, sent

from bot.app.bot import Bot

GRASP = row("Grasping: A Study", "2504.00001")
WALK = row("Walking Far", "2504.00002", tags="Audio")


async def settled(bot: Bot) -> None:
    """Long enough for several polls, and at least one; the plan job runs by hand, since the tests' clock
    stands still."""
    await asyncio.sleep(1)
    await catch_up(bot)
    await bot.plan()
    await sent(bot)


async def test_a_new_file_in_the_folder_is_posted(either_way: Stage) -> None:
    stage = either_way
    stage.feed()
    async with stage.bot():
        stage.write("2025-04-28", GRASP, WALK)
        head = await stage.posted()
        await stage.sandbox.until(lambda: len(head.replies) == 2)
    assert "Monday, 28 April 2025" in head.text
    assert "Grasping: A Study" in head.replies[0].text
    assert "Walking Far" in head.replies[1].text


async def test_the_first_run_posts_the_newest_and_no_flood(stage: Stage) -> None:
    stage.feed(layout="full")
    for day in range(1, 29):
        stage.write(f"2025-04-{day:02}", row(f"Paper {day}", f"2504.{day:05}"))
    async with stage.bot() as bot:
        await stage.posted()
        await settled(bot)
    (only,) = stage.posts()
    assert "Paper 28" in only.text


async def test_a_first_run_of_none_posts_nothing_until_something_is_new(stage: Stage) -> None:
    stage.feed(layout="full")
    stage.delivery = {"first_run": "none"}
    stage.write("2025-04-27", GRASP)
    async with stage.bot() as bot:
        await settled(bot)
        assert stage.posts() == []
        stage.write("2025-04-28", WALK)
        assert "Walking Far" in (await stage.posted()).text


async def test_a_restart_repeats_nothing(either_way: Stage) -> None:
    stage = either_way
    stage.feed()
    stage.write("2025-04-28", GRASP, WALK)
    async with stage.bot() as bot:
        head = await stage.posted()
        await stage.sandbox.until(lambda: len(head.replies) == 2)
        await settled(bot)
    before = stage.everything()
    async with stage.bot() as bot:
        await settled(bot)
    assert stage.everything() == before


async def test_after_days_away_what_is_young_enough_is_posted_in_order(stage: Stage) -> None:
    stage.feed(layout="full")
    stage.write("2025-04-20", row("Long ago", "2504.00020"))
    async with stage.bot():
        await stage.posted()
    stage.clock.move(days=8)  # 6 May
    for day in ("2025-04-30", "2025-05-04", "2025-05-05", "2025-05-06"):
        stage.write(day, row(f"Of {day}", f"2505.{day[-2:]}001"))
    async with stage.bot() as bot:
        await stage.posted(4)
        await settled(bot)
        found = (await bot.core.library.search("Of", today=dt.date(2025, 5, 6), limit=10)).results.total
    assert [post.text.split("\n")[0][:9] for post in stage.posts()[1:]] == [
        "Sunday, 4",
        "Monday, 5",
        "Tuesday, ",
    ]
    assert found >= 1


async def test_a_feed_with_an_hour_posts_at_that_hour_in_its_zone(stage: Stage) -> None:
    stage.feed(layout="full", post_at=dt.time(9), timezone="Europe/Berlin")
    stage.write("2025-04-28", GRASP)
    async with stage.bot() as bot:
        await settled(bot)
        assert stage.posts() == []
        stage.clock.now = dt.datetime(2025, 4, 28, 7, 0, 1, tzinfo=dt.UTC)
        await bot.plan()
        await stage.posted()


async def test_a_filter_excludes_as_well_as_includes(stage: Stage) -> None:
    stage.feed(layout="full", filter="tag:robotics OR tag:audio -walking")
    stage.write("2025-04-28", GRASP, WALK, row("Speaking Well", "2504.00003", tags="Text-to-Speech"))
    async with stage.bot():
        post = await stage.posted()
    assert "Grasping" in post.text and "Speaking Well" in post.text
    assert "Walking" not in post.text


@pytest.mark.parametrize("policy", ["silent", "notice"])
async def test_an_empty_day(stage: Stage, policy: str) -> None:
    stage.feed(layout="full", filter="tag:audio", on_empty=policy)
    async with stage.bot() as bot:
        stage.write("2025-04-28", GRASP)
        await settled(bot)
    assert len(stage.posts()) == (policy == "notice")


async def test_what_a_member_follows_comes_by_dm_at_their_hour(either_way: Stage) -> None:
    stage = either_way
    jonas, yuki = stage.member("jonas"), stage.member("yuki")
    stage.clock.move(hours=5)  # past nine in Berlin
    async with stage.bot() as bot:
        assert "Robotics" in (await jonas.command("papers", "/papers", "follow robotics")).text
        await yuki.command("papers", "/papers", "follow author:ada reyes")
        stage.write("2025-04-28", GRASP, WALK)
        await settled(bot)
        assert jonas.dms() == [] and yuki.dms() == []

        stage.clock.now = dt.datetime(2025, 4, 29, 0, 0, 1, tzinfo=dt.UTC)  # nine in Tokyo, two in Berlin
        await bot.plan()
        await stage.sandbox.until(yuki.dms)
        assert jonas.dms() == []
        assert "Grasping" in yuki.dms()[0].text and "Walking" in yuki.dms()[0].text
        assert "author ada reyes" in yuki.dms()[0].text

        stage.clock.now = dt.datetime(2025, 4, 29, 7, 0, 1, tzinfo=dt.UTC)  # nine in Berlin
        await bot.plan()
        await stage.sandbox.until(jonas.dms)
        assert "Grasping" in jonas.dms()[0].text and "Walking" not in jonas.dms()[0].text
        assert "Robotics" in jonas.dms()[0].text


async def test_a_member_gets_each_paper_once_across_days(stage: Stage) -> None:
    jonas = stage.member()
    async with stage.bot() as bot:
        await jonas.command("papers", "/papers", "follow robotics")
        stage.write("2025-04-28", GRASP)
        await settled(bot)
        stage.clock.now = MORNING + dt.timedelta(days=1, hours=2)
        await bot.plan()
        await stage.sandbox.until(jonas.dms)
        stage.write("2025-04-29", GRASP, row("Lifting", "2504.00009"))
        await settled(bot)
        stage.clock.now = MORNING + dt.timedelta(days=2, hours=2)
        await bot.plan()
        await stage.sandbox.until(lambda: len(jonas.dms()) == 2)
        stage.clock.now = MORNING + dt.timedelta(days=3, hours=2)
        await bot.plan()
        await settled(bot)
    assert ["Grasping" in dm.text for dm in jonas.dms()] == [True, False]
    assert "Lifting" in jonas.dms()[1].text


async def test_a_digest_of_the_future_waits_for_its_day(stage: Stage) -> None:
    stage.feed(layout="full")
    async with stage.bot() as bot:
        stage.write("2025-05-03", row("Not Yet", "2505.00001"))
        await settled(bot)
        assert stage.posts() == []
        stage.clock.move(days=5)
        await bot.plan()
        assert "Not Yet" in (await stage.posted()).text
