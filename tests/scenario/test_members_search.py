"""Searching, from what a member types to what they see and press."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from stage import Stage, catch_up, row

from bot.app.bot import Bot
from bot.sandbox import Message
from bot.slack import ids
from bot.slack.ids import Search

VIDEO = [row(f"Video Diffusion {number}: A Study", f"2504.{number:05}") for number in range(1, 13)]
CHINESE = row("基於世界模型的機器人學習", "2504.00030", authors="陳大文")


async def stock(bot: Bot) -> None:
    await catch_up(bot)
    await bot.core.library.catch_up()  # the spellings too


def write(stage: Stage) -> None:
    stage.write(
        "2025-04-26",
        *VIDEO[:6],
        row("A Study", "2504.00022"),
        row("Voice Boxes for Robots", "2504.00020", tags="Text-to-Speech", authors="Yi Peng"),
    )
    stage.write(
        "2025-04-27", *VIDEO[6:], CHINESE, row("Camera Motions", "2504.00021", tags="Computer Vision")
    )


@pytest.fixture
async def library(stage: Stage) -> AsyncIterator[Stage]:
    write(stage)
    async with stage.bot() as bot:
        await stock(bot)
        yield stage


async def search(stage: Stage, text: str) -> Message:
    return (await stage.member().command("papers", "/papers", f"search {text}")).message


def titles(message: Message) -> list[str]:
    return message.text.splitlines()[1:]


def elements(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from elements(value)
    elif isinstance(node, list):
        for value in node:
            yield from elements(value)


def bold(message: Message) -> list[str]:
    """What is bold, after the query itself."""
    return [one["text"] for one in elements(message.blocks) if one.get("style") == {"bold": True}][1:]


def labels(message: Message) -> list[str]:
    return [one["text"]["text"] for one in elements(message.blocks) if one.get("type") == "button"]


async def test_the_reason_is_bold(library: Stage) -> None:
    found = await search(library, "camera motion")
    assert titles(found)[0] == "Camera Motions"
    assert bold(found)[0] == "Camera Motions"
    by_author = await search(library, "peng voice")
    assert bold(by_author)[:2] == ["Voice", "Peng"]


async def test_a_correction_is_shown_and_can_be_undone(library: Stage) -> None:
    found = await search(library, "vidoe difusion")
    assert "showing results for “video diffusion”" in found.text
    assert len(titles(found)) == 5
    typed = (await library.member().press(found, "search_page:typed")).message
    assert typed is found, "in its place"
    assert "Nothing found for “vidoe difusion”" in typed.text


async def test_a_misspelt_tag_is_named_with_the_nearest(library: Stage) -> None:
    found = await search(library, "tag:robotcs video")
    assert "Did you mean Robotics?" in json.dumps(found.blocks, ensure_ascii=False)
    assert "Did you mean Robotics?" in (await search(library, "tag:robotcs")).text


async def test_the_order_is_a_choice_and_stays_over_pages(library: Stage) -> None:
    jonas = library.member()
    best = await search(library, "study")
    assert titles(best)[0] == "A Study"
    newest = (await jonas.press(best, "search_page:order")).message
    assert newest is best and "newest first" in newest.text
    seen = titles(newest)
    seen += titles((await jonas.press(newest, "search_page:next")).message)
    assert "newest first" in newest.text and "A Study" not in seen[:6]
    seen += titles((await jonas.press(newest, "search_page:next")).message)
    assert len(set(seen)) == 13 and "A Study" in seen
    back = (await jonas.press(newest, "search_page:order")).message
    assert titles(back)[0] == "A Study"


async def test_the_order_is_a_choice_on_pages_that_are_not_ranked(stage: Stage) -> None:
    stage.write("2025-04-27", *(row(f"Zebra Number {number}", f"2504.{number:05}") for number in range(120)))
    async with stage.bot() as bot:
        await stock(bot)
        found = await search(stage, "zebra")
        (following,) = [one for one in elements(found.blocks) if one.get("action_id") == "search_page:next"]
        following["value"] = ids.search(Search("zebra", offset=110))
        far = (await stage.member().press(found, "search_page:next")).message
        assert len(titles(far)) == 5 and "search_page:order" in str(far.blocks)


async def test_past_the_end_is_the_last_page(library: Stage) -> None:
    """Papers may have gone since the button was drawn."""
    found = await search(library, "video diffusion")
    (following,) = [one for one in elements(found.blocks) if one.get("action_id") == "search_page:next"]
    following["value"] = ids.search(Search("video diffusion", offset=500))
    last = (await library.member().press(found, "search_page:next")).message
    assert len(titles(last)) == 2 and "11–12 of 12" in json.dumps(last.blocks, ensure_ascii=False)


async def test_more_like_this_is_paged_and_leaves_out_the_paper(library: Stage) -> None:
    jonas = library.member()
    found = await search(library, "2504.00003")
    assert titles(found) == ["Video Diffusion 3: A Study"]
    like = (await jonas.press(found, "paper_like")).message
    assert like is not found and "More like “Video Diffusion 3: A Study”" in like.text
    seen = titles(like)
    assert len(seen) == 5
    seen += titles((await jonas.press(like, "like_page:next")).message)
    assert len(set(seen)) == 10 and "Video Diffusion 3: A Study" not in seen
    await jonas.press(like, "like_page:prev")
    assert titles(like) == seen[:5]


async def test_more_like_a_paper_that_a_channel_got_is_for_the_member_alone(stage: Stage) -> None:
    stage.feed(layout="full")
    async with stage.bot() as bot:
        write(stage)
        await stock(bot)
        post = await stage.posted(2)
        like = (await stage.member().press(post, "paper_like")).message
    assert "More like “" in like.text and like.only_for == stage.member().id


@pytest.mark.parametrize(
    "typed", ['robot tag:"NLP"', "search:robot tag:nlp", 'search robot tag:"Natural Language Processing"']
)
async def test_a_followed_search_is_unfollowed_by_any_way_to_write_it(stage: Stage, typed: str) -> None:
    async with stage.bot():
        jonas = stage.member()
        await jonas.command("papers", "/papers", "follow robot tag:nlp")
        assert "search robot tag" in (await jonas.command("papers", "/papers", "following")).text
        answer = (await jonas.command("papers", "/papers", f"unfollow {typed}")).text
    assert "You no longer follow search robot" in answer


async def test_a_search_is_followed_in_one_press_and_undone_in_another(library: Stage) -> None:
    jonas = library.member()
    found = await search(library, "vidoe robot -tag:nlp after:2025")
    followed = (await jonas.press(found, "search_follow")).message
    assert followed is not found, "what was found stays"
    assert 'You follow search video robot -tag:"Natural Language Processing"' in followed.text
    await jonas.press(found, "search_follow")
    listed = (await jonas.command("papers", "/papers", "following")).text
    assert listed.count("search video robot") == 1
    undone = (await jonas.press(followed, "following_remove")).message
    assert "no longer follow" in undone.text
    assert "follow nothing" in (await jonas.command("papers", "/papers", "following")).text


@pytest.mark.parametrize(
    ("asked", "followed"),
    [
        ("tag:tts", "Text-to-Speech"),
        ('author:"Yi Peng"', "author Yi Peng"),
        ('"voice boxes"', "“voice boxes”"),
        ("voice", "“voice”"),
        ("how do robots use their voice", "search robots voice"),
    ],
)
async def test_a_search_is_followed_as_what_it_asks_for(library: Stage, asked: str, followed: str) -> None:
    found = await search(library, asked)
    assert f"You follow {followed}" in (await library.member().press(found, "search_follow")).text


async def test_a_followed_search_brings_new_papers_with_the_reason(stage: Stage) -> None:
    write(stage)
    async with stage.bot() as bot:
        await stock(bot)
        jonas = stage.member()
        found = await search(stage, "voice robots -tag:audio")
        await jonas.press(found, "search_follow")
        wanted = row("A Robot's Voice", "2504.00040")
        stage.write(
            "2025-04-28",
            wanted,
            row("A Voice", "2504.00041", tags="Summarization"),
            row("Robot Voices", "2504.00042", tags="TTS"),
        )
        await stock(bot)
        stage.clock.move(days=1, hours=2)
        await bot.plan()
        await stage.sandbox.until(jonas.dms)
    (digest,) = jonas.dms()
    assert "A Robot's Voice. You follow search voice robots -tag:Audio" in digest.text
    assert "A Voice." not in digest.text and "Robot Voices" not in digest.text


async def test_signs_that_slack_hands_on_as_entities_are_read_as_typed(library: Stage) -> None:
    found = await search(library, "video &amp; diffusion -&lt;study&gt;")
    assert "“video &amp; diffusion -&lt;study&gt;”" in found.text, "escaped once, for the text"


@pytest.mark.parametrize(
    "text",
    [
        "2504.00021",
        "2504.00021v7",
        "arXiv:2504.00021",
        "https://arxiv.org/abs/2504.00021v2",
        "<https://arxiv.org/pdf/2504.00021.pdf>",
    ],
)
async def test_a_lone_paper_is_found_and_nothing_else(library: Stage, text: str) -> None:
    assert titles(await search(library, text)) == ["Camera Motions"]


async def test_chinese_is_found_by_its_words(library: Stage) -> None:
    found = await search(library, "世界模型")
    assert titles(found)[0] == "基於世界模型的機器人學習"
    assert bold(found)[0] == "世界模型"
    assert titles(await search(library, "陳大文")) == ["基於世界模型的機器人學習"]


async def test_buttons_go_on_after_a_restart(stage: Stage) -> None:
    write(stage)
    jonas = stage.member()
    async with stage.bot() as bot:
        await stock(bot)
        found = await search(stage, "vidoe diffusion")
        await jonas.press(found, "search_page:order")
        first = titles(found)
    async with stage.bot():
        second = titles((await jonas.press(found, "search_page:next")).message)
        assert "newest first" in found.text and not set(first) & set(second)
        assert "More like" in (await jonas.press(found, "paper_like")).text
        assert "You follow search video diffusion" in (await jonas.press(found, "search_follow")).text


async def test_two_presses_at_once_give_the_same_page(library: Stage) -> None:
    jonas = library.member()
    found = await search(library, "video diffusion")
    once = titles((await jonas.press(found, "search_page:next")).message)
    stale = await search(library, "video diffusion")
    await jonas.press(stale, "search_page:next")
    assert titles(stale) == once


async def test_large_titles_and_a_long_query_fit(stage: Stage) -> None:
    title = "世界模型與機器人學習之研究" * 24
    stage.write("2025-04-27", *(row(f"{number} {title}", f"2504.{number:05}") for number in range(60)))
    async with stage.bot() as bot:
        await stock(bot)
        jonas = stage.member()
        for query in ("世界模型 " * 800, "機器人學習" * 800, "word " * 790 + "學習"):
            found = await search(stage, query)
            assert "Reference" not in found.text
        found = await search(stage, "世界模型")
        seen = titles(found)
        while "Next" in labels(found):
            seen += titles((await jonas.press(found, "search_page:next")).message)
        assert len({line.split()[0] for line in seen}) == 60, "none is lost between pages"


@pytest.mark.parametrize("text", ["OR OR OR", "🤖"])
async def test_what_holds_no_word_is_said_once(library: Stage, text: str) -> None:
    found = await search(library, text)
    assert titles(found)
    assert found.text.count(text) == 1 and str(found.blocks).count(text) == 1
    assert f"I found no word to search for in “{text}”." in found.text


async def test_two_links_side_by_side_find_both_papers(library: Stage) -> None:
    found = await search(library, "https://arxiv.org/abs/2504.00020 https://arxiv.org/abs/2504.00021v2")
    assert {"Voice Boxes for Robots", "Camera Motions"} == set(titles(found))
