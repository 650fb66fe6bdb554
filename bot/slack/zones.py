"""Time zones for what a member types: by city, by region, by what the clocks there are called. Pure."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

MOST = 30
_OTHER_NAMES = ("Etc/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/", "SystemV/", "posix/", "right/")


@lru_cache
def _names() -> tuple[str, ...]:
    """UTC, and those that are named after a place."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith(_OTHER_NAMES))
    return ("UTC", *sorted(places))


def label(zone: str, now: dt.datetime) -> str:
    """`Europe/Berlin (UTC+02:00)`."""
    offset = f"{now.astimezone(ZoneInfo(zone)):%z}"
    return zone if zone == "UTC" else f"{zone.replace('_', ' ')} (UTC{offset[:3]}:{offset[3:5]})"


def suggestions(typed: str, now: dt.datetime) -> list[str]:
    """The nearest first: cities that begin so, then all that hold it somewhere."""
    asked = "_".join(typed.casefold().replace("/", " / ").split()).replace("_/_", "/")
    if not asked:
        return list(_names()[:MOST])
    begin = [name for name in _names() if name.casefold().rpartition("/")[2].startswith(asked)]
    hold = [name for name in _names() if asked in name.casefold()]
    clocks = [name for name in _names() if now.astimezone(ZoneInfo(name)).tzname().casefold() == asked]  # type: ignore[union-attr]
    return list(dict.fromkeys((*begin, *hold, *clocks)))[:MOST]
