"""The form in which a channel's feed is set up and changed, and the preview that lies on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from bot.model import Feed, StoredPaper
from bot.slack import ids, limits
from bot.slack.blocks import modal, paper
from bot.slack.blocks.feed_words import EMPTY_DAYS, LAYOUTS, ROUNDUPS
from bot.slack.blocks.kit import (
    Block,
    actions,
    bullets,
    button,
    context,
    field,
    mrkdwn,
    option,
    plain,
    rich,
    run,
    section,
    words,
)
from bot.slack.blocks.part import Part
from bot.slack.ids import Action, FeedForm, Form
from bot.slack.text import DAYS, code, count, escape, long_day, shorten
from bot.slack.zones import label
from bot.subscriptions.filters import Lines

EXAMPLES = 3
TITLE = 90
READ_AS = 500
NINE = dt.time(9)
PREVIEW_WEIGHT = 60_000  # of the 250 kB that a view may have
PREVIEW_BLOCKS = 90
ARRIVAL, HOUR = "arrival", "hour"

Choice = TypeVar("Choice", bound=StrEnum)


class Field(StrEnum):
    """Block ids: by these the answers come back."""

    ABOUT = "about"
    BUT_NOT = "but_not"
    COUNT = "count"
    LAYOUT = "layout"
    PREVIEW = "preview"
    WHEN = "when"
    AT = "at"
    ZONE = "zone"
    WEEKDAYS = "weekdays"
    ON_EMPTY = "on_empty"
    ROUNDUP = "roundup"
    PAUSED = "paused"
    GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of the filter as it is written."""

    papers: Sequence[StoredPaper]  # of the last days, the newest first
    a_day: float
    of: int  # papers that there were
    days: int  # that were looked at
    notes: Sequence[str] = ()
    read_as: str = ""  # where it is not how it was written


def render(about: FeedForm, feed: Feed, lines: Lines, reading: Reading, now: dt.datetime) -> Block:
    """`feed`: as it is, or with the defaults; `lines`: its filter."""
    blocks = [
        section(mrkdwn(f"For <#{about.channel}>")),
        *([context(mrkdwn(OUTSIDE))] if about.outside else []),
        *filter_fields(lines),
        *counted(reading),
        field(Field.LAYOUT, "Layout", radio(LAYOUTS, feed.layout, "feed_layout")),
        actions(button("Preview", Action.FEED_DRAFT, about.channel, "Preview the newest digest so"))
        | {"block_id": Field.PREVIEW},
        *when_fields(feed, now),
        field(
            Field.ON_EMPTY,
            "On a day without a paper for this channel",
            radio(EMPTY_DAYS, feed.on_empty, "feed_empty"),
        ),
        field(Field.ROUNDUP, "Weekly round-up", radio(ROUNDUPS, feed.roundup, "feed_roundup")),
        *([ticked(Field.PAUSED, "Pause", PAUSED, bool(feed.paused), optional=True)] if about.version else []),
        *([ticked(Field.GENERAL, "Everybody is here", EVERYBODY, False)] if about.general else []),
    ]
    title, submit = ("Change the feed", "Save") if about.version else ("Set up a feed", "Set up")
    return modal.form(Form.FEED, title, submit, blocks, about=ids.feed_form(about))


OUTSIDE = "I am not in this channel yet: after you save, type `/invite @Paperboy` there, and the feed starts."
PAUSED = (
    "Nothing is posted until you resume it",
    "What comes meanwhile is found by search, and not posted later.",
)
EVERYBODY = (
    "Post in this channel all the same",
    "Everyone in the workspace sees it; a channel of its own is kinder.",
)
HINT = "Commas mean “or”. Tags, names, words: as in /papers search. Empty: every paper."
HINT_NOT = "None of these, whatever else a paper is about."


def filter_fields(lines: Lines) -> list[Block]:
    return [
        line(Field.ABOUT, "Only papers about", lines.about, "robotics, tag:audio, author:Chelsea Finn", HINT),
        line(Field.BUT_NOT, "But not about", lines.but_not, "survey, medical", HINT_NOT),
    ]


def line(name: Field, title: str, text: str, placeholder: str, hint: str) -> Block:
    """Its count follows what is typed."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": ids.action(Action.FEED_FILTER, name),
        "placeholder": plain(placeholder),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed", "on_character_entered"]},
    }
    if text:
        element["initial_value"] = text
    return field(name, title, element, hint=hint, optional=True, dispatch_action=True)


def counted(reading: Reading) -> list[Block]:
    """How much that is, with examples; and how the filter was read, where that may not be what was meant."""
    found = len(reading.papers)
    if not reading.of:
        total = f"There is no paper of the last {reading.days} days to try it on yet."
    elif not found:
        total = f"*Matches none* of the {count(reading.of, 'paper')} of the last {reading.days} days."
    else:
        total = (
            f"*Matches {count(found, 'paper')}* of the last {reading.days} days, about {rate(reading.a_day)}."
        )
    noted = "".join(f"\n⚠️ {escape(note)}" for note in reading.notes)
    shown: list[Block] = [section(mrkdwn(total + noted)) | {"block_id": Field.COUNT}]
    if reading.read_as:
        shown.append(context(mrkdwn(f"Read as {code(shorten(reading.read_as, READ_AS))}")))
    if titles := [run(words(paper.title(one, TITLE))) for one in reading.papers[:EXAMPLES]]:
        shown.append(rich(bullets(titles)) | {"block_id": "examples"})
    return shown


def rate(a_day: float) -> str:
    """`1.4 a day`, `2 a week`."""
    if a_day >= 1:
        return f"{a_day:.1f}".removesuffix(".0") + " a day"
    return f"{a_day * 7:.1f}".removesuffix(".0") + " a week"


def when_fields(feed: Feed, now: dt.datetime) -> list[Block]:
    """The hour is asked for only where there is one; the zone also says when a weekday begins."""
    choices = {
        ARRIVAL: option("As soon as a digest arrives", ARRIVAL),
        HOUR: option("At an hour", HOUR, "What came since is posted then"),
    }
    chosen = HOUR if feed.post_at else ARRIVAL
    radios: Block = {
        "type": "radio_buttons",
        "action_id": Action.FEED_WHEN,
        "options": list(choices.values()),
        "initial_option": choices[chosen],
    }
    hour: Block = {
        "type": "timepicker",
        "action_id": "feed_at",
        "initial_time": f"{feed.post_at or NINE:%H:%M}",
        "placeholder": plain("Hour"),
    }
    zone: Block = {
        "type": "external_select",
        "action_id": Action.FEED_ZONE,
        "placeholder": plain("Type a city"),
        "min_query_length": 0,
        "initial_option": zone_option(feed.timezone, now),
    }
    return [
        field(Field.WHEN, "When", radios, dispatch_action=True),
        *([field(Field.AT, "Hour", hour)] if feed.post_at else []),
        field(Field.ZONE, "Time zone", zone),
        field(
            Field.WEEKDAYS,
            "On",
            weekdays(feed.weekdays),
            hint="What arrives on another day waits for the next of these.",
        ),
    ]


def zone_option(zone: str, now: dt.datetime) -> Block:
    return option(label(zone, now), zone)


def weekdays(chosen: Sequence[int]) -> Block:
    options = [option(name, str(number)) for number, name in enumerate(DAYS)]
    return {
        "type": "checkboxes",
        "action_id": "feed_weekdays",
        "options": options,
        "initial_options": [options[day] for day in chosen],
    }


def radio(choices: Mapping[Choice, tuple[str, str]], chosen: Choice, action_id: str) -> Block:
    options = {value: option(name, value.value, what) for value, (name, what) in choices.items()}
    return {
        "type": "radio_buttons",
        "action_id": action_id,
        "options": list(options.values()),
        "initial_option": options[chosen],
    }


def ticked(name: Field, title: str, choice: tuple[str, str], on: bool, *, optional: bool = False) -> Block:
    options = [option(choice[0], "yes", choice[1])]
    boxes: Block = {"type": "checkboxes", "action_id": f"feed_{name}", "options": options}
    return field(name, title, boxes | ({"initial_options": options} if on else {}), optional=optional)


def preview(day: dt.date, parts: Sequence[Part], feed: Feed) -> Block:
    """The newest digest as the channel would get it, without what can be pressed."""
    first = (
        f"{LAYOUTS[feed.layout][0]} · the digest of {long_day(day)} as <#{feed.channel}> would get it."
        " Nothing is posted."
    )
    blocks = [context(mrkdwn(first))]
    room = PREVIEW_WEIGHT
    for shown, part in enumerate(parts):
        body = [quiet(block) for block in part.message.blocks if block["type"] != "actions"]
        where = "↳ a reply in the thread" if part.reply else "the next message"
        each = [{"type": "divider"}, *([context(plain(where))] if shown else []), *body]
        room -= limits.weight(each)
        if len(blocks) + len(each) > PREVIEW_BLOCKS or room < 0:
            blocks.append(context(plain(f"and {count(len(parts) - shown, 'more message')}")))
            break
        blocks += each
    return modal.show("Preview", blocks)


def no_preview(sentence: str) -> Block:
    return modal.show("Preview", [section(plain(sentence))])


def quiet(block: Mapping[str, object]) -> Block:
    return {name: value for name, value in block.items() if name != "accessory"}
