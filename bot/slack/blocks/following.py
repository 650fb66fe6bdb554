"""What a member follows and when it comes: the list, and the answers to each change."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Follow, FollowKind, Frequency, Message, Subscription
from bot.slack import ids, limits
from bot.slack.blocks import help as usage
from bot.slack.blocks import notice
from bot.slack.blocks.help import EMPTY_LIBRARY, Examples
from bot.slack.blocks.kit import Block, button, context, header, mrkdwn, plain, section
from bot.slack.blocks.pages import Place, fitting, foot
from bot.slack.ids import Action
from bot.slack.text import clean, count, escape, shorten, spoken

PAGE = 20
NAME = 200
VALUE = 1_300  # weight of a button's value, so that a few long phrases don't fill the list's message
ORDER = (FollowKind.TAG, FollowKind.AUTHOR, FollowKind.PHRASE, FollowKind.SEARCH)


def name(follow: Follow) -> str:
    """`Robotics`, `author Yi Peng`, `“speculative decoding”`, `search robots -tag:Audio`."""
    value = shorten(clean(follow.value), NAME)
    return {
        FollowKind.TAG: value,
        FollowKind.AUTHOR: f"author {value}",
        FollowKind.PHRASE: f"“{value}”",
        FollowKind.SEARCH: f"search {value}",
    }[follow.kind]


def schedule(subscription: Subscription) -> str:
    """When the digest comes, in the member's own zone."""
    if subscription.frequency is Frequency.OFF:
        return "Your digest is off. `/papers digest daily` turns it on."
    often = {Frequency.DAILY: "every day", Frequency.WEEKLY: "every Monday"}[subscription.frequency]
    hour = f"{subscription.at:%H:%M} ({clean(subscription.timezone)})"
    return f"Your digest comes {often} at {hour}, by direct message."


def render(subscription: Subscription, *, offset: int = 0, examples: Examples = EMPTY_LIBRARY) -> Message:
    """The list with a button to remove each, a page at a time."""
    follows = sorted(subscription.follows, key=lambda follow: ORDER.index(follow.kind))
    if not follows:
        tries = " or ".join(f"`/papers {typed}`" for typed, _ in usage.following(examples)[:3])
        return notice.say(f"You follow nothing yet. Try {tries}.")
    heading = f"You follow {count(len(follows), 'thing')}"
    rows = [(follow, row(follow)) for follow in follows[offset : offset + PAGE]]
    held = fitting(rows, PAGE)
    blocks = [header(heading), context(mrkdwn(escape(schedule(subscription))))]
    blocks += [shown for _, shown in held]
    blocks += foot(Place(Action.FOLLOWING_PAGE, offset, len(follows), PAGE), len(held))
    text = spoken(f"{heading}. {schedule(subscription)}", [name(follow) for follow, _ in held])
    return Message(text, tuple(blocks))


def followed(follow: Follow, subscription: Subscription, kinds: Sequence[str] = ()) -> Message:
    """`kinds`: the tags that a family's name brings with it."""
    along = f" (with {', '.join(map(clean, kinds))})" if kinds else ""
    sentence = f"You follow {name(follow)}{shorten(along, 300)}. {schedule(subscription)}"
    return notice.say(sentence, undo(Action.FOLLOWING_REMOVE, follow))


def unfollowed(follow: Follow, subscription: Subscription) -> Message:
    left = "" if subscription.follows else " You follow nothing now, so no digest will come."
    return notice.say(f"You no longer follow {name(follow)}.{left}", undo(Action.FOLLOWING_ADD, follow))


def settings(subscription: Subscription) -> Message:
    """The answer to `/papers digest …`."""
    nothing = "" if subscription.follows else " You follow nothing yet, so there is nothing to bring."
    return notice.say(schedule(subscription) + nothing)


def row(follow: Follow) -> Block:
    value = ids.follow(follow)
    if limits.weight(value) > VALUE:
        return section(plain(name(follow), NAME))
    label = f"Stop following {name(follow)}"
    return section(plain(name(follow), NAME), button("Remove", Action.FOLLOWING_REMOVE, value, label))


def undo(action: Action, follow: Follow) -> Block | None:
    value = ids.follow(follow)
    return button("Undo", action, value) if limits.weight(value) <= VALUE else None
