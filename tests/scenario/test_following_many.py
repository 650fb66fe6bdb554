"""Following with a preview, and unfollowing many at once with one way back."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from stage import Stage, catch_up, row

from bot.app.bot import Bot


@pytest.fixture
async def bot(stage: Stage) -> AsyncIterator[Bot]:
    rows = [row(f"Arm {n}", f"2504.{n:05}") for n in range(1, 13)]
    stage.write("2025-04-26", *rows[:6], row("World Models", "2504.00030", authors="Yi Peng"))
    stage.write("2025-04-27", *rows[6:], row("Voices", "2504.00031", tags="Audio"))
    async with stage.bot() as bot:
        await catch_up(bot)
        yield bot


async def ask(stage: Stage, text: str) -> str:
    return (await stage.member().command("papers", "/papers", text)).text


async def test_a_follow_says_what_it_would_have_brought_before_and_after(stage: Stage, bot: Bot) -> None:
    assert "1 paper, less than one a week: “Voices”" in await ask(stage, "follow audio")
    second = await ask(stage, "follow robotics")
    assert "13 papers, about 3 a week" in second
    assert "1 paper (your other follows bring as much), less" in await ask(stage, 'follow "world models"')
    assert "papers (your other follows bring as much), about" in await ask(
        stage, "follow search:voices OR arm"
    )
    assert "You already follow Robotics." in await ask(stage, "follow robotics")
    assert "brought you nothing; `/papers follow Robotics` would bring some" in await ask(
        stage, 'follow "quantum"'
    )


async def test_what_would_bring_nothing_either_is_not_recommended(stage: Stage, bot: Bot) -> None:
    stage.clock.move(days=90)
    assert "this would have brought you nothing. Your digest" in await ask(stage, "follow vision")


async def test_a_name_that_is_no_tag_may_be_a_person_or_a_phrase(stage: Stage, bot: Bot) -> None:
    jonas = stage.member()
    said = (await jonas.command("papers", "/papers", "follow yi peng")).message
    assert "no tag “yi peng”" in said.text and "`author:yi peng` follows the person" in said.text
    assert [one["text"]["text"] for one in said.blocks[-1]["elements"]][-2:] == [
        "Follow author yi peng",
        "Follow “yi peng”",
    ]
    assert "You follow author yi peng." in (await jonas.press(said, "following_add:0")).text
    phrase = await ask(stage, "follow flow matching")
    assert '`"flow matching"` follows these words' in phrase and "author:" not in phrase
    assert "follows" not in await ask(stage, "follow tag:quantum")
    assert "follows" not in await ask(stage, "follow arms -tag:quantum")
    assert "follows" not in await ask(stage, "follow (((")


async def test_a_digest_ends_in_a_window_that_changes_what_comes(stage: Stage, bot: Bot) -> None:
    jonas = stage.member()
    await ask(stage, "follow robotics")
    stage.clock.move(hours=2)
    stage.write("2025-04-28", row("New Arm", "2504.00040"))
    await catch_up(bot)
    await bot.plan()
    await stage.sandbox.until(jonas.dms)
    opened = (await jonas.press(jonas.dms()[0], "following_show")).view
    assert jonas.modal is opened and "Robotics" in str(opened.blocks)
    await jonas.press(opened, "following_remove")
    assert "no longer follow Robotics" in str(jonas.modal.blocks)


async def test_a_flood_is_warned_of(stage: Stage, bot: Bot) -> None:
    for day in range(1, 11):
        rows = [row(f"Voice {day} {n}", f"2503.{day:02}{n:03}", tags="Audio") for n in range(60)]
        stage.write(f"2025-04-{day:02}", *rows)
    await catch_up(bot)
    assert "about 20 a day" in (said := await ask(stage, "follow audio")) and "a lot for one message" in said


async def test_all_are_unfollowed_at_once_and_one_press_brings_them_back(stage: Stage, bot: Bot) -> None:
    jonas = stage.member()
    for text in ("robotics", "author:Yi Peng", '"world models"', "robots -tag:audio"):
        await ask(stage, f"follow {text}")
    gone = (await jonas.command("papers", "/papers", "unfollow all")).message
    assert "no longer follow Robotics, author Yi Peng" in gone.text and "no digest will come" in gone.text
    assert "follow nothing" in await ask(stage, "following")
    await ask(stage, "follow robotics")
    back = (await jonas.press(gone, "following_restore")).message
    assert "author Yi Peng, “world models”" in back.text and "again" in back.text
    assert (await ask(stage, "following")).startswith("You follow 4 things")


async def test_a_kind_or_a_list_is_unfollowed(stage: Stage, bot: Bot) -> None:
    for text in ("robotics", "audio", "author:Yi Peng", '"one, two"'):
        await ask(stage, f"follow {text}")
    assert "Audio, Robotics" in await ask(stage, "unfollow tags")
    assert "You follow no searches" in await ask(stage, "unfollow searches")
    await ask(stage, "follow robotics")
    said = await ask(stage, 'unfollow Robotics, author:Yi Peng, "one, two"')
    assert "Robotics, author Yi Peng, “one, two”" in said
    assert "You don't follow" in await ask(stage, "unfollow Audio, Robotics")


async def test_a_search_is_followed_from_its_result_with_the_preview(stage: Stage, bot: Bot) -> None:
    jonas = stage.member()
    found = (await jonas.command("papers", "/papers", "search arm -tag:audio")).message
    followed = (await jonas.press(found, "search_follow")).message
    assert "You follow search arm -tag:Audio. In the last 30 days" in followed.text
    undone = (await jonas.press(followed, "following_remove")).message
    assert "no longer follow search" in undone.text
