"""What a member follows and when it comes: the list, and the answers to each change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import UnknownTag
from bot.model import Follow, FollowKind, Message, Subscription
from bot.slack import ids, limits
from bot.slack.blocks import help as usage
from bot.slack.blocks import modal, notice, schedule
from bot.slack.blocks.help import EMPTY_LIBRARY, Examples
from bot.slack.blocks.kit import Block, actions, button, confirm, context, header, mrkdwn, plain, section
from bot.slack.blocks.pages import Place, fitting, foot
from bot.slack.ids import Action, Form
from bot.slack.text import clean, count, escape, shorten, spoken

TITLE = "What you follow"
PAGE = 20
NAME = 200
NOTE = 400
VALUE = 1_300  # weight of a button's value, so that a few long phrases don't fill the list's message
NAMED = 5
WHAT = "what"  # the form's input
MANY_A_DAY = 15
FLOOD = (
    " That is a lot for one message a day: narrow it down with a second word, or `-word` to leave some out."
)
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


def render(subscription: Subscription, *, offset: int = 0, examples: Examples = EMPTY_LIBRARY) -> Message:
    """The list with a button to remove each, a page at a time."""
    follows = grouped(subscription.follows)
    if not follows:
        tries = " or ".join(f"`/papers {typed}`" for typed, _ in usage.following(examples)[:3])
        return notice.say(f"You follow nothing yet. Try {tries}.")
    heading = standing(subscription).rstrip(".") if len(follows) > 1 else TITLE
    offset = offset if offset < len(follows) else 0
    rows = [(follow, row(follow)) for follow in follows[offset : offset + PAGE]]
    held = fitting(rows, PAGE)
    when = schedule.sentence(subscription)
    blocks = [header(heading), context(mrkdwn(escape(when)))]
    blocks += [shown for _, shown in held]
    blocks += foot(
        Place(Action.FOLLOWING_PAGE, offset, len(follows), PAGE, more=(clear(subscription),)), len(held)
    )
    text = spoken(f"{heading}. {when}", [name(follow) for follow, _ in held])
    return Message(text, tuple(blocks))


@dataclass(frozen=True, slots=True)
class Preview:
    """What a follow would have brought in the last `days` days, and all follows without it and with it."""

    titles: Sequence[str]
    number: int
    before: int
    after: int
    days: int
    instead: str = ""  # a tag that the newest papers have

    @property
    def a_day(self) -> float:
        return self.number / self.days


def followed(
    follow: Follow,
    subscription: Subscription,
    preview: Preview,
    kinds: Sequence[str] = (),
    *,
    note: str = "",
    already: bool = False,
) -> Message:
    """`kinds`: the tags that a family's name brings with it; `note`: how the words were read."""
    under = ", ".join(map(clean, kinds)) if len(kinds) <= NAMED else f"the {len(kinds)} tags under it"
    along = f" (with {under})" if kinds else ""
    you = "You already follow" if already else "You follow"
    read = f" {shorten(note, NOTE)}" if note else ""
    sentence = f"{you} {name(follow)}{along}.{read} {brought(preview)} {schedule.sentence(subscription)}"
    if already:
        return notice.say(sentence)
    return notice.say(sentence, undo(Action.FOLLOWING_REMOVE, follow))


def unknown(error: UnknownTag, meant: Sequence[Follow]) -> Message:
    """No such tag: the nearest ones and `meant`, each a press away."""
    said = notice.error(unknown_tag(error, meant))
    buttons = [
        button(f"Follow {name(one)}", ids.action(Action.FOLLOWING_ADD, str(number)), value)
        for number, one in enumerate([*(Follow(FollowKind.TAG, tag) for tag in error.suggestions), *meant])
        if limits.weight(value := ids.follow(one)) <= VALUE
    ]
    return Message(said.text, (*said.blocks, actions(*buttons))) if buttons else said


def unknown_tag(error: UnknownTag, meant: Sequence[Follow]) -> str:
    ways = {
        FollowKind.AUTHOR: "`author:{}` follows the person",
        FollowKind.PHRASE: '`"{}"` follows these words',
    }
    said = ", ".join(ways[one.kind].format(clean(one.value)) for one in meant)
    return f"{error.user_message} {said}{'.' if said else ''}".strip()


def brought(preview: Preview) -> str:
    """`In the last 30 days this would have brought you 12 papers, about 3 a week: “…`."""
    span = f"In the last {preview.days} days"
    if not preview.number:
        instead = f"; `/papers follow {preview.instead}` would bring some" if preview.instead else ""
        return f"{span} this would have brought you nothing{instead}."
    titles = "; ".join(f"“{title}”" for title in preview.titles)
    number = f"{count(preview.number, 'paper')}{overlap(preview)}, {rate(preview.a_day)}"
    flood = FLOOD if preview.a_day > MANY_A_DAY else ""
    return f"{span} this would have brought you {number}: {titles}.{flood}"


def overlap(preview: Preview) -> str:
    """How many of them other follows bring too."""
    alone = preview.after - preview.before
    if alone == preview.number:
        return ""
    if not alone:
        return " (your other follows bring as much)"
    return f" ({alone:,} that your other follows do not bring)"


def rate(a_day: float) -> str:
    if a_day >= 1:
        return f"about {round(a_day):,} a day"
    return f"about {round(a_day * 7)} a week" if a_day * 7 >= 1 else "less than one a week"


def unfollowed(follows: Sequence[Follow], subscription: Subscription, at: dt.datetime) -> Message:
    left = "" if subscription.follows else " You follow nothing now, so no digest will come."
    if len(follows) == 1 and (back := undo(Action.FOLLOWING_ADD, follows[0])):
        return notice.say(f"You no longer follow {name(follows[0])}.{left}", back)
    back = button("Undo", Action.FOLLOWING_RESTORE, ids.moment(at), "Follow them again")
    return notice.say(f"You no longer follow {enumerated(follows)}.{left}", back)


def restored(follows: Sequence[Follow], subscription: Subscription) -> Message:
    if not follows:
        return notice.say(f"There is nothing to bring back. {standing(subscription)}")
    return notice.say(f"You follow {enumerated(follows)} again. {schedule.sentence(subscription)}")


def enumerated(follows: Sequence[Follow]) -> str:
    """`Robotics, author Yi Peng and 12 more`."""
    names = ", ".join(shorten(name(one), 60) for one in grouped(follows)[:NAMED])
    more = len(follows) - NAMED
    return f"{names} and {more} more" if more > 0 else names


def standing(subscription: Subscription) -> str:
    return f"You follow {everything(subscription)}."


def everything(subscription: Subscription) -> str:
    """`3 things`; one by its name."""
    follows = subscription.follows
    return name(follows[0]) if len(follows) == 1 else count(len(follows), "thing")


def form(examples: Examples) -> Block:
    """Asks what to follow."""
    tag, author = usage.shown(examples.tag), usage.shown(examples.author)
    hint = f'A tag ({tag}), a person (author:{author}), a "phrase", or any search (robots -tag:Audio).'
    field = modal.form_field(WHAT, "What do you want to follow?", tag, hint)
    return modal.form(Form.FOLLOW, "Follow", "Follow", [field])


def grouped(follows: Sequence[Follow]) -> list[Follow]:
    """By kind, each in the order it was followed."""
    return sorted(follows, key=lambda follow: ORDER.index(follow.kind))


def clear(subscription: Subscription) -> Block:
    ask = f"You stop following {everything(subscription)}. It can be undone for a while."
    all_of_them = button("Unfollow all", Action.FOLLOWING_CLEAR, "all")
    return all_of_them | {"confirm": confirm("Unfollow all?", ask, "Unfollow all", "Keep")}


def row(follow: Follow, shown: str = "") -> Block:
    """`shown` instead of its name, where its kind is plain."""
    value, text = ids.follow(follow), plain(shown or name(follow), NAME)
    if limits.weight(value) > VALUE:
        return section(text)
    label = f"Stop following {name(follow)}"
    return section(text, button("Remove", Action.FOLLOWING_REMOVE, value, label))


def undo(action: Action, follow: Follow) -> Block | None:
    value = ids.follow(follow)
    return button("Undo", action, value) if limits.weight(value) <= VALUE else None
