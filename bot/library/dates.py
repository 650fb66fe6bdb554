"""The days that people name in a query: 2025-03-01, 2025-03, 2025, yesterday, last week."""

from __future__ import annotations

import datetime as dt
import re

DATE = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?)?")
DAY = dt.timedelta(days=1)
EASTMOST = dt.timedelta(hours=14)


def first_day(text: str, today: dt.date) -> dt.date | None:
    """The day that was named, or the first one of the week, month or year; None for what is no date."""
    written = DATE.fullmatch(text)
    if not written:
        return _relative(today).get(re.sub(r"[\s_-]+", " ", text.casefold()))
    year, month, day = (int(part or 1) for part in written.groups())
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _relative(today: dt.date) -> dict[str, dt.date]:
    week = _before(today, today.weekday())
    month = today.replace(day=1)
    year = month.replace(month=1)
    return {
        "today": today,
        "yesterday": _before(today, 1),
        "this week": week,
        "last week": _before(week, 7),
        "this month": month,
        "last month": _before(month, 1).replace(day=1),
        "this year": year,
        "last year": _before(year, 1).replace(month=1, day=1),
    }


def _before(day: dt.date, days: int) -> dt.date:
    """So many days earlier; no day comes before the first one of the calendar."""
    return max(day, dt.date.min + days * DAY) - days * DAY


def last_day(now: dt.datetime) -> dt.date:
    """The last date that is not in the future anywhere on Earth."""
    return (now + EASTMOST).date()


def comes_of_age(date: dt.date) -> dt.datetime:
    """When `date` stops being in the future somewhere on Earth."""
    return dt.datetime.combine(date, dt.time(), dt.UTC) - EASTMOST
