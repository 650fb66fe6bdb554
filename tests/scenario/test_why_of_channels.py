"""`/papers why PAPER`: each reason, acted out, and told in the channel where it is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator

import pytest
from stage import Stage, read, row

from bot.model import Feed

GRASP = row("Grasping: A Study", "2504.00001")
WALK = row("Walking Far", "2504.00002", tags="Audio")
SURVEY = row("Grasping: A Survey", "2504.00003")


async def why(stage: Stage, paper: str = "", name: str = "jonas", channel: str = "papers") -> str:
    return (await stage.member(name).command(channel, "/papers", f"why {paper}")).text


@pytest.fixture
async def posted(stage: Stage) -> AsyncIterator[Stage]:
    """A channel that got a digest of three papers, less the surveys, each in full."""
    stage.feed(layout="full", filter="tag:robotics -survey")
    async with stage.bot() as bot:
        await read(bot, stage, "2025-04-28", GRASP, WALK, SURVEY)
        await stage.posted()
        yield stage


@pytest.mark.parametrize(
    "asked",
    [
        "2504.00001",
        "2504.00001v2",
        "arxiv:2504.00001",
        "https://arxiv.org/abs/2504.00001",
        "arxiv.org/abs/2504.00001v1",
        "<https://arxiv.org/abs/2504.00001|arxiv.org/abs/2504.00001>",
        "<https://arxiv.org/pdf/2504.00001v1.pdf>",
        "https://huggingface.co/papers/2504.00001",
        "https://www.alphaxiv.org/abs/2504.00001",
    ],
)
async def test_it_came_with_a_link_and_the_filter(posted: Stage, asked: str) -> None:
    answer = (await posted.member().command("papers", "/papers", f"why {asked}")).message
    assert "It came 28 Apr 2025 at" in answer.text and "(Europe/Berlin)" in answer.text
    assert "matches this channel’s filter tag:robotics -survey" in answer.text
    shown = str(answer.blocks)
    assert "<!date^" in shown
    link = f"/archives/{posted.posts()[0].channel}/p{posted.posts()[0].ts.replace('.', '')}"
    assert link in shown


async def test_words_find_the_paper_and_say_so(posted: Stage) -> None:
    answer = (await posted.member().command("papers", "/papers", "why grasping study")).message
    assert "It came" in answer.text and "best match for “grasping study”" in str(answer.blocks)


async def test_what_excluded_it_is_named(posted: Stage) -> None:
    answer = await why(posted, "2504.00003")
    assert "-survey in this channel’s filter" in answer and "leaves it out" in answer


async def test_what_it_lacks_is_named(posted: Stage) -> None:
    answer = await why(posted, "2504.00002")
    assert "does not match" in answer and "nothing of tag:Robotics" in answer and "/papers feed" in answer


async def test_not_in_the_library_tells_what_came_last(posted: Stage) -> None:
    answer = await why(posted, "2511.12345")
    assert "not in the library" in answer
    assert "local: the last digest is of Monday, 28 April 2025, read" in answer


async def test_a_channel_without_a_feed(posted: Stage) -> None:
    answer = await why(posted, "2504.00001", channel="general")
    assert "no feed" in answer and "/papers feed" in answer


async def test_in_a_direct_message_only_the_member_counts(posted: Stage) -> None:
    answer = await why(posted, "2504.00001", channel="@paperboy")
    assert "This channel" not in answer and "You follow nothing yet" in answer


async def test_an_empty_day(stage: Stage) -> None:
    stage.feed(filter="tag:audio")
    async with stage.bot() as bot:
        await read(bot, stage, "2025-04-28", GRASP)
        assert "Nothing else of that day did either, so nothing was posted" in await why(stage, "2504.00001")


async def test_not_yet_due(stage: Stage) -> None:
    stage.feed(post_at=dt.time(9), timezone="Europe/Berlin")
    async with stage.bot() as bot:
        await read(bot, stage, "2025-04-28", GRASP)
        assert "Not yet due: it comes 28 Apr 2025 at 09:00 (Europe/Berlin)" in await why(stage, "2504.00001")


async def test_a_day_to_come(stage: Stage) -> None:
    stage.feed()
    async with stage.bot() as bot:
        await read(bot, stage, "2025-05-03", GRASP)
        answer = await why(stage, "2504.00001")
        assert "a day still to come" in answer and "due 2 May 2025 at 12:00 (Europe/Berlin)" in answer


async def test_already_there_when_the_source_was_first_read(stage: Stage) -> None:
    stage.feed(layout="full")
    for day in ("2025-04-20", "2025-04-27"):
        stage.write(day, row(f"Of {day}", f"2504.{day[-2:]}001"))
    async with stage.bot():
        await stage.posted()
        answer = await why(stage, "2504.20001")
        assert "was there already when I first read local" in answer and "can be searched" in answer


async def test_too_old_when_first_seen(stage: Stage) -> None:
    stage.feed()
    async with stage.bot() as bot:
        await bot.plan()  # from here on it is no first run
        stage.clock.move(minutes=1)
        await read(bot, stage, "2025-04-01", GRASP)
        assert "was old already when it came" in await why(stage, "2504.00001")


async def test_before_the_feed_was_set_up(stage: Stage) -> None:
    stage.delivery = {"first_run": "none"}
    async with stage.bot() as bot:
        await read(bot, stage, "2025-04-28", GRASP)
    stage.feed()
    async with stage.bot():
        assert "came before this feed was set up" in await why(stage, "2504.00001")


async def test_removed_from_the_channel(stage: Stage) -> None:
    """The feed pauses, and says since when and what to do."""
    stage.feed(layout="full")
    ada = stage.member("ada")
    async with stage.bot() as bot:
        await ada.remove_bot("papers")
        await read(bot, stage, "2025-04-28", GRASP)
        answer = await why(stage, "2504.00001", name="ada")
        assert "paused since" in answer and "/invite" in answer
        await read(bot, stage, "2025-04-29", WALK)
        answer = await why(stage, "2504.00002", name="ada")
        assert "paused since 27 Apr 2025 at 23:00 (America/Los_Angeles)" in answer
        assert "/invite @Paperboy" in answer and "resume" not in answer, "it starts by itself"


async def test_who_may_not_resume_a_feed_is_not_told_to(stage: Stage) -> None:
    jonas = stage.member("jonas")
    stage.sandbox.workspace.user("ada").is_admin = stage.sandbox.workspace.user("ada").is_owner = False
    await jonas.invite_bot("papers")
    async with stage.bot() as bot:
        wanted = Feed(
            stage.sandbox.workspace.id, stage.sandbox.workspace.channel("papers").id, owner=jonas.id
        )
        await bot._services.feeds.save(wanted, "", paused=f"by {jonas.id}")
        answer = await why(stage, name="ada")
        assert answer.startswith("Nothing is broken") and "resume" not in answer
        answer = await why(stage, name="jonas")
        assert answer.startswith("Nothing is broken") and "/papers feed resume" in answer


async def test_slack_asks_to_wait(stage: Stage) -> None:
    stage.feed(layout="full")
    async with stage.bot() as bot:
        fault = stage.sandbox.faults.add("rate_limit", method="chat.postMessage", retry_after="120")
        await read(bot, stage, "2025-04-28", GRASP)
        assert fault.times == 0
        answer = await why(stage, "2504.00001")
        assert "waits until" in answer and "Slack asked to slow down" in answer


async def test_after_the_filter_changed(stage: Stage) -> None:
    stage.feed(layout="full", filter="tag:audio")
    async with stage.bot() as bot:
        await read(bot, stage, "2025-04-28", GRASP, WALK)
        await stage.posted()
    stage.feeds = ()
    stage.feed(layout="full", filter="tag:robotics")
    async with stage.bot():
        assert "a digest has one turn" in await why(stage, "2504.00001")


async def test_what_a_revision_brought_is_linked_to_its_own_message(stage: Stage) -> None:
    stage.feed(layout="compact")
    async with stage.bot() as bot:
        await read(bot, stage, "2025-04-28", GRASP)
        await stage.posted()
        await read(bot, stage, "2025-04-28", GRASP, SURVEY)
        second = await stage.posted(2)
        answer = (await stage.member().command("papers", "/papers", "why 2504.00003")).message
        assert f"/p{second.ts.replace('.', '')}" in str(answer.blocks)


async def test_a_paper_that_left_its_digest(stage: Stage) -> None:
    stage.feed(layout="full", filter="tag:robotics")
    async with stage.bot() as bot:
        await read(bot, stage, "2025-04-28", GRASP, WALK)
        await read(bot, stage, "2025-04-28", GRASP)
        assert "took it out" in await why(stage, "2504.00002")
