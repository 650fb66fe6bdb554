"""`/papers why PAPER` of a member's own digest: each reason, acted out."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from stage import Stage, read, row, sent

from bot.app.bot import Bot
from bot.library.tables import delivery, hidden_paper

GRASP = row("Grasping: A Study", "2504.00001")
SURVEY = row("Grasping: A Survey", "2504.00003")
DIRECT = "@paperboy"


async def why(stage: Stage, paper: str, channel: str = DIRECT) -> str:
    return (await stage.member().command(channel, "/papers", f"why {paper}")).text


async def tell(stage: Stage, text: str) -> None:
    await stage.member().command("papers", "/papers", text)


async def next_morning(bot: Bot, stage: Stage) -> None:
    """Past nine in Berlin, when members' digests come."""
    stage.clock.now = dt.datetime.combine(
        stage.clock.now.date() + dt.timedelta(days=1), dt.time(7, 1), dt.UTC
    )
    await bot.plan()
    await sent(bot)


async def test_it_came_by_what_is_followed_with_a_link(stage: Stage) -> None:
    jonas = stage.member()
    async with stage.bot() as bot:
        await tell(stage, "follow robotics")
        await tell(stage, "follow author:ada reyes")
        await read(bot, stage, "2025-04-28", GRASP)
        assert "Not yet due: it comes 28 Apr 2025 at 09:00" in await why(stage, "2504.00001")
        await next_morning(bot, stage)
        await stage.sandbox.until(jonas.dms)
        answer = (await jonas.command(DIRECT, "/papers", "why 2504.00001")).message
        assert "It came 29 Apr 2025" in answer.text
        assert "You follow author ada reyes, Robotics" in answer.text
        assert f"/p{jonas.dms()[0].ts.replace('.', '')}" in str(answer.blocks)


async def test_nothing_followed_asks_for_it_and_a_button_would(stage: Stage) -> None:
    jonas = stage.member()
    async with stage.bot() as bot:
        await tell(stage, "follow audio")
        await read(bot, stage, "2025-04-28", GRASP)
        answer = (await jonas.command("papers", "/papers", "why 2504.00001")).message
        assert "Nothing that you follow asks for it" in answer.text
        assert "You follow Robotics" in (await jonas.press(answer, "following_add:0")).text


async def test_a_followed_search_leaves_it_out(stage: Stage) -> None:
    async with stage.bot() as bot:
        await tell(stage, "follow grasping -survey")
        await read(bot, stage, "2025-04-28", GRASP, SURVEY)
        answer = await why(stage, "2504.00003")
        assert "-survey in the search" in answer and "leaves it out" in answer


@pytest.mark.parametrize(
    ("word", "expected"), [("digest off", "Your digest is off"), ("digest weekly", "it comes 5 May 2025 at")]
)
async def test_off_and_weekly(stage: Stage, word: str, expected: str) -> None:
    stage.clock.move(hours=3)  # a Monday, past nine in Berlin
    async with stage.bot() as bot:
        await tell(stage, "follow robotics")
        await tell(stage, word)
        await read(bot, stage, "2025-04-28", GRASP)
        answer = await why(stage, "2504.00001")
        assert expected in answer and "You follow Robotics" in answer


async def test_hidden_papers_do_not_come(stage: Stage) -> None:
    async with stage.bot() as bot:
        await tell(stage, "follow robotics")
        await read(bot, stage, "2025-04-28", GRASP, SURVEY)
        who = {"workspace": stage.sandbox.workspace.id, "member": stage.member().id}
        async with bot.core.database.begin() as conn:
            await conn.execute(hidden_paper.insert().values(**who, paper_id=1, hidden_at=stage.clock()))
        assert "You hid it" in await why(stage, "2504.00001")
        await next_morning(bot, stage)
        await stage.sandbox.until(stage.member().dms)
        (dm,) = stage.member().dms()
        assert "Survey" in dm.text and "Study" not in dm.text


async def test_mute_means_mute_for_what_was_planned_before_too(stage: Stage) -> None:
    jonas = stage.member()
    async with stage.bot() as bot:
        await tell(stage, "follow robotics")
        await read(bot, stage, "2025-04-28", GRASP)
        stage.sandbox.faults.add("rate_limit", method="chat.postMessage", retry_after="120")
        await next_morning(bot, stage)
        await tell(stage, "digest pause")
        stage.clock.move(minutes=5)
        bot.runner.wake(stage.sandbox.workspace.id)
        async with bot.core.database.read() as conn:
            mine = sa.select(delivery).where(delivery.c.kind == "member")
            (found,) = (await conn.execute(mine)).all()
        assert (found.state, jonas.dms()) == ("skipped", [])
        assert "paused" in await why(stage, "2504.00001")


async def test_followed_only_after_its_digest_came(stage: Stage) -> None:
    async with stage.bot() as bot:
        await tell(stage, "follow audio")
        await read(bot, stage, "2025-04-28", GRASP)
        for _ in range(2):
            await next_morning(bot, stage)
        await tell(stage, "follow robotics")
        answer = await why(stage, "2504.00001")
        assert "since 30 Apr 2025" in answer and "its digest of Monday, 28 April 2025 came before" in answer


async def test_it_was_counted_and_not_shown(stage: Stage) -> None:
    many = [row(f"Long {'x' * 100} {number}", f"2504.{number:05}") for number in range(1, 120)]
    async with stage.bot() as bot:
        await tell(stage, "follow robotics")
        await read(bot, stage, "2025-04-28", *many)
        await next_morning(bot, stage)
        await stage.sandbox.until(stage.member().dms)
        assert "more" in str(stage.member().dms()[0].blocks)
        assert "“and more”" in await why(stage, "2504.00119")
        assert "“and more”" not in await why(stage, "2504.00001")


async def test_slack_gave_no_answer(stage: Stage) -> None:
    async with stage.bot() as bot:
        await tell(stage, "follow robotics")
        await read(bot, stage, "2025-04-28", GRASP)
        stage.sandbox.faults.add("cut", method="chat.postMessage", stored=True)
        await next_morning(bot, stage)
        assert "Slack gave no answer when it was sent" in await why(stage, "2504.00001")
