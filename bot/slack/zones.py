"""Time zones for what a member types: by city, by region, by what the clocks there are called. Pure."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

MOST = 30
_OTHER_NAMES = ("Etc/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/", "SystemV/", "posix/", "right/")

COMMON = (
    *("UTC", "Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Istanbul", "Africa/Johannesburg"),
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Sao_Paulo"),
    *("Asia/Dubai", "Asia/Kolkata", "Asia/Singapore", "Asia/Shanghai", "Asia/Seoul", "Asia/Tokyo"),
    "Australia/Sydney",
)
# Cities that people type and the zones are not named after.
CITIES = {
    "America/Los_Angeles": ("San Francisco", "Silicon Valley", "Seattle", "San Diego", "Palo Alto"),
    "America/New_York": ("Boston", "Washington", "Atlanta", "Miami", "Philadelphia", "Pittsburgh"),
    "America/Chicago": ("Austin", "Dallas", "Houston"),
    "America/Sao_Paulo": ("Rio de Janeiro", "Brasilia"),
    "Europe/London": ("Cambridge", "Edinburgh", "Manchester", "Oxford"),
    "Europe/Berlin": ("Frankfurt", "Hamburg", "Heidelberg", "Munich", "Tübingen"),
    "Europe/Zurich": ("Geneva", "Lausanne"),
    "Europe/Madrid": ("Barcelona",),
    "Europe/Rome": ("Milan",),
    "Asia/Shanghai": ("Beijing", "Guangzhou", "Hangzhou", "Shenzhen"),
    "Asia/Kolkata": ("Bangalore", "Bengaluru", "Chennai", "Delhi", "Hyderabad", "Mumbai", "New Delhi"),
    "Asia/Tokyo": ("Kyoto", "Osaka"),
    "Asia/Dubai": ("Abu Dhabi",),
    "Asia/Ho_Chi_Minh": ("Hanoi",),
}


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
    """The nearest first: cities that begin so, then all that hold it somewhere. Where nothing is typed yet,
    those that many live in."""
    asked = "_".join(typed.casefold().replace("/", " / ").split()).replace("_/_", "/")
    if not asked:
        return list(COMMON)
    begin = [name for name in _names() if name.casefold().rpartition("/")[2].startswith(asked)]
    hold = [name for name in _names() if asked in name.casefold()]
    cities = [
        zone
        for zone, around in CITIES.items()
        if any(city.casefold().replace(" ", "_").startswith(asked) for city in around)
    ]
    clocks = [name for name in _names() if now.astimezone(ZoneInfo(name)).tzname().casefold() == asked]  # type: ignore[union-attr]
    return list(dict.fromkeys((*begin, *cities, *hold, *clocks)))[:MOST]
