"""A channel's feed: its card, its introduction, and what is said of each change."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.model import Feed, Message, Roundup
from bot.slack import ids
from bot.slack.blocks.feed_words import (
    EMPTY_DAYS,
    INVITE,
    heard,
    layout,
    reason,
    subject,
    there_and_here,
    upcoming,
    when,
)
from bot.slack.blocks.help import command
from bot.slack.blocks.kit import Block, actions, button, confirm, context, mrkdwn, section
from bot.slack.ids import Action
from bot.slack.text import count, escape, short_day, spoken
from bot.subscriptions import hours, pauses

NOTHING_THERE = "That channel has no feed. `/papers feed` there sets one up."
IN_THE_FILE = "This feed is set in the configuration file, and changed only there."


@dataclass(frozen=True, slots=True)
class Look:
    """A feed as one member sees it."""

    feed: Feed
    brings: int  # papers of the last days
    of: int  # that there were
    days: int
    zone: str  # the member's
    may_change: bool
    now: dt.datetime


def waits_for_invitation(feed: Feed) -> bool:
    return feed.paused in pauses.ENDED_BY_AN_INVITATION


def card(look: Look, *, said: str = "") -> Message:
    """`said`: what came of a press, above it. Buttons only where they do something."""
    feed = look.feed
    heading = f"{said} " if said else ""
    lines = [
        f"{heading}*The feed of <#{feed.channel}>*",
        *(f"*{name}:* {text}" for name, text in facts(look)),
    ]
    blocks = [section(mrkdwn("\n".join(lines))), context(mrkdwn(credit(look))), actions(*buttons(look))]
    paused = [f"Paused: {reason(feed.paused)}."] if feed.paused else []
    return Message(
        spoken(f"{said} The feed of this channel", [heard(feed, look.now), *paused]), tuple(blocks)
    )


def let_through(look: Look) -> str:
    if not look.of:
        return f"no paper came in the last {look.days} days"
    number = {0: "none", look.of: "all"}.get(look.brings, f"{look.brings:,}")
    return f"{number} of the {count(look.of, 'paper')} of the last {look.days} days"


def facts(look: Look) -> list[tuple[str, str]]:
    """mrkdwn, each with its name."""
    feed = look.feed
    found = [
        ("What", subject(feed, look.now)),
        ("Lets through", let_through(look)),
        ("When", there_and_here(feed, look.zone, look.now)),
    ]
    if feed.roundup is not Roundup.ONLY:
        found += [("Layout", layout(feed)), ("On a day without any", EMPTY_DAYS[feed.on_empty][1])]
    if feed.paused:
        invite = f" {INVITE}" if waits_for_invitation(feed) else ""
        return [*found, ("Paused", f"{reason(feed.paused)}.{invite}")]
    return [*found, ("Next", upcoming(feed, look.now, look.zone))]


def credit(look: Look) -> str:
    """mrkdwn: who set it up, and who may change it."""
    feed = look.feed
    if feed.owner is None:
        return IN_THE_FILE
    owner = f"<@{feed.owner}>" if ids.read_member(feed.owner) else "a member"
    since = f" on {short_day(hours.local_day(feed.made_at, look.zone))}" if feed.made_at else ""
    limit = "" if look.may_change else " · they and workspace admins can change it"
    return f"Set up by {owner}{since}{limit}"


def buttons(look: Look) -> list[Block]:
    feed, channel = look.feed, look.feed.channel
    preview = button("Preview", Action.FEED_PREVIEW, channel, "Preview this channel’s feed")
    if not look.may_change:
        return [preview]
    change = button("Change", Action.FEED_SET, channel, "Change this channel’s feed")
    turn = button("Pause", Action.FEED_PAUSE, channel, "Pause this channel’s feed")
    if feed.paused:
        turn = button("Resume", Action.FEED_RESUME, channel, "Resume this channel’s feed")
    return [change, turn, preview, remove(channel, sure=confirm(*CERTAIN))]


CERTAIN = (
    "Remove this feed?",
    "Nothing is posted to the channel any more. What was posted stays. You can undo this for a day.",
    "Remove",
    "Keep it",
)


def remove(channel: str, sure: Block | None = None) -> Block:
    shape = button("Remove", Action.FEED_REMOVE, channel, "Remove this channel’s feed")
    shape["style"] = "danger"
    return shape | {"confirm": sure} if sure else shape


def certain(feed: Feed) -> Message:
    """The answer to a typed `feed remove`."""
    text = f"*Remove the feed of <#{feed.channel}>?* {CERTAIN[1]}"
    return Message(
        spoken("Remove this channel’s feed?", [CERTAIN[1]]),
        (section(mrkdwn(text)), actions(remove(feed.channel))),
    )


def removed(feed: Feed) -> Message:
    undo = button("Undo", Action.FEED_RESTORE, feed.channel, "Bring this channel’s feed back")
    text = f"The feed of <#{feed.channel}> is removed: nothing comes by itself any more."
    return Message(
        spoken("The feed is removed: nothing comes by itself any more."), (section(mrkdwn(text), undo),)
    )


def none(channel: str) -> Message:
    """A channel without a feed, and the way to one."""
    start = button("Set up a feed", Action.FEED_SET, channel, "Set up a feed for this channel")
    start["style"] = "primary"
    text = (
        f"*<#{channel}> has no feed yet.* A feed posts the day’s AI papers here: all of them or those about"
        f" what you choose, at the hour and in the layout you choose.\n"
        f"Quicker: {command('feed robotics -survey')}"
    )
    return Message(
        spoken("This channel has no feed yet. /papers feed set sets one up."),
        (section(mrkdwn(text)), actions(start)),
    )


def greeting(channel: str) -> Message:
    """To whoever invited the bot to a channel that has no feed."""
    start = button("Set up a feed", Action.FEED_SET, channel, "Set up a feed for this channel")
    text = (
        f"Thanks for the invitation. Nothing comes to <#{channel}> by itself before someone sets up a feed."
    )
    return Message(
        spoken("Thanks for the invitation. /papers feed sets up what comes here."),
        (section(mrkdwn(text), start),),
    )


def introduction(feed: Feed, now: dt.datetime) -> Message:
    """To the channel, from a new feed."""
    owner = f"<@{feed.owner}>" if feed.owner and ids.read_member(feed.owner) else "A member"
    first = f"👋 {owner} set up a paper feed for this channel."
    what = f"{subject(feed, now)}. {escape(when(feed))}. {layout(feed)}."
    foot = f"{command('feed')} shows it to anyone, and changes or stops it for whoever set it up."
    told = [heard(feed, now), "/papers feed shows or changes it."]
    return Message(
        spoken("A paper feed was set up for this channel.", told),
        (section(mrkdwn(f"{first}\n{what}")), context(mrkdwn(foot))),
    )


def saved(
    feed: Feed, *, new: bool, now: dt.datetime, zone: str, passed_over: int = 0, days: int = 0
) -> Message:
    """What stands where the form was. `passed_over`: papers of the last `days`, none of which matches."""
    head = f"*The feed of <#{feed.channel}> is {'set up' if new else 'changed'}.*"
    lines = [head, f"{subject(feed, now)}. {there_and_here(feed, zone, now)}."]
    if waits_for_invitation(feed):
        lines.append(f"⚠️ {reason(feed.paused or '')}, so nothing can be posted yet. {INVITE}")
    elif feed.paused:
        lines.append("It is paused.")
    else:
        lines.append(f"Next: {upcoming(feed, now, zone)}.")
        lines += ["I have introduced it in the channel."] if new else []
    if passed_over:
        lines.append(
            f"⚠️ Its filter matches none of the {count(passed_over, 'paper')} of the last {days} days, so it"
            " may stay without posts. Commas mean “or”, and fewer words match more."
        )
    return Message(spoken(lines[0].replace("*", "")), (section(mrkdwn("\n".join(lines))),))


def overtaken(feed: Feed, now: dt.datetime) -> Message:
    """Somebody else saved first."""
    owner = f", set up by <@{feed.owner}>," if feed.owner and ids.read_member(feed.owner) else ""
    text = (
        f"*Nothing was saved:* meanwhile the feed of <#{feed.channel}>{owner} was changed. Now it"
        f" brings: {subject(feed, now)}. {escape(when(feed))}.\n{command('feed')} in the channel shows it, to"
        " change it from there."
    )
    return Message(spoken("Nothing was saved: meanwhile this feed was changed."), (section(mrkdwn(text)),))
