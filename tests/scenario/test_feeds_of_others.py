"""Who may change a feed, where it may post, and what comes of the bot's coming and going."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from stage import Stage, ask, catch_up, row

from bot.model import Feed
from bot.sandbox import View, comings
from bot.settings import MembersSettings, Settings

ONLY = "Only who set this feed up"


@pytest.fixture
async def library(stage: Stage) -> AsyncIterator[Stage]:
    stage.write("2025-04-27", row("Arms", "2504.00001"))
    async with stage.bot() as bot:
        await catch_up(bot)
        yield stage


async def form(stage: Stage, name: str = "jonas", channel: str = "papers") -> View:
    member = stage.member(name)
    before = member.modal
    await member.command(channel, "/papers", "feed set")
    view = await stage.sandbox.until(lambda: member.modal if member.modal is not before else None)
    assert view is not None
    return view


async def submitted(stage: Stage, view: View, name: str = "jonas", **values: object) -> str:
    return str((await stage.member(name).submit(view, values)).view.blocks)


async def running(stage: Stage, channel: str = "papers", **values: object) -> None:
    """Jonas's feed, with the bot in the channel."""
    await stage.member().invite_bot(channel)
    await submitted(stage, await form(stage, channel=channel), **values)
    await stage.posted(2, channel)


async def test_others_see_it_and_only_its_owner_and_admins_change_it(library: Stage) -> None:
    await running(library)
    yuki = library.member("yuki")
    card = await ask(library, "feed", "yuki")
    assert "feed_preview" in str(card.blocks) and "feed_pause" not in str(card.blocks)
    assert "workspace admins can change it" in str(card.blocks)
    assert (await yuki.press(card, "feed_preview")).view is not None
    for text in ("feed set", "feed pause", "feed resume", "feed remove"):
        assert ONLY in (await ask(library, text, "yuki")).text
    assert "Paused" in (await ask(library, "feed pause", "ada")).text
    await library.member().press(await ask(library, "feed"), "feed_remove")
    assert ONLY in (await ask(library, "feed undo", "yuki")).text
    assert "back as it was" in (await ask(library, "feed undo", "ada")).text


async def test_a_right_that_was_lost_while_the_form_was_open(library: Stage) -> None:
    await running(library)
    view = await form(library, "ada")
    library.sandbox.workspace.user("ada").is_admin = False
    library.sandbox.workspace.user("ada").is_owner = False
    assert ONLY in await submitted(library, view, "ada", about="mine now")
    assert "Every paper" in (await ask(library, "feed")).text


async def test_a_setting_lets_anyone_change_them(stage: Stage) -> None:
    def settings() -> Settings:
        return Stage.settings(stage).model_copy(update={"members": MembersSettings(change_feeds="anyone")})

    stage.settings = settings  # type: ignore[method-assign]
    stage.write("2025-04-27", row("Arms", "2504.00001"))
    async with stage.bot():
        await running(stage)
        assert "Paused" in (await ask(stage, "feed pause", "yuki")).text


async def test_a_feed_of_the_file_is_shown_and_changed_only_there(stage: Stage) -> None:
    await stage.member().invite_bot("papers")
    stage.feed(layout="full", weekdays=["mon", "tue"], filter="robotics")
    async with stage.bot():
        card = str((await ask(stage, "feed")).blocks)
        assert "configuration file" in card and "Mon and Tue" in card
        assert "configuration file" in (await ask(stage, "feed set", "ada")).text
        assert "configuration file" in (await ask(stage, "feed remove", "ada")).text


async def test_two_set_it_up_at_once_and_one_of_them_does(library: Stage) -> None:
    await library.member().invite_bot("papers")
    first, second = await form(library), await form(library, "yuki")
    answers = await asyncio.gather(
        submitted(library, first, about="robotics"), submitted(library, second, "yuki", about="speech")
    )
    assert sorted("is set up" in answer for answer in answers) == [False, True]
    assert sorted("Nothing was saved" in answer for answer in answers) == [False, True]
    await library.posted(1)
    assert len([post for post in library.posts() if "A paper feed was set up" in post.text]) == 1


async def test_a_form_submitted_twice_is_saved_once(library: Stage) -> None:
    jonas = library.member()
    await jonas.invite_bot("papers")
    view = await form(library)
    await asyncio.gather(*(jonas.submit(view, {"about": "robotics"}, timeout=1) for _ in range(2)))
    await library.posted(2)
    assert [post.text.splitlines()[0] for post in library.posts()].count(
        "A paper feed was set up for this channel."
    ) == 1


async def test_a_change_meanwhile_is_not_written_over(library: Stage) -> None:
    await running(library)
    mine, hers = await form(library), await form(library, "ada")
    opened_on = mine.private_metadata
    assert "is changed" in await submitted(library, hers, "ada", about="robotics")
    assert "Nothing was saved" in await submitted(library, mine, about="speech")
    assert "Robotics" in (await ask(library, "feed")).text
    await library.member().press(await ask(library, "feed"), "feed_remove")
    again = await form(library)
    again.payload["private_metadata"] = opened_on
    assert "removed meanwhile" in await submitted(library, again, about="x")


async def test_a_channel_that_was_archived_while_the_form_was_open(library: Stage) -> None:
    await library.member().invite_bot("papers")
    view = await form(library)
    await library.member("ada").archive("papers")
    assert "That channel is archived" in await submitted(library, view)


async def test_a_tag_that_stands_in_a_filter_already_may_stay(stage: Stage) -> None:
    """Nobody knows it any more; the layout is changed all the same."""
    await stage.member().invite_bot("papers")
    place = stage.sandbox.workspace.channel("papers").id
    async with stage.bot() as bot:
        wanted = Feed(stage.sandbox.workspace.id, place, owner=stage.member().id, filter="tag:vidio")
        await bot._services.feeds.save(wanted, "", paused=None)
        change = await form(stage)
        assert "is changed" in await submitted(stage, change, layout="compact")
        await stage.member().dismiss(change)
        refused = (await stage.member().submit(await form(stage), {"about": "tag:fidio"})).errors
        assert "no tag “fidio”" in refused["about"]


async def test_the_channel_where_everybody_is_asks_once_more(library: Stage) -> None:
    jonas = library.member()
    await jonas.invite_bot("general")
    view = await form(library, channel="general")
    assert "Everyone in the workspace sees it" in str(view.blocks)
    view.payload["blocks"] = [one for one in view.blocks if one["block_id"] != "general"]
    view.state.pop("general")
    view.payload["private_metadata"] = view.payload["private_metadata"].replace("g", "")
    again = (await jonas.submit(view)).view
    assert again is not None and "Everyone in the workspace sees it" in str(again.blocks)
    assert "is set up" in await submitted(library, again, general=["yes"])


async def test_a_feed_waits_for_an_invitation_and_begins_by_itself(library: Stage) -> None:
    view = await form(library, channel="robotics")
    assert "I am not in this channel yet" in str(view.blocks)
    assert "/invite @Paperboy" in await submitted(library, view)
    assert "I am not in the channel" in str((await ask(library, "feed", channel="robotics")).blocks)
    assert "not in that channel" in (await ask(library, "feed resume", channel="robotics")).text
    await library.member().invite_bot("robotics")
    await library.posted(2, "robotics")
    assert "A paper feed was set up" in library.posts("robotics")[0].text
    assert "Thanks for" not in library.member().ephemerals()[-1].text, "nothing is left to offer"
    assert "Next" in str((await ask(library, "feed", channel="robotics")).blocks)


async def test_an_invitation_without_a_feed_offers_one_to_the_inviter_alone(library: Stage) -> None:
    jonas = library.member()
    await jonas.invite_bot("robotics")
    await library.sandbox.until(lambda: jonas.ephemerals("robotics"))
    (word,) = jonas.ephemerals("robotics")
    assert "Thanks for the invitation" in word.text
    assert (await jonas.press(word, "feed_set")).view is not None
    assert library.posts("robotics") == []
    workspace = library.sandbox.workspace
    newcomer, place = workspace.user("yuki").id, workspace.channel("robotics")
    place.members[:] = [one for one in place.members if one != newcomer]
    told = len(library.sandbox.events)
    comings.invite(workspace, newcomer, place, jonas.id)
    await library.sandbox.until(lambda: len(library.sandbox.events) > told)
    await library.sandbox.until(lambda: all(event.acks for event in library.sandbox.events))
    await ask(library, "help")
    assert [one.text for one in jonas.ephemerals("robotics")] == [word.text], "of others it says nothing"


@pytest.mark.parametrize("channel", ["papers", "research-leads"])
async def test_taken_out_of_a_channel_its_feed_waits_and_its_owner_knows(
    library: Stage, channel: str
) -> None:
    jonas = library.member()
    await running(library, channel)
    await library.member("ada").remove_bot(channel)
    await library.sandbox.until(lambda: jonas.dms())
    assert "removed from the channel" in jonas.dms()[-1].text
    assert "I was removed" in str((await ask(library, "feed", channel=channel)).blocks)
    posts = len(library.posts(channel))
    await jonas.invite_bot(channel)
    while "I was removed" in str((await ask(library, "feed", channel=channel)).blocks):
        pass  # what comes before it heard of the invitation passes the channel by
    library.write("2025-04-28", row("Feet", "2504.00005"))
    await library.posted(posts + 1, channel)
    assert "Feet" in library.posts(channel)[-1].text, "and no second introduction"


async def test_without_the_scopes_for_channels_feeds_work_all_the_same(library: Stage) -> None:
    await library.member().invite_bot("papers")
    workspace = library.sandbox.workspace
    workspace.scopes = frozenset(workspace.scopes) - {"channels:read", "groups:read", "users:read"}
    assert "is set up" in await submitted(library, await form(library))
    await library.posted(2)
    assert "The feed of" in (await ask(library, "feed")).text
    assert ONLY in (await ask(library, "feed pause", "ada")).text, "nobody knows that she is an admin"
    assert "those that you set up" in str((await ask(library, "feed list")).blocks)


async def test_what_slack_refused_comes_with_the_invitation(library: Stage) -> None:
    """Without the scope for it, nobody knew that the bot was not in the channel."""
    workspace, jonas = library.sandbox.workspace, library.member()
    granted = workspace.scopes
    workspace.scopes = frozenset(granted) - {"channels:read", "chat:write.public"}
    assert "is set up" in await submitted(library, await form(library, channel="robotics"))
    await library.sandbox.until(lambda: jonas.dms())
    assert "not_in_channel" in jonas.dms()[0].text and library.posts("robotics") == []
    workspace.scopes = granted
    await jonas.invite_bot("robotics")
    post = await library.posted(2, "robotics")
    assert "A paper feed was set up" in library.posts("robotics")[0].text
    assert "1 paper" in post.text
    await library.sandbox.until(lambda: post.replies)


@pytest.mark.parametrize(("older", "newer"), [(1.0, 0.0), (0.5, 1.0)])
async def test_letters_typed_in_a_hurry_show_the_last_count(
    library: Stage, older: float, newer: float
) -> None:
    """Whichever of two drawings, made for the same form, Slack gets last."""
    jonas, sandbox = library.member(), library.sandbox
    view = await form(library)
    slow = sandbox.faults.add("slow", method="views.update", delay=older)
    first = asyncio.create_task(jonas.press(view, "feed_filter:about", "zyxwvut", answers=0))
    await library.struck(slow)
    sandbox.faults.add("slow", method="views.update", delay=newer)
    await jonas.press(view, "feed_filter:about", "arms", answers=0)
    await first
    await sandbox.until(lambda: "hash_conflict" in [call.error for call in sandbox.calls])
    await ask(library, "help")
    await sandbox.until(lambda: "Matches 1 paper" in str(view.blocks))


async def test_two_hundred_feeds_are_paged_and_private_ones_stay_private(stage: Stage) -> None:
    workspace = stage.sandbox.workspace
    places = [workspace.add_channel(f"c{number}").id for number in range(199)]
    secret = workspace.channel("board-only")
    secret.members.append(workspace.bot_user)
    async with stage.bot() as bot:
        for place in (*places, secret.id):
            wanted = Feed(workspace.id, place, owner=stage.member("ada").id, filter="robotics OR " * 100)
            await bot._services.feeds.save(wanted, "", paused="by nobody")
        listed = await ask(stage, "feed list")
        assert "199 channels" in listed.text and secret.id not in str(listed.blocks)
        assert "200 channels" in (await ask(stage, "feed list", "ada")).text
        shown = set()
        while True:
            shown |= {block["accessory"]["value"] for block in listed.blocks if "Show" in str(block)}
            if "feed_list:next" not in str(listed.blocks):
                break
            listed = (await stage.member().press(listed, "feed_list:next")).message
        assert shown == set(places)
