"""A digest that changes upstream changes what was posted, and posts only what is new."""

from __future__ import annotations

import pytest
from stage import Stage, read, row

DAY = "2025-04-28"
GRASP = row("Grasping: A Study", "2504.00001")
GRASP_AGAIN = row("Grasping: A Longer Study", "2504.00001")
WALK = row("Walking Far", "2504.00002")
LIFT = row("Lifting Much", "2504.00003")


async def test_a_thread_s_list_and_replies_follow_the_digest(stage: Stage) -> None:
    stage.feed()
    async with stage.bot() as bot:
        await read(bot, stage, DAY, GRASP, WALK)
        head = await stage.posted()
        await read(bot, stage, DAY, GRASP_AGAIN, WALK, LIFT)
    assert stage.posts() == [head]
    assert "Longer Study" in head.text and "Lifting Much" in head.text and "3 papers" in head.text
    texts = [reply.text for reply in head.replies]
    assert ["Longer Study" in texts[0], "Walking" in texts[1], "Lifting" in texts[2]] == [True] * 3
    assert head.replies[0].edited_ts and not head.replies[1].edited_ts, (
        "only what reads differently is changed"
    )


@pytest.mark.parametrize("layout", ["full", "compact"])
async def test_a_message_is_changed_and_new_papers_come_in_one_of_their_own(
    stage: Stage, layout: str
) -> None:
    stage.feed(layout=layout)
    async with stage.bot() as bot:
        await read(bot, stage, DAY, GRASP, WALK)
        first = await stage.posted()
        await read(bot, stage, DAY, GRASP_AGAIN, WALK, LIFT)
        second = await stage.posted(2)
        await read(bot, stage, DAY, GRASP_AGAIN, WALK, LIFT)
        await read(bot, stage, DAY, GRASP, WALK, LIFT)
    assert len(stage.posts()) == 2
    assert "A Study" in first.text and "Lifting" not in first.text
    assert "Lifting Much" in second.text and "Walking" not in second.text


async def test_what_was_deleted_in_slack_is_not_brought_back(stage: Stage) -> None:
    stage.feed(layout="full")
    async with stage.bot() as bot:
        await read(bot, stage, DAY, GRASP, WALK)
        post = await stage.posted()
        stage.sandbox.workspace.delete(post)
        await read(bot, stage, DAY, GRASP_AGAIN, WALK)
    assert [one.deleted for one in stage.posts()] == [True]


async def test_after_a_week_what_was_posted_stays(stage: Stage) -> None:
    stage.feed(layout="full")
    async with stage.bot() as bot:
        await read(bot, stage, DAY, GRASP)
        post = await stage.posted()
        stage.clock.move(days=8)
        await read(bot, stage, DAY, GRASP_AGAIN, WALK)
    assert stage.posts() == [post] and not post.edited_ts


async def test_a_member_gets_only_the_papers_that_a_revision_added(stage: Stage) -> None:
    jonas = stage.member()
    stage.clock.move(hours=2)
    async with stage.bot() as bot:
        await jonas.command("papers", "/papers", "follow robotics")
        await read(bot, stage, DAY, GRASP)
        stage.clock.move(days=1)
        await bot.plan()
        await stage.sandbox.until(jonas.dms)
        await read(bot, stage, DAY, GRASP_AGAIN, LIFT)
        stage.clock.move(days=1)
        await bot.plan()
        await stage.sandbox.until(lambda: len(jonas.dms()) == 2)
    assert "Lifting" in jonas.dms()[1].text and "Grasping" not in jonas.dms()[1].text


async def test_a_filter_that_matches_only_after_a_revision(stage: Stage) -> None:
    stage.feed(layout="full", filter="lifting")
    async with stage.bot() as bot:
        await read(bot, stage, DAY, GRASP)
        assert stage.posts() == []
        await read(bot, stage, DAY, GRASP, LIFT)
        assert "Lifting" in (await stage.posted()).text
