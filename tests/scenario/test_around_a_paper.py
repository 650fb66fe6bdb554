"""The row under a paper: follow, hide, share; wherever the card stands."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from stage import Stage, catch_up, row

from bot.library.inbox import Inbox
from bot.sandbox import Message, payloads

HOSTILE = "We do this too.\n<!channel> @here <@U001000001> #general"


@pytest.fixture
async def library(either_way: Stage) -> AsyncIterator[Stage]:
    """A running bot with three papers that are alike, and one that is not."""
    stage = either_way
    stage.write(
        "2025-04-27",
        *(
            row(f"Gripper {n}: Hands for Robots", f"2504.0000{n}", authors="Yi Peng, Bo Chen")
            for n in (1, 2, 3)
        ),
        row("Voice Boxes", "2504.00020", tags="Text-to-Speech", authors="Ada Reyes"),
    )
    async with stage.bot() as bot:
        await catch_up(bot)
        yield stage


async def card(
    stage: Stage, title: str = "Gripper 1", *, channel: str = "papers", name: str = "jonas"
) -> Message:
    """An answer with one card, or the card first."""
    return (await stage.member(name).command(channel, "/papers", f'search "{title}"')).message


def value(message: Message, deed: str) -> str:
    """The first option of that beginning, in any menu of the message."""
    values = [
        option["value"]
        for block in message.blocks
        for element in block.get("elements", ())
        for group in (element, *element.get("option_groups", ()))
        for option in group.get("options", ())
    ]
    return next(one for one in values if one.startswith(deed))


async def test_an_author_is_followed_from_a_card_as_by_the_command(library: Stage) -> None:
    jonas, found = library.member(), await card(library)
    pressed = (await jonas.press(found, "paper_follow_tag", "author:Yi Peng")).text
    await jonas.command("papers", "/papers", "unfollow author:Yi Peng")
    typed = (await jonas.command("papers", "/papers", "follow author:Yi Peng")).text
    assert "author Yi Peng" in pressed
    assert pressed == typed


async def test_what_is_hidden_comes_no_more_by_itself_and_a_search_finds_it(library: Stage) -> None:
    jonas, found = library.member(), await card(library)
    said = (await jonas.press(found, "paper_more", value(found, "hide"))).message
    assert "Gripper 1" in said.text and said.only_for == jonas.id
    assert "Gripper 1" not in (await jonas.command("papers", "/papers", "today")).text
    assert "Gripper 1: Hands" not in str((await jonas.open_home()).view.blocks)
    assert "Gripper 1" in (await card(library)).text
    assert "Gripper 1" in (await library.member("yuki").command("papers", "/papers", "today")).text
    other = await card(library, "Gripper 2")
    alike = (await jonas.press(other, "paper_like")).text
    assert "Gripper 3" in alike and "Gripper 1" not in alike


async def test_hiding_twice_is_hiding_once_and_undo_brings_it_back(library: Stage) -> None:
    jonas, found = library.member(), await card(library)
    await jonas.press(found, "paper_more", value(found, "hide"))
    again = (await jonas.press(found, "paper_more", value(found, "hide"))).message
    undone = (await jonas.press(again, "paper_unhide")).message
    assert undone is again and "is back" in undone.text
    assert "Gripper 1" in (await jonas.command("papers", "/papers", "today")).text


async def test_a_day_of_which_all_is_hidden_says_so(library: Stage) -> None:
    jonas = library.member()
    for title in ("Gripper 1", "Gripper 2", "Gripper 3", "Voice Boxes"):
        found = await card(library, title)
        await jonas.press(found, "paper_more", value(found, "hide"))
    assert "not for you" in (await jonas.command("papers", "/papers", "today")).text


async def test_a_paper_is_shared_once_with_a_note_that_does_nothing(library: Stage) -> None:
    jonas, found = library.member(), await card(library)
    form = (await jonas.press(found, "paper_more", value(found, "share"))).view
    assert form.state["channel"]["channel"]["selected_conversation"] == found.channel
    closed = await jonas.submit(form, {"note": HOSTILE}, answers=2)
    assert not closed.errors
    await jonas.submit(form, {"note": HOSTILE}, answers=0)
    (post,) = library.posts()
    said = post.blocks[1]["elements"][0]["elements"]
    assert post.blocks[0]["elements"][0]["elements"][-1] == {"type": "user", "user_id": jonas.id}
    assert said == [{"type": "text", "text": HOSTILE}]
    assert "<!channel>" not in post.text and "Gripper 1" in post.text
    assert "paper_save" in str(post.blocks), "others can save it from there"


async def test_a_paper_is_shared_to_a_channel_without_the_bot(library: Stage) -> None:
    jonas, found = library.member(), await card(library)
    assert library.sandbox.workspace.bot_user not in library.sandbox.workspace.channel("general").members
    form = (await jonas.press(found, "paper_more", value(found, "share"))).view
    general = library.sandbox.workspace.channel("general").id
    await jonas.submit(form, {"channel": general}, answers=2)
    assert "Gripper 1" in library.posts("general")[0].text
    assert library.posts() == []


async def test_a_paper_is_shared_from_a_direct_message(library: Stage) -> None:
    jonas = library.member()
    found = await card(library, channel="@paperboy")
    form = (await jonas.press(found, "paper_more", value(found, "share"))).view
    await jonas.submit(form, {"channel": library.sandbox.workspace.channel("papers").id}, answers=2)
    assert "Gripper 1" in library.posts()[0].text


async def test_a_share_that_slack_refuses_is_told_to_who_shared(library: Stage) -> None:
    jonas, found = library.member(), await card(library)
    form = (await jonas.press(found, "paper_more", value(found, "share"))).view
    await library.member("ada").archive("papers")
    await jonas.submit(form, answers=2)
    assert jonas.modal is not form and "did not take it" in str(jonas.modal.blocks)


async def test_a_share_that_slack_refuses_late_is_told_by_direct_message(library: Stage) -> None:
    jonas, found = library.member(), await card(library)
    form = (await jonas.press(found, "paper_more", value(found, "share"))).view
    await library.member("ada").archive("papers")
    library.sandbox.faults.add("refuse", method="views.open", error="expired_trigger_id")
    await jonas.submit(form, answers=1)
    await library.sandbox.until(jonas.dms, timeout=15)
    assert "did not take it" in jonas.dms()[0].text


async def test_the_row_of_a_card_in_a_channel_answers_its_reader_alone(stage: Stage) -> None:
    stage.feed(layout="full")
    async with stage.bot():
        stage.write("2025-04-28", row("Gripper", "2504.00001"))
        post = await stage.posted()
        said = (await stage.member("yuki").press(post, "paper_more", value(post, "hide"))).message
    assert said is not post and said.only_for == stage.member("yuki").id


async def test_a_share_taken_by_a_process_that_died_is_shared_by_the_next(stage: Stage) -> None:
    stage.write("2025-04-27", row("Gripper 1: Hands for Robots", "2504.00001"))
    jonas = stage.member()
    async with stage.bot() as bot:
        await catch_up(bot)
        found = await card(stage)
        form = (await jonas.press(found, "paper_more", value(found, "share"))).view
        place = {
            "response_url": f"{stage.sandbox.url}/commands/{jonas.workspace.id}/{left_open(stage, found)}"
        }
        body = payloads.submission(jonas.workspace, jonas.user, form, [place])
        key = f"{jonas.workspace.id}:{form.id}:shared"
        assert await Inbox(bot.core.database).take(key, body, stage.clock())
    assert stage.posts() == []
    async with stage.bot():
        await stage.sandbox.until(stage.posts)
        await jonas.submit(form, answers=0)
    assert ["Gripper 1" in post.text for post in stage.posts()] == [True]


def left_open(stage: Stage, found: Message) -> str:
    """A way to post where the message stands."""
    workspace = stage.sandbox.workspace
    return workspace.response_urls.issue(workspace.id, found.channel, stage.member().id).id


async def test_a_button_in_a_thread_is_answered_there(stage: Stage) -> None:
    stage.feed(layout="thread")
    async with stage.bot():
        stage.write("2025-04-28", row("Gripper", "2504.00001"))
        post = await stage.posted()
        await stage.sandbox.until(lambda: post.replies)
        said = (await stage.member("yuki").press(post.replies[0], "paper_save")).message
        shown = await stage.member("yuki").message_shortcut(post.replies[0], "find_paper")
    assert said.thread_ts == shown.message.thread_ts == post.ts
