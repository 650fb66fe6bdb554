"""What members type and press, and what they see of it."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

import pytest
from stage import Stage, catch_up, digest, row

from bot.sandbox import Draft, Member, Message

PAPERS = [row(f"Diffusion {number}: A Study", f"2504.{number:05}") for number in range(1, 13)]


@pytest.fixture
async def library(either_way: Stage) -> AsyncIterator[Stage]:
    """A running bot that has read a digest of fourteen papers."""
    stage = either_way
    stage.write(
        "2025-04-27",
        *PAPERS,
        row("Voice Boxes", "2504.00020", tags="Text-to-Speech", authors="Yi Peng"),
        row("Camera Motions", "2504.00021", tags="Computer Vision"),
    )
    async with stage.bot() as bot:
        await stage.sandbox.until(lambda: True)
        await catch_up(bot)
        yield stage


async def ask(stage: Stage, text: str, name: str = "jonas") -> str:
    return (await stage.member(name).command("papers", "/papers", text)).text


@pytest.mark.parametrize("text", ["", "help", "?"])
async def test_help_has_live_examples(library: Stage, text: str) -> None:
    answer = await ask(library, text)
    assert "/papers search Diffusion 1" in answer and "/papers follow Robotics" in answer


async def test_what_is_not_understood_is_answered_with_help(library: Stage) -> None:
    answer = await ask(library, "serch diffusion")
    assert "Did you mean /papers search?" in answer and "/papers today" in answer


async def test_answers_are_for_the_member_alone(library: Stage) -> None:
    await ask(library, "search diffusion")
    assert library.posts() == []
    assert library.member().ephemerals()[-1].only_for == library.member().id


@pytest.mark.parametrize("text", ["today", "latest", "yesterday", "2025-04-27", "today 2025-04-27"])
async def test_a_day(library: Stage, text: str) -> None:
    answer = await ask(library, text)
    assert "Sunday, 27 April 2025: 14 papers" in answer and "Camera Motions" in answer


async def test_a_day_without_a_digest_says_what_to_do(library: Stage) -> None:
    assert "/papers today" in await ask(library, "2025-04-01")
    assert "yesterday" in await ask(library, "today someday")


async def test_a_digest_without_papers_says_so(stage: Stage) -> None:
    jonas = stage.member()
    async with stage.bot() as bot:
        (stage.digests / "2025-04-28.md").write_text(digest("2025-04-28"), "utf-8")
        await catch_up(bot)
        home = str((await jonas.open_home()).view.blocks)
        assert "No papers of this day" in home and "first digest" not in home
        said = await ask(stage, "today")
        assert "has no papers" in said and "you said" not in said
        form = (await jonas.command("papers", "/papers", "feed set")).view
        preview = (await jonas.press(form, "feed_draft")).view
        assert "it has no papers, so nothing is posted" in str(preview.blocks)


async def test_search_is_paged_with_buttons(library: Stage) -> None:
    jonas = library.member()
    first = (await jonas.command("papers", "/papers", "search diffusion")).message
    assert "12 papers" in first.text
    second = (await jonas.press(first, "search_page:next")).message
    assert second is first, "the page takes the place of the one before"
    third = (await jonas.press(second, "search_page:next")).message
    titles = [line for line in third.text.splitlines() if "Study" in line]
    assert len(titles) == 2
    back = (await jonas.press(third, "search_page:prev")).message
    assert len([line for line in back.text.splitlines() if "Study" in line]) == 5


async def test_a_button_that_no_version_of_this_bot_has_is_answered(library: Stage) -> None:
    jonas, workspace = library.member(), library.sandbox.workspace
    unheard = {"type": "button", "action_id": "paper_fold:2", "text": {"type": "plain_text", "text": "Fold"}}
    actions = Draft("x", [{"type": "actions", "elements": [unheard]}])
    post = workspace.post(workspace.channel("papers"), workspace.bot_user, actions)
    reply = await jonas.press(post, "paper_fold:2")
    assert reply.ack.ok and "too old for me to read" in reply.message.text
    assert reply.message.only_for == jonas.id


@pytest.mark.parametrize("changed", ["callback_id", "private_metadata"])
async def test_a_form_that_no_version_of_this_bot_has_is_answered(library: Stage, changed: str) -> None:
    jonas = library.member()
    form = (await jonas.command("papers", "/papers", "feed set")).view
    form.payload[changed] = "folded: 2"
    reply = await jonas.submit(form)
    assert reply.ack.ok and "too old for me to read" in str(reply.view.blocks)


async def test_a_search_is_shared_once_with_the_name_of_who_shared_it(library: Stage) -> None:
    jonas = library.member()
    found = (await jonas.command("papers", "/papers", "search camera motions")).message
    await jonas.press(found, "search_share", answers=2)
    (post,) = library.posts()
    assert "Camera Motions" in post.text
    assert any(jonas.id in str(block) for block in post.blocks)
    assert "search_share" not in str(library.member().ephemerals()[-1].blocks), "no second press"


@asynccontextmanager
async def found_one(stage: Stage) -> AsyncIterator[tuple[Member, Message]]:
    """A bot with one paper, which a member has searched for and sees."""
    stage.write("2025-04-27", row("Camera Motions", "2504.00021", tags="Computer Vision"))
    async with stage.bot() as bot:
        await catch_up(bot)
        jonas = stage.member()
        yield jonas, (await jonas.command("papers", "/papers", "search camera motions")).message


async def test_a_double_click_shares_once(stage: Stage) -> None:
    async with found_one(stage) as (jonas, found):
        await asyncio.gather(*(jonas.press(found, "search_share", answers=0) for _ in range(3)))
        await stage.sandbox.until(lambda: "Shared with" in found.text)
    assert len(stage.posts()) == 1


async def test_a_share_taken_by_a_process_that_died_is_posted_by_the_next(stage: Stage) -> None:
    async with found_one(stage) as (jonas, found):
        await jonas.press(found, "search_share", answers=2)
    with closing(sqlite3.connect(stage.folder / "data" / "paperboy.db")) as file, file:
        died = "UPDATE inbox SET handled_at = NULL WHERE key LIKE '%:search_share'"
        assert file.execute(died).rowcount == 1
    async with stage.bot():
        await stage.sandbox.until(lambda: len(stage.posts()) == 2)
    assert len(stage.posts()) == 2


async def test_nothing_found_helps(library: Stage) -> None:
    answer = await ask(library, "search zyxwvut")
    assert "Nothing found" in answer and "/papers search" in answer


@pytest.mark.parametrize(
    ("asked", "followed"),
    [
        ("nlp", "Natural Language Processing"),
        ("TEXT_TO_SPEECH", "Text-to-Speech"),
        ("tag:vqa", "Visual Question Answering"),
        ("author:Yi Peng", "author Yi Peng"),
        ('"world model"', "“world model”"),
        ("“world model”", "“world model”"),
    ],
)
async def test_follow_by_any_spelling(library: Stage, asked: str, followed: str) -> None:
    assert followed in await ask(library, f"follow {asked}")
    assert followed in await ask(library, "following")
    assert followed in await ask(library, f"unfollow {asked}")
    assert followed not in await ask(library, "following")


async def test_following_a_family_names_what_it_brings(library: Stage) -> None:
    assert "Text-to-Speech" in await ask(library, "follow audio")


async def test_a_misspelt_tag_is_answered_with_the_nearest(library: Stage) -> None:
    assert "Did you mean Robotics" in await ask(library, "follow robotcs")


async def test_follow_can_be_undone_with_a_button(library: Stage) -> None:
    jonas = library.member()
    done = (await jonas.command("papers", "/papers", "follow robotics")).message
    undone = (await jonas.press(done, "following_remove")).message
    assert "no longer follow Robotics" in undone.text
    assert "follow nothing" in await ask(library, "following")


async def test_the_digest_s_hour_is_shown_in_the_member_s_zone(library: Stage) -> None:
    await ask(library, "follow robotics")
    assert "every day at 08:30 (Europe/Berlin)" in await ask(library, "digest daily at 8:30am")
    assert "every Monday at 08:30" in await ask(library, "digest weekly")
    assert "off" in await ask(library, "digest off")
    assert "08:30" in await ask(library, "digest every now and then"), "an example of how to write it"


async def test_a_zone_that_slack_does_not_tell_keeps_nobody_from_an_answer(library: Stage) -> None:
    library.sandbox.faults.add("cut", method="users.info", times=None)
    assert "every day at 08:30 (UTC)" in await ask(library, "digest daily at 08:30")


async def test_save_from_a_card_and_find_it_again(library: Stage) -> None:
    jonas = library.member()
    found = (await jonas.command("papers", "/papers", "search camera motions")).message
    saved = (await jonas.press(found, "paper_save")).message
    assert "Saved “Camera Motions”" in saved.text
    await jonas.press(found, "paper_save")
    assert (await ask(library, "saved")).count("Camera Motions") == 1
    assert "saved nothing" in await ask(library, "saved", "yuki")


async def test_follow_a_tag_from_a_card(library: Stage) -> None:
    jonas = library.member()
    found = (await jonas.command("papers", "/papers", "search camera motions")).message
    assert "Computer Vision" in (await jonas.press(found, "paper_follow_tag", "tag:Computer Vision")).text


async def test_the_home_tab_is_useful_before_any_setup_and_follows_what_is_set(library: Stage) -> None:
    jonas = library.member()
    before = str((await jonas.open_home()).view.blocks)
    assert "Camera Motions" in before and "/papers follow" in before
    await ask(library, "follow robotics")
    assert "Robotics" in str((await jonas.open_home()).view.blocks)


async def test_a_stale_button_says_so(library: Stage) -> None:
    jonas = library.member()
    found = (await jonas.command("papers", "/papers", "search camera motions")).message
    for block in found.blocks:
        for element in block.get("elements", []):
            if element.get("action_id") == "paper_save":
                element["value"] = "drop table"
    assert "too old" in (await jonas.press(found, "paper_save")).text


async def test_a_bug_shows_an_id_that_the_log_has_too(
    library: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    await library.spoil("UPDATE paper SET authors = 'no JSON'")
    answer = (await library.member().command("papers", "/papers", "today")).text
    reference = answer.split("Reference ")[1][:6]
    assert reference in "".join(capsys.readouterr())


async def test_settings_of_members_survive_a_restart(stage: Stage) -> None:
    async with stage.bot():
        await ask(stage, "follow robotics")
    async with stage.bot():
        assert "Robotics" in await ask(stage, "following")


async def test_what_was_answered_before_a_restart_is_not_answered_again(stage: Stage) -> None:
    stage.write("2025-04-27", row("Camera Motions", "2504.00021"))
    jonas = stage.member()
    async with stage.bot() as bot:
        await catch_up(bot)
        found = (await jonas.command("papers", "/papers", "search camera")).message
        await jonas.press(found, "paper_save")
    said = [one.text for one in jonas.ephemerals()]
    async with stage.bot():
        helped = await ask(stage, "help")
        assert [one.text for one in jonas.ephemerals()] == [*said, helped]


async def test_when_the_app_is_taken_away_nothing_more_is_sent(stage: Stage) -> None:
    stage.feed(layout="full")
    async with stage.bot() as bot:
        await stage.member("ada").uninstall()
        await stage.sandbox.until(lambda: all(event.acks for event in stage.sandbox.events))
        stage.write("2025-04-28", row("Late", "2504.00099"))
        await catch_up(bot)
    assert stage.posts() == []
    assert stage.clock.now == dt.datetime(2025, 4, 28, 6, 0, tzinfo=dt.UTC)
