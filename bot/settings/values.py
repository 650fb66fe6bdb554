"""What an operator writes for a span, a schedule, an hour, a zone or an address, made values. Pure.

Each raises ValueError with a sentence to stand after the key's name, and passes on what is a value already.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import fuzz, process, utils

from bot.settings.cron import Cron, read_cron

EVERYWHERE = "0.0.0.0"  # noqa: S104
LONGEST = dt.timedelta(days=36_500)
SPAN = re.compile(r"(?:(\d{1,9})w)?(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?", re.ASCII)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DATE_PARTS = ("{yyyy}", "{mm}", "{dd}")


@dataclass(frozen=True, slots=True)
class Interval:
    every: dt.timedelta


class Address(NamedTuple):
    host: str
    port: int


def near(word: str, known: Iterable[str], prefix: str = "") -> str:
    """A question to end a complaint with, where one of `known` is likely meant. `prefix`: what all share."""
    found = process.extractOne(
        word, sorted(known), scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=75
    )
    return f'; did you mean "{prefix}{found[0]}"?' if found else ""


def read_span(value: object) -> dt.timedelta:
    if isinstance(value, dt.timedelta):
        return value
    match = SPAN.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if not match or not match[0]:
        raise ValueError(f'"{value}" is no span of time; write it like "30s", "15m", "1h30m", "90d" or "2w"')
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in match.groups())
    if weeks + days > LONGEST.days:
        raise ValueError(f'"{value}" is longer than a hundred years; write a shorter span')
    span = dt.timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if not dt.timedelta() < span <= LONGEST:
        raise ValueError(f'"{value}" is out of bounds; write a span from "1s" to a hundred years')
    return span


def read_backfill(value: object) -> dt.timedelta | None:
    """None: all there is; zero: from today on."""
    if value in ("none", dt.timedelta()):
        return dt.timedelta()
    return None if value in ("all", None) else read_span(value)


def read_age(value: object) -> dt.timedelta | None:
    return None if value in ("off", None) else read_span(value)


def read_poll(value: object) -> Interval | Cron:
    if isinstance(value, Interval | Cron):
        return value
    if isinstance(value, str) and len(value.split()) > 1:
        return read_cron(value)
    return Interval(read_span(value))


def read_hour(value: object) -> dt.time | None:
    """None: on arrival. A time of TOML's own comes as one."""
    if value in ("arrival", None):
        return None
    if isinstance(value, str) and re.fullmatch(r"\d{1,2}:\d{2}", value, re.ASCII):
        hour, minute = map(int, value.split(":"))
        if hour < 24 and minute < 60:
            return dt.time(hour, minute)
    if isinstance(value, dt.time) and not value.second and not value.microsecond:
        return value
    raise ValueError(f'"{value}" is no time of day; write it like "09:00", or "arrival"')


def read_weekdays(value: object) -> tuple[int, ...]:
    """Monday is 0. `["mon", "Tuesday"]`; numbers are what was read already."""
    if isinstance(value, tuple):
        return value
    names = value if isinstance(value, list) and all(isinstance(one, str) for one in value) else []
    days = {}
    for name in names:
        short = name.strip().lower()
        found = [day for day, long in enumerate(WEEKDAYS) if len(short) > 1 and long.startswith(short)]
        if len(found) != 1:
            raise ValueError(f'"{name}" is no day of the week{near(name, WEEKDAYS)}')
        days[found[0]] = name
    if not days:
        raise ValueError(f'is to be a list of days, such as ["mon", "tue"], and {value!r} is not')
    return tuple(sorted(days))


def read_zone(value: object) -> str:
    try:
        return ZoneInfo(str(value)).key
    except (ValueError, OSError, LookupError):
        hint = near(str(value), available_timezones()) or '; write one like "Europe/Berlin" or "UTC"'
        raise ValueError(f'there is no time zone "{value}"{hint}') from None


def read_channel(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"[CG][A-Z0-9]{6,}", value):
        return value
    raise ValueError(
        f'"{value}" is no channel id. Open the channel in Slack, click its name, and copy the id at the foot'
        ' of the "About" tab; it looks like "C0123456789"'
    )


def read_repository(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"[\w.-]+/[\w.-]+", value, re.ASCII):
        return value
    raise ValueError(f'"{value}" is no repository; write owner and name, such as "timlrx/daily-ai-papers"')


def read_pattern(value: object) -> str:
    """A path or an address that may hold {yyyy}, {mm} and {dd}."""
    if not isinstance(value, str) or not value.strip("/ "):
        raise ValueError("is to be a text in quotes that says where the digests are")
    parts = set(re.findall(r"\{[^}]*\}?|\}", value))
    if unknown := sorted(parts - set(DATE_PARTS)):
        raise ValueError(f"{unknown[0]} is no part of a date; it may hold {', '.join(DATE_PARTS)}")
    if parts - set(DATE_PARTS[: len(parts)]):
        raise ValueError("{mm} needs {yyyy} beside it, and {dd} needs both")
    return value


def read_url(value: object) -> str:
    try:
        parts = urlsplit(str(value))
        good = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        good = False
    if not good:
        raise ValueError(f'"{value}" is no web address; it begins with https:// or http://')
    if parts.username or parts.password:
        raise ValueError("holds a name or a password; take it out: addresses are shown in logs and messages")
    return str(value)


def read_url_pattern(value: object) -> str:
    return read_pattern(read_url(value))


def read_base(value: object) -> str:
    """An address that others are made from: without the last slash."""
    return read_url(value).rstrip("/")


def read_listen(value: object) -> Address:
    if isinstance(value, Address):
        return value
    host, _, port = str(value).rpartition(":")
    if not re.fullmatch(r"\d{1,5}", port, re.ASCII) or int(port) > 65_535:
        raise ValueError(f'"{value}" is no address to listen at; write host and port, such as "0.0.0.0:3000"')
    return Address(host.strip("[]") or EVERYWHERE, int(port))
