"""The Home: what stands there at each visit, and what each press in it does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from stage import Stage, catch_up, row

from bot.app.bot import Bot
from bot.model import Feed
from bot.sandbox.views import View

PAPERS = [row(f"Diffusion {number}: A Study", f"2504.{number:05}") for number in range(1, 13)]


@pytest.fixture
async def bot(stage: Stage) -> AsyncIterator[Bot]:
    """Running, with a digest of fourteen papers read."""
    stage.write(
        "2025-04-27",
        *PAPERS,
        row("Voice Boxes", "2504.00020", tags="Text-to-Speech", authors="Yi Peng"),
        row("Camera Motions", "2504.00021", tags="Computer Vision"),
    )
    async with stage.bot() as bot:
        await catch_up(bot)
        yield bot


def said(view: View) -> str:
    """Every word in it."""

    def words(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["text"]] if isinstance(node.get("text"), str) else []
            return own + [word for value in node.values() for word in words(value)]
        return [word for one in node for word in words(one)] if isinstance(node, list) else []

    return "\n".join(words(view.blocks))


async def ask(stage: Stage, text: str) -> str:
    return (await stage.member().command("papers", "/papers", text)).text


async def test_a_first_home_explains_itself_and_its_buttons_work(stage: Stage, bot: Bot) -> None:
    jonas = stage.member()
    first = (await jonas.open_home()).view
    assert said(first).startswith("*Paperboy reads")
    read = (await jonas.press(first, "day_page:first")).view
    assert read.payload["type"] == "modal" and "It moves an arm." in said(read)
    followed = (await jonas.press(first, "following_add")).view
    assert said(followed).startswith("You follow Robotics. In the last 30 days this would have brought")
    assert "Paperboy reads" not in said(followed), "who chose something knows what this is"


async def test_a_visit_is_one_publish(stage: Stage, bot: Bot) -> None:
    await ask(stage, "follow robotics")
    since = len(stage.sandbox.workspace.changes)
    await stage.member().open_home()
    await stage.member().open_home()
    shown = [change for change in stage.sandbox.workspace.changes[since:] if change.view]
    assert len(shown) == 2
    assert [call.method for call in stage.sandbox.calls].count("views.publish") == 2


async def test_what_one_follows_is_removed_in_place_and_brought_back(stage: Stage, bot: Bot) -> None:
    jonas = stage.member()
    await ask(stage, "follow robotics")
    await ask(stage, "follow author:Yi Peng")
    home = (await jonas.open_home()).view
    assert "Tags" in said(home) and "Authors" in said(home)
    gone = (await jonas.press(home, "following_remove", block_id=block_of(home, "tag:Robotics"))).view
    assert said(gone).startswith("You no longer follow Robotics.") and "Tags" not in said(gone)
    back = (await jonas.press(gone, "following_add")).view
    assert "Tags" in said(back)
    again = (await jonas.open_home()).view
    assert not said(again).startswith("You"), "what was done is said once"


async def test_follows_past_fifty_and_three_hundred_are_paged_and_stay_where_one_was(
    stage: Stage, bot: Bot
) -> None:
    jonas = stage.member()
    team = stage.sandbox.workspace.id
    for number in range(320):
        await bot.core.subscriptions.follow(
            team, jonas.id, f'"phrase {number:03}"', timezone="UTC", now=stage.clock()
        )
    home = (await jonas.open_home()).view
    assert "1–15 of 320" in said(home)
    for _ in range(21):
        home = (await jonas.press(home, "home_page:follows-next")).view
    assert "316–320 of 320" in said(home) and "phrase 319" in said(home)
    for _ in range(5):
        home = (await jonas.press(home, "following_remove", block_id=block_of(home, "phrase:"))).view
    assert "301–315 of 315" in said(home), "the page that emptied is left for the one before"
    assert "home_page:follows-prev" in str(home.blocks)


async def test_the_digest_is_set_with_menus(stage: Stage, bot: Bot) -> None:
    jonas = stage.member()
    await ask(stage, "follow robotics")
    home = (await jonas.open_home()).view
    assert "1 thing" not in said(home)
    assert "The next one: " in said(home) and "<!date^" in said(home)
    weekly = (await jonas.press(home, "digest_often", "weekly")).view
    friday = (await jonas.press(weekly, "digest_weekday", "4")).view
    early = (await jonas.press(friday, "digest_hour", "06:45")).view
    assert "every Friday at 06:45 (Europe/Berlin)" in said(early)
    off = (await jonas.press(early, "digest_often", "off")).view
    assert "Your digest is off" in said(off) and "digest_hour" not in str(off.blocks)
    assert "digest_pause" not in str(off.blocks)


async def test_a_search_is_typed_and_run_again_in_windows(stage: Stage, bot: Bot) -> None:
    jonas = stage.member()
    await ask(stage, "follow robotics")
    home = (await jonas.open_home()).view
    form = (await jonas.press(home, "search_new:home")).view
    found = await jonas.submit(form, {"query": "diffusion"}, answers=2)
    assert jonas.modal and "12 papers" in said(jonas.modal) and found.error is None
    assert "search_share" not in str(jonas.modal.blocks), "a window is in no channel"
    second = (await jonas.press(jonas.modal, "search_page:next")).view
    assert "6–10 of 12" in said(second) and second is jonas.modal
    home = (await jonas.open_home()).view
    again = (await jonas.press(home, "search_page:recent-0")).view
    assert "12 papers" in said(again)
    cleared = (await jonas.press(home, "searches_clear")).view
    assert "Recent searches" not in said(cleared)


async def test_more_like_this_opens_above_and_what_is_saved_stands_in_the_home(
    stage: Stage, bot: Bot
) -> None:
    jonas = stage.member()
    home = (await jonas.open_home()).view
    read = (await jonas.press(home, "day_page:first")).view
    saved = await jonas.press(read, "paper_save", answers=2)
    assert jonas.modal and said(jonas.modal).startswith("Saved “Diffusion 1: A Study”")
    assert jonas.home and "1 paper\n" in said(jonas.home) and len(saved.views) == 2
    await jonas.press(jonas.modal, "paper_save", answers=2)
    assert said(jonas.modal).count("Saved “") == 1, "only what was done last stands on top"
    above = (await jonas.press(jonas.modal, "paper_like")).view
    assert above is jonas.modal and above is not read
    await jonas.dismiss(above)
    assert jonas.modal is read, "closing it leads back"


async def test_a_follow_is_typed_in_a_window_and_a_mistake_is_said_beside_it(stage: Stage, bot: Bot) -> None:
    jonas = stage.member()
    home = (await jonas.open_home()).view
    form = (await jonas.press(home, "following_new")).view
    wrong = await jonas.submit(form, {"what": "robotcs"})
    assert "Did you mean Robotics" in wrong.errors["what"]
    turned = (await jonas.submit(form, {"what": "flow \u202ematching"})).errors["what"]
    assert '`"flow matching"` follows these words' in turned and "\u202e" not in turned
    await jonas.submit(form, {"what": "robotics"}, answers=2)
    assert jonas.modal and "would have brought you 12 papers" in said(jonas.modal)
    await stage.sandbox.until(lambda: jonas.home is not None and "Tags" in said(jonas.home))
    await jonas.press(jonas.modal, "following_remove", answers=2)
    await stage.sandbox.until(lambda: jonas.home is not None and "Tags" not in said(jonas.home))


async def test_feeds_of_the_workspace_are_listed(stage: Stage) -> None:
    stage.feed(post_at="09:00", timezone="America/New_York", filter="robots -tag:audio")
    async with stage.bot():
        home = (await stage.member().open_home()).view
        assert "15:00 (Europe/Berlin)>" in said(home) and "robots -tag:audio" in said(home)


def block_of(view: View, value: str) -> str:
    """The block_id of the first row whose button says so."""
    for block in view.blocks:
        pressed = block.get("accessory", {})
        if pressed.get("action_id") == "following_remove" and pressed["value"].startswith(value):
            return str(block["block_id"])
    raise AssertionError(value)


async def test_windows_are_stacked_as_far_as_slack_goes(stage: Stage, bot: Bot) -> None:
    jonas = stage.member()
    home = (await jonas.open_home()).view
    await jonas.press(home, "day_page:first")
    for _ in range(4):
        reply = await jonas.press(jonas.modal, "paper_like")  # type: ignore[arg-type]
        assert reply.error is None and jonas.modal and "More like" in said(jonas.modal)


async def test_a_feed_is_shown_and_changed_in_a_window_of_its_own(stage: Stage, bot: Bot) -> None:
    jonas = stage.member()
    channel = stage.sandbox.workspace.channel("papers").id
    await jonas.invite_bot("papers")
    wanted = Feed(stage.sandbox.workspace.id, channel, owner=jonas.id, filter="tag:robotics")
    await bot._services.feeds.save(wanted, "", paused=None)
    home = (await jonas.open_home()).view
    card = (await jonas.press(home, "feed_show")).view
    assert card.payload["type"] == "modal" and f"The feed of <#{channel}>" in said(card)
    preview = (await jonas.press(card, "feed_preview")).view
    assert preview is not card and "would get it" in said(preview)
    await jonas.dismiss(preview)
    paused = (await jonas.press(card, "feed_pause")).view
    assert "paused it" in said(paused) and "feed_pause" not in str(paused.blocks), "in the card's place"
    await stage.sandbox.until(lambda: "paused it" in said(jonas.home))
    change = (await jonas.press(paused, "feed_set")).view
    assert change.payload["title"]["text"] == "Change the feed"
    change = (await jonas.press(change, "feed_filter:about", "tag:audio")).view
    await jonas.submit(change, {"paused": []}, answers=3)
    assert "is changed" in said(jonas.modal)
    assert "`tag:Audio`" in said(card) and "paused it" not in said(card), "what is below has it too"
    await stage.sandbox.until(lambda: "tag:Audio" in said(jonas.home))
    await jonas.dismiss(jonas.modal)
    assert jonas.modal is card
    again = (await jonas.press(card, "feed_pause")).view
    await stage.sandbox.until(lambda: "paused it" in said(jonas.home))
    assert again is card, "and knows still where it was opened"
