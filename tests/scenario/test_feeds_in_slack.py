"""A channel's feed, set up, shown, changed, paused and removed in Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from stage import Stage, ask, catch_up, row

from bot.sandbox import View


@pytest.fixture
async def library(either_way: Stage) -> AsyncIterator[Stage]:
    """A running bot that has read a digest: three papers of robotics, one of speech; it is in #papers."""
    stage = either_way
    await stage.member().invite_bot("papers")
    stage.write(
        "2025-04-27",
        row("Arms", "2504.00001"),
        row("Legs", "2504.00002"),
        row("Hands: A Survey", "2504.00003"),
        row("Voices", "2504.00004", tags="Text-to-Speech"),
    )
    async with stage.bot() as bot:
        await catch_up(bot)
        yield stage


async def form(stage: Stage, text: str = "feed set", name: str = "jonas", channel: str = "papers") -> View:
    member = stage.member(name)
    before = member.modal
    await member.command(channel, "/papers", text)
    view = await stage.sandbox.until(lambda: member.modal if member.modal is not before else None)
    assert view is not None
    return view


async def set_up(stage: Stage, text: str = "feed set", name: str = "jonas", **values: object) -> None:
    await stage.member(name).submit(await form(stage, text, name), values)


def shown(view: View | None) -> str:
    assert view is not None
    return str(view.blocks)


async def test_a_channel_without_a_feed_offers_one_and_its_first_digest_comes_at_once(library: Stage) -> None:
    jonas = library.member()
    offer = await ask(library, "feed")
    assert "has no feed yet" in offer.text
    view = (await jonas.press(offer, "feed_set")).view
    assert view is not None and view.payload["title"]["text"] == "Set up a feed"
    assert "Matches 4 papers" in shown(view) and "Europe/Berlin" in shown(view)
    done = shown(
        (await jonas.submit(view, {"about": "robotics", "but_not": "survey", "layout": "full"})).view
    )
    assert "is set up" in done and "introduced" in done
    post = await library.posted(2)
    first = library.posts()[0]
    assert jonas.id in str(first.blocks) and "/papers" in str(first.blocks), "by whom, and how to change it"
    assert "Arms" in post.text and "Survey" not in post.text and "Voices" not in post.text
    card = (await ask(library, "feed")).blocks
    assert "2 of the 4 papers of the last 30 days" in str(card) and f"<@{jonas.id}>" in str(card)


async def test_the_count_follows_what_is_typed_and_says_how_it_was_read(library: Stage) -> None:
    jonas = library.member()
    view = await form(library, "feed tag:robotics, speech -survey")
    assert "Matches 3 papers" in shown(view), "commas mean or, also when they are typed"
    view = await form(library, "feed robotics -survey")
    assert "Matches 2 papers" in shown(view)
    after = (await jonas.press(view, "feed_filter:but_not", "tag:vidio")).view
    assert "I know no tag “vidio”" in shown(after)
    after = (await jonas.press(view, "feed_filter:but_not", "hands, legs")).view
    assert "Matches 1 paper*" in shown(after) and "Read as" in shown(after)
    after = (await jonas.press(view, "feed_filter:about", "nothing-like-it")).view
    assert "Matches none" in shown(after)


async def test_a_tag_that_nobody_knows_is_no_filter(library: Stage) -> None:
    view = await form(library)
    reply = await library.member().submit(view, {"about": "tag:robotcs"})
    assert "Did you mean Robotics" in str(reply.ack.body)
    assert "no feed yet" in (await ask(library, "feed")).text


@pytest.mark.parametrize("nothing", ["🤖", "(((", "robotics, 🤖"])
async def test_a_line_that_asks_for_nothing_is_no_filter(library: Stage, nothing: str) -> None:
    view = await form(library)
    reply = await library.member().submit(view, {"about": nothing})
    assert "I found no word" in str(reply.ack.body)
    reply = await library.member().submit(view, {"about": "robotics", "but_not": nothing})
    assert list(reply.ack.body["errors"]) == ["but_not"]
    assert "no feed yet" in (await ask(library, "feed")).text


async def test_a_typed_filter_that_asks_for_nothing_stays_to_be_seen(library: Stage) -> None:
    view = await form(library, "feed (((")
    assert "I found no word to search for in “(((”" in shown(view) and "Matches none" in shown(view)
    reply = await library.member().submit(view, {})
    assert list(reply.ack.body["errors"]) == ["about"]


async def test_a_tags_name_means_the_tag(library: Stage) -> None:
    view = await form(library, "feed Reinforcement Learning -survey")
    assert 'tag:"Reinforcement Learning"' in shown(view) and "Matches 2 papers" in shown(view)
    after = (await library.member().press(view, "feed_filter:about", "text to speech")).view
    assert "Read as `tag:Text-to-Speech -survey`" in shown(after) and "Matches 1 paper*" in shown(after)


async def test_a_preview_lies_on_the_form_and_posts_nothing(library: Stage) -> None:
    jonas = library.member()
    view = await form(library, "feed robotics")
    jonas.fill(view, {"layout": "compact"})
    preview = (await jonas.press(view, "feed_draft")).view
    assert preview is not None and "Arms" in shown(preview) and "Voices" not in shown(preview)
    assert "button" not in shown(preview), "nothing in it can be pressed"
    jonas.fill(view, {"about": "zyxwvut"})
    assert "none of its 4 papers matches, so nothing" in shown((await jonas.press(view, "feed_draft")).view)
    assert library.posts() == []


async def test_an_hour_a_zone_and_weekdays(library: Stage) -> None:
    jonas = library.member()
    view = await form(library)
    view = (await jonas.press(view, "feed_when", "hour")).view
    assert view is not None
    options = await jonas.suggestions(view, "feed_zone", "tokyo")
    assert [option["value"] for option in options] == ["Asia/Tokyo"]
    values = {"at": "10:30", "zone": "Asia/Tokyo", "weekdays": ["0", "1", "2", "3", "4"]}
    done = shown((await jonas.submit(view, values)).view)
    assert "Monday to Friday at 10:30 (Asia/Tokyo), which is <!date^" in done
    assert "03:30 (Europe/Berlin)> where you are" in done
    assert "<!date^1745890200^" in str((await ask(library, "feed")).blocks), "Tuesday, 10:30 in Tokyo"


async def test_pause_resume_remove_and_undo(library: Stage) -> None:
    jonas = library.member()
    await set_up(library, layout="full")
    await library.posted(2)
    card = await ask(library, "feed")
    paused = (await jonas.press(card, "feed_pause")).message
    assert f"<@{jonas.id}> paused it" in str(paused.blocks)
    running = (await jonas.press(paused, "feed_resume")).message
    assert running is card and "It runs" in running.text, "in the place of the card"
    gone = (await jonas.press(running, "feed_remove")).message
    assert "is removed" in gone.text
    assert "no feed yet" in (await ask(library, "feed")).text
    back = (await jonas.press(gone, "feed_restore")).message
    assert "back as it was" in back.text
    assert len(library.posts()) == 2, "nothing is introduced or posted twice"


async def test_typed_words_do_the_same(library: Stage) -> None:
    jonas = library.member()
    await set_up(library, "feed robotics, speech")
    assert "Paused" in (await ask(library, "feed pause")).text
    assert "It runs" in (await ask(library, "feed resume")).text
    sure = await ask(library, "feed remove")
    assert "Remove this channel" in sure.text
    await jonas.press(sure, "feed_remove")
    assert "back as it was" in (await ask(library, "feed undo")).text
    assert (await ask(library, "feed undo")).text.startswith("The feed of this channel"), "it is there"


async def test_a_channel_set_up_again_gets_nothing_twice(library: Stage) -> None:
    jonas = library.member()
    await set_up(library, layout="compact")
    await library.posted(2)
    await jonas.press(await ask(library, "feed"), "feed_remove")
    library.clock.move(minutes=1)
    await set_up(library, layout="thread", name="ada")
    await library.posted(3)
    assert library.member("ada").id in str(library.posts()[2].blocks), "a new feed introduces itself"
    library.write("2025-04-28", row("Feet", "2504.00005"))
    await library.posted(4)
    digests = [text for text in library.everything() if "Arms" in text]
    assert len(digests) == 1


async def test_a_filter_of_the_language_survives_a_look_at_the_form(library: Stage) -> None:
    jonas = library.member()
    await set_up(library, "feed multimodal OR tag:audio -(a survey) after:2025-01")
    view = (await jonas.press(await ask(library, "feed"), "feed_set")).view
    assert view is not None and "multimodal OR tag:Audio after:2025-01-01" in shown(view)
    await jonas.submit(view, {"layout": "compact"})
    card = str((await ask(library, "feed")).blocks)
    assert "a survey" in card and "Compact" in card and "tag:" in card


async def test_where_no_feed_was_nothing_is_said_to_be_gone(library: Stage) -> None:
    for words in ("feed pause", "feed preview", "feed remove"):
        said = (await ask(library, words)).text
        assert "has no feed." in said and "any more" not in said
    assert "no feed to bring back" in (await ask(library, "feed undo")).text


async def test_a_feed_that_matches_nothing_is_saved_with_a_warning(library: Stage) -> None:
    view = await form(library)
    done = shown((await library.member().submit(view, {"about": "zyxwvut"})).view)
    assert "is set up" in done and "matches none of the 4 papers of the last 30 days" in done
    change = (await library.member().press(await ask(library, "feed"), "feed_set")).view
    assert change is not None
    done = shown((await library.member().submit(change, {"about": "robotics"})).view)
    assert "is changed" in done and "matches none" not in done


async def test_in_direct_messages_and_for_pickers(library: Stage) -> None:
    jonas = library.member()
    empty = await ask(library, "feed", channel="@paperboy")
    assert "No channel has a feed yet" in empty.text
    place = library.sandbox.workspace.channel("papers").id
    view = (await jonas.press(empty, "feed_pick", place)).view
    assert view is not None
    await jonas.submit(view, {"about": "robotics"})
    listed = await ask(library, "feed", channel="@paperboy")
    assert "1 channel with a feed" in listed.text
    await jonas.press(listed, "feed_show")
    await library.sandbox.until(lambda: "The feed of" in jonas.ephemerals()[-1].text)
