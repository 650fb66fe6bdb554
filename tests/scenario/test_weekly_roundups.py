"""The week's round-up in a channel and for a member, from digests to Slack."""

from __future__ import annotations

import datetime as dt
from typing import Any

from stage import Stage, catch_up, read, row, sent

from bot.app.bot import Bot
from bot.model import Feed, Layout, Roundup
from bot.subscriptions import feeds

TUESDAY = dt.datetime(2025, 4, 29, 6, tzinfo=dt.UTC)
MONDAY = dt.datetime(2025, 5, 5, 7, 0, 1, tzinfo=dt.UTC)  # nine in Berlin


async def made(bot: Bot, stage: Stage, **given: Any) -> None:
    channel = stage.sandbox.workspace.channel("papers").id
    one = Feed(bot.workspace, channel, layout=Layout.FULL, timezone="Europe/Berlin", **given)
    async with bot.core.database.begin() as conn:
        await feeds.put(conn, one, stage.clock())


async def read_of(bot: Bot, stage: Stage, day: int) -> None:
    rows = [
        row(f"Grasping {day}", f"2504.{day}001"),
        row(f"Talking {day}", f"2504.{day}002", tags="Text-to-Speech"),
    ]
    stage.clock.now = TUESDAY.replace(day=1) + dt.timedelta(days=day - 1)
    await read(bot, stage, f"2025-04-{day}", *rows)


async def monday(bot: Bot, stage: Stage) -> None:
    stage.clock.now = MONDAY
    await bot.plan()
    await sent(bot)


async def test_a_channel_that_wants_only_round_ups(stage: Stage) -> None:
    """Instead of the days; found and saved from it; and `why` knows of it."""
    stage.clock.now = TUESDAY
    jonas = stage.member()
    async with stage.bot() as bot:
        await made(bot, stage, roundup=Roundup.ONLY)
        for day in (29, 30):
            await read_of(bot, stage, day)
        assert stage.posts() == []
        before = (await jonas.command("papers", "/papers", "why 2504.29001")).text
        assert "with the week’s round-up, 5 May 2025 at 09:00 (Europe/Berlin)" in before
        found = (await jonas.command("papers", "/papers", "search grasping 30")).message
        await jonas.press(found, "paper_save")
        await monday(bot, stage)
        post = await stage.posted()
        assert post.text.startswith("The week in papers: 28 April – 4 May 2025: 4 papers")
        assert "Grasping 30 (saved by 1)" in post.text.splitlines()[1]
        read_here = (await jonas.press(post, "search_page")).message
        assert "Talking 29" in read_here.text and read_here.only_for == jonas.id
        after = (await jonas.command("papers", "/papers", "why 2504.29001")).message
        assert "in the week’s round-up" in after.text and post.ts.replace(".", "") in str(after.blocks)
        await monday(bot, stage)
    assert len(stage.posts()) == 1


async def test_beside_the_days(stage: Stage) -> None:
    stage.clock.now = TUESDAY
    async with stage.bot() as bot:
        await made(bot, stage, roundup=Roundup.ALSO, filter="tag:robotics")
        for day in (29, 30):
            await read_of(bot, stage, day)
        await stage.posted(2)
        await monday(bot, stage)
        last = await stage.posted(3)
        assert "Grasping 29" in last.text and "Talking" not in last.text
        answer = (await stage.member().command("papers", "/papers", "why 2504.29001")).message
        assert "Also in the week’s round-up" in answer.text


async def test_a_member_s_week(stage: Stage) -> None:
    jonas = stage.member()
    stage.clock.now = TUESDAY
    async with stage.bot() as bot:
        await jonas.command("papers", "/papers", "follow audio")
        await jonas.command("papers", "/papers", "digest weekly")
        for day in (29, 30):
            await read_of(bot, stage, day)
        await monday(bot, stage)
        await stage.sandbox.until(jonas.dms)
        await monday(bot, stage)
    (dm,) = jonas.dms()
    assert dm.text.startswith("Your week in papers") and dm.text.count("Talking") == 2
    assert "Grasping" not in dm.text and "Audio (Text-to-Speech)" in str(dm.blocks)


async def test_the_owner_of_a_feed_hears_of_a_silent_source(stage: Stage) -> None:
    ada = stage.member("ada")
    stage.clock.now = TUESDAY.replace(day=20)
    async with stage.bot() as bot:
        await made(bot, stage, owner=ada.id)
        for day in range(20, 26):
            await read_of(bot, stage, day)
    stage.clock.move(days=5)
    async with stage.bot() as bot:  # it asks the source anew
        await catch_up(bot)
        await bot.listen_for_silence()
        await stage.sandbox.until(ada.dms)
        await bot.listen_for_silence()
        await sent(bot)
    (dm,) = ada.dms()
    assert "Nothing has come from local for 5 days" in dm.text
