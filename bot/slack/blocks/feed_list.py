"""The feeds of a workspace, a page at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.model import Feed, Message
from bot.slack import limits
from bot.slack.blocks.feed_words import heard, subject, when
from bot.slack.blocks.help import command
from bot.slack.blocks.kit import Block, button, context, header, mrkdwn, plain, section
from bot.slack.blocks.pages import Place, fitting, foot
from bot.slack.ids import Action
from bot.slack.text import count, escape, shorten, spoken

PAGE = 10
LINE = 300
ONLY_YOURS = "Slack doesn’t tell me which channels are private, so these are those that you set up."


def render(feeds: Sequence[Feed], now: dt.datetime, *, offset: int = 0, only_yours: bool = False) -> Message:
    """`only_yours`: others' may be in channels that the member can't see."""
    note = [context(plain(ONLY_YOURS))] if only_yours else []
    if not feeds:
        text = f"*No channel has a feed yet.* Type {command('feed')} in one, or choose one here."
        said = "No channel has a feed yet. Type /papers feed in one."
        return Message(spoken(said), (section(mrkdwn(text), picker()), *note))
    heading = f"{count(len(feeds), 'channel')} with a feed"
    rows = [(one, row(one, now)) for one in feeds[offset : offset + PAGE]]
    held = fitting(rows, PAGE)
    more = section(
        mrkdwn(f"{command('feed')} in a channel shows or sets up its feed, or choose one here:"), picker()
    )
    below = foot(Place(Action.FEED_LIST, offset, len(feeds), PAGE), len(held))
    blocks = (header(heading), *(shown for _, shown in held), *below, more, *note)
    return Message(spoken(heading, [heard(one, now) for one, _ in held]), blocks)


def row(feed: Feed, now: dt.datetime) -> Block:
    paused = " · paused" if feed.paused else ""
    text = f"<#{feed.channel}>{paused}\n{shorten(f'{subject(feed, now)}. {escape(when(feed))}.', LINE)}"
    return section(mrkdwn(text), button("Show", Action.FEED_SHOW, feed.channel, "Show this feed"))


def picker() -> Block:
    """Of channels alone: no direct messages."""
    return {
        "type": "conversations_select",
        "action_id": Action.FEED_PICK,
        "placeholder": plain("Choose a channel", limits.OPTION_TEXT),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
