"""When a host wants to be left alone: Retry-After, and GitHub's X-RateLimit headers. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

SLOW_DOWN = (403, 429, 503)
MINUTE = dt.timedelta(minutes=1)  # GitHub's least pause where it names none
DAY = dt.timedelta(days=1)  # no host closes a source for longer by a mistyped header


def pause(status: int, headers: Mapping[str, str], now: dt.datetime) -> dt.datetime | None:
    """Until when nothing is to be asked of the host that answered so."""
    until: dt.datetime | None = None
    if status in SLOW_DOWN and "Retry-After" in headers:
        until = _retry_after(headers["Retry-After"], now)
    elif headers.get("X-RateLimit-Remaining") == "0":
        until = _reset(headers.get("X-RateLimit-Reset", ""), now)
    elif status == 429:
        until = now + MINUTE
    return until and min(until, now + DAY)


def _retry_after(value: str, now: dt.datetime) -> dt.datetime:
    """Seconds, or a date."""
    if value.isdecimal():
        return now + min(dt.timedelta(seconds=int(value[:9])), DAY)
    try:
        return parsedate_to_datetime(value).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return now + MINUTE


def _reset(value: str, now: dt.datetime) -> dt.datetime:
    """Seconds since 1970."""
    try:
        return dt.datetime.fromtimestamp(int(value), dt.UTC)
    except (ValueError, OverflowError, OSError):
        return now + MINUTE
