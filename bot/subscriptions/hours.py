"""When a local hour comes next, across zones and daylight saving. Pure: the moment now is passed in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from zoneinfo import ZoneInfo

from bot.errors import BadArgument
from bot.model import EVERY_DAY

_CLOCK = re.compile(r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?", re.IGNORECASE)


def next_moment(
    at: dt.time, timezone: str, after: dt.datetime, *, weekdays: Collection[int] = EVERY_DAY
) -> dt.datetime:
    """The first moment strictly after `after` (aware) when clocks in `timezone` show `at`, in UTC.

    A day that skips the hour gives the moment at which it would have come; a day that has it twice,
    its first. `weekdays` (Monday is 0; one at least) leaves the other days out.
    """
    zone = ZoneInfo(timezone)
    day = after.astimezone(zone).date()
    while True:
        moment = dt.datetime.combine(day, at, zone).astimezone(dt.UTC)
        if moment > after and day.weekday() in weekdays:
            return moment
        day += dt.timedelta(days=1)


def in_zone(moment: dt.datetime, timezone: str) -> dt.datetime:
    return moment.astimezone(ZoneInfo(timezone))


def local_day(moment: dt.datetime, timezone: str) -> dt.date:
    return in_zone(moment, timezone).date()


def read_hour(text: str) -> dt.time:
    """`8:30`, `08:30`, `8`, `8am`, `8:30 pm`, `noon` → a time of day; BadArgument for the rest."""
    words = text.strip().lower()
    if words in ("noon", "midnight"):
        return dt.time(12 if words == "noon" else 0)
    match = _CLOCK.fullmatch(words)
    if match:
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        half = (match["half"] or "")[:1]
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        elif half:
            hour = 99
        if hour < 24 and minute < 60:
            return dt.time(hour, minute)
    raise BadArgument(f"I can't read “{text.strip()[:40]}” as an hour. Write it like `08:30` or `8:30am`.")


def as_text(at: dt.time) -> str:
    """The way the database keeps an hour, and people read it: "08:30"."""
    return at.strftime("%H:%M")


def from_text(text: str) -> dt.time:
    return dt.time.fromisoformat(text)
