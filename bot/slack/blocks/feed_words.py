"""A channel's feed in words: what comes, when and how, and why it is paused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.model import EVERY_DAY, Feed, Layout, OnEmpty, Roundup
from bot.slack import ids
from bot.slack.advice import ADVICE
from bot.slack.text import DAYS, clean, code, escape, moment, shorten
from bot.subscriptions import calendar, filters, hours, pauses

PIECE = 80  # characters
PIECES = 8
LAYOUTS = {
    Layout.THREAD: ("Thread", "One message with the day’s titles; the summaries are its replies"),
    Layout.FULL: ("Full", "Each paper with its summary, in the channel itself"),
    Layout.COMPACT: ("Compact", "The day in a few lines, each paper by its name"),
}
EMPTY_DAYS = {
    OnEmpty.SILENT: ("Stay silent", "Nothing is posted"),
    OnEmpty.NOTICE: ("Say so", "One line that says that there was nothing"),
}
ROUNDUPS = {
    Roundup.OFF: ("None", ""),
    Roundup.ALSO: ("As well", "The week’s papers in one message on Monday, beside the daily posts"),
    Roundup.ONLY: ("Instead", "The week’s papers in one message on Monday, and no daily posts"),
}
ROUNDUP_TOO = ", and a round-up on Mondays"
WORKDAYS = (0, 1, 2, 3, 4)
INVITE = "Type `/invite @Paperboy` in the channel: it starts by itself then."
REASONS: Mapping[str, str] = {
    pauses.NOT_IN_CHANNEL: "I am not in the channel",
    pauses.REMOVED: "I was removed from the channel",
    "channel_not_found": "the channel is gone, or private and I am not in it",
    "is_archived": "the channel is archived",
}


def subject(feed: Feed, now: dt.datetime) -> str:
    """mrkdwn: `Papers about robotics or speech, but not about survey`."""
    return _subject(feed, now, lambda piece: code(shorten(clean(piece), PIECE)))


def heard(feed: Feed, now: dt.datetime) -> str:
    """`subject` and `when`, for those who hear it; not escaped."""
    return f"{_subject(feed, now, lambda piece: f'“{shorten(clean(piece), PIECE)}”')}. {when(feed)}."


def _subject(feed: Feed, now: dt.datetime, shown: Callable[[str], str]) -> str:
    """`now`: a filter of the file may say `after:yesterday`, which each digest reads on its own day."""
    lines = filters.parted(feed.filter, today=now.date(), to_read=True)
    about, unwanted = _listed(lines.about, shown), _listed(lines.but_not, shown)
    if about:
        return f"Papers about {about}, but not about {unwanted}" if unwanted else f"Papers about {about}"
    return f"Every paper but those about {unwanted}" if unwanted else "Every paper"


def _listed(line: str, shown: Callable[[str], str]) -> str:
    """`a, b or c`"""
    pieces = filters.pieces(line)
    told = [shown(piece) for piece in pieces[:PIECES]]
    if len(pieces) > PIECES:
        return f"{', '.join(told)} and {len(pieces) - PIECES} more"
    return f"{', '.join(told[:-1])} or {told[-1]}" if len(told) > 1 else "".join(told)


def days(weekdays: Sequence[int]) -> str:
    """`every day`, `Monday to Friday`, `Mon, Wed and Fri`."""
    if tuple(weekdays) == EVERY_DAY:
        return "every day"
    if tuple(weekdays) == WORKDAYS:
        return "Monday to Friday"
    if len(weekdays) == 1:
        return f"{DAYS[weekdays[0]]}s"
    names = [DAYS[day][:3] for day in weekdays]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def when(feed: Feed) -> str:
    """`Monday to Friday at 09:00 (Europe/Berlin)`, `As soon as a digest arrives`."""
    zone = f" ({feed.timezone})"
    hour = f"{feed.post_at:%H:%M}{zone}" if feed.post_at else ""
    if feed.roundup is Roundup.ONLY:
        return f"A round-up on Mondays at {hour or f'{calendar.ROUNDUP_AT:%H:%M}{zone}'}"
    on = days(feed.weekdays)
    if hour:
        daily = f"{on[:1].upper()}{on[1:]} at {hour}"
    else:
        daily = "As soon as a digest arrives"
        daily += "" if tuple(feed.weekdays) == EVERY_DAY else f", {on}{zone}"
    return f"{daily}{ROUNDUP_TOO}" if feed.roundup is Roundup.ALSO else daily


def layout(feed: Feed) -> str:
    """`Compact: the day in a few lines, each paper by its name`."""
    name, what = LAYOUTS[feed.layout]
    return f"{name}: {what[:1].lower()}{what[1:]}"


def there_and_here(feed: Feed, zone: str, now: dt.datetime) -> str:
    """mrkdwn: `when`, and the hour where the reader is, if that is another."""
    if feed.roundup is Roundup.ALSO:
        return there_and_here(replace(feed, roundup=Roundup.OFF), zone, now) + ROUNDUP_TOO
    said = escape(when(feed))
    if feed.post_at is None or zone == feed.timezone:
        return said
    upcoming = hours.next_moment(feed.post_at, feed.timezone, now)
    local, there = hours.in_zone(upcoming, zone), hours.in_zone(upcoming, feed.timezone)
    if local.replace(tzinfo=None) == there.replace(tzinfo=None):
        return said
    return f"{said}, which is {moment(upcoming, '{time}', zone)}{_day_off(local, there)} where you are"


def _day_off(local: dt.datetime, there: dt.datetime) -> str:
    if local.date() == there.date():
        return ""
    return " the day before" if local.date() < there.date() else " the day after"


def reason(paused: str) -> str:
    """mrkdwn: why it is paused."""
    if member := pauses.who(paused):
        return f"<@{member}> paused it" if ids.read_member(member) else "a member paused it"
    if paused in REASONS:
        return REASONS[paused]
    if paused in ADVICE:
        _, advice = ADVICE[paused]
        return f"{advice[:1].lower()}{advice[1:]}".rstrip(".")
    return f"Slack says {escape(clean(paused))}"


def upcoming(feed: Feed, now: dt.datetime, zone: str) -> str:
    """mrkdwn: when the next post is due, for each reader in their own zone."""
    if post := calendar.next_post(feed, now):
        return f"{moment(post, zone=zone)}, if a digest has come by then"
    if roundup := calendar.next_roundup(feed, now):
        return moment(roundup, zone=zone)
    return "as soon as a digest arrives"
