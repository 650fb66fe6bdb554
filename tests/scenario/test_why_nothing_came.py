"""`/papers why` alone: nothing came, is it broken?"""

from __future__ import annotations

import datetime as dt

from stage import Stage, catch_up, read, row, sent

GRASP = row("Grasping: A Study", "2504.00001")


async def why(stage: Stage, channel: str = "papers") -> str:
    return (await stage.member().command(channel, "/papers", "why")).text


async def test_all_is_well(stage: Stage) -> None:
    stage.feed(layout="full", post_at=dt.time(9), timezone="Europe/Berlin")
    async with stage.bot() as bot:
        await stage.member().command("papers", "/papers", "follow robotics")
        await read(bot, stage, "2025-04-28", GRASP)
        stage.clock.move(hours=2)
        await bot.plan()
        await sent(bot)
        post = await stage.posted()
        answer = (await stage.member().command("papers", "/papers", "why")).message
    assert answer.text.startswith("Nothing is broken")
    assert "local: the last digest is of Monday, 28 April 2025" in answer.text
    assert "Last sent 28 Apr 2025 at" in answer.text and "Next: 29 Apr 2025 at 09:00" in answer.text
    assert f"/p{post.ts.replace('.', '')}" in str(answer.blocks)


async def test_before_the_first_digest(stage: Stage) -> None:
    stage.feed()
    async with stage.bot():
        answer = await why(stage)
    assert "local: nothing has come from it yet" in answer and "as soon as a digest comes" in answer


async def test_no_feed_and_nothing_followed(stage: Stage) -> None:
    async with stage.bot():
        answer = await why(stage)
    assert "This channel has no feed" in answer and "/papers feed" in answer
    assert "You follow nothing yet" in answer


async def test_digests_that_had_nothing_are_counted(stage: Stage) -> None:
    stage.feed(layout="full", filter="tag:audio")
    async with stage.bot() as bot:
        await read(bot, stage, "2025-04-27", row("Talking", "2504.00009", tags="Audio"))
        for day in ("2025-04-28", "2025-04-29"):
            await read(bot, stage, day, row(f"Of {day}", f"2504.{day[-2:]}001"))
            stage.clock.move(days=1)
        answer = await why(stage)
    assert "2 digests had nothing for the filter tag:audio" in answer


async def test_the_bot_was_removed_from_the_channel(stage: Stage) -> None:
    stage.feed(layout="full")
    async with stage.bot() as bot:
        await stage.member("ada").remove_bot("papers")
        await read(bot, stage, "2025-04-28", GRASP)
        answer = await why(stage)
    assert answer.startswith("Something needs a look")
    assert "paused since 28 Apr 2025" in answer and "/invite" in answer


async def test_slack_asks_to_wait(stage: Stage) -> None:
    stage.feed(layout="full")
    async with stage.bot() as bot:
        stage.sandbox.faults.add("rate_limit", method="chat.postMessage", retry_after="120")
        await read(bot, stage, "2025-04-28", GRASP)
        answer = await why(stage)
    assert "It waits until" in answer and "Slack asked to slow down" in answer


async def test_a_source_that_can_t_be_read(stage: Stage) -> None:
    async with stage.bot() as bot:
        await read(bot, stage, "2025-04-28", GRASP)
        stage.digests.rename(stage.folder / "gone")
        await catch_up(bot)
        answer = await why(stage)
    assert answer.startswith("Something needs a look") and "can’t be read since" in answer


async def test_a_source_that_fell_silent(stage: Stage) -> None:
    for day in range(21, 26):
        stage.write(f"2025-04-{day}", row(f"Of {day}", f"2504.{day}001"))
    async with stage.bot():
        stage.clock.move(days=4)
    async with stage.bot() as bot:  # it asks the source anew
        await catch_up(bot)
        answer = await why(stage)
    assert "Silent for 4 days; it never was for more than 1 day" in answer
