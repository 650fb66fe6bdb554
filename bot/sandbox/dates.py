"""Dates as Slack writes them for whoever reads: `<!date^…>` tokens, and the time beside a message."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

FORMATS = {
    "date_num": "{:%Y-%m-%d}",
    "date": "{:%B} {day}, {:%Y}",
    "date_short": "{:%b} {day}, {:%Y}",
    "date_long": "{:%A}, {:%B} {day}, {:%Y}",
    "time": "{hour}:{:%M %p}",
    "time_secs": "{hour}:{:%M:%S %p}",
}
TOKEN = re.compile(r"\{(\w+)\}")
NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def clock_time(moment: dt.datetime, tz: str) -> str:
    """9:00 AM"""
    return _written("time", moment.astimezone(ZoneInfo(tz)))


def day(moment: dt.datetime, tz: str) -> str:
    """Friday, November 20, 2026"""
    return _written("date_long", moment.astimezone(ZoneInfo(tz)))


def fill(template: str, timestamp: int, tz: str, now: dt.datetime) -> str:
    """A template such as "{date_short_pretty} at {time}", filled in; unknown tokens stay."""
    try:
        local = dt.datetime.fromtimestamp(timestamp, ZoneInfo(tz))
    except (OverflowError, OSError, ValueError):
        return template
    here = now.astimezone(ZoneInfo(tz))

    def token(match: re.Match[str]) -> str:
        name = match[1]
        near = NEAR.get((local.date() - here.date()).days)
        if name.endswith("_pretty"):
            return near or _written(name.removesuffix("_pretty"), local)
        if name == "ago":
            return _ago(here - local)
        return _written(name, local) if name in FORMATS else match[0]

    return TOKEN.sub(token, template)


def _written(name: str, local: dt.datetime) -> str:
    template = FORMATS.get(name, "{:%Y-%m-%d}")
    # strftime pads the day and the hour; Slack does not, and %-d is not everywhere.
    bare = template.replace("{day}", str(local.day)).replace("{hour}", str(local.hour % 12 or 12))
    return bare.format(*[local] * bare.count("{:"))


def _ago(span: dt.timedelta) -> str:
    minutes = abs(round(span.total_seconds() / 60))
    sizes = ((1440, "day"), (60, "hour"), (1, "minute"))
    size, unit = next(((size, unit) for size, unit in sizes if minutes >= size), (1, "minute"))
    count = minutes // size
    words = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"in {words}" if span < dt.timedelta() else f"{words} ago"
