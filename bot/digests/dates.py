"""The day a digest is of, from its heading or its path."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress

_IN_HEADING = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_IN_WORDS = re.compile(
    r"\b(?:([A-Z][a-z]{2})[a-z]*\.? (\d{1,2})|(\d{1,2})\.? ([A-Z][a-z]{2})[a-z]*)(?:st|nd|rd|th)?,? (\d{4})\b"
)
_IN_PATH = re.compile(
    r"(?<!\d)(?=(\d{4}|\d{2})[-/_.](\d{1,2})[-/_.](\d{1,2})(?!\d)|(\d{4})(\d{2})(\d{2})(?!\d))"
)
_LONGEST_HEADING = 500


def date_in_heading(heading: str) -> dt.date | None:
    """The date of "## Papers for 2024-09-28" or "for September 28, 2024", whatever the words around it."""
    for year, _, month, day in _IN_HEADING.findall(heading[:_LONGEST_HEADING]):
        date = _date(year, month, day)
        if date:
            return date
    for month, day, other_day, other_month, year in _IN_WORDS.findall(heading[:_LONGEST_HEADING]):
        with suppress(ValueError):
            words = f"{month or other_month} {day or other_day} {year}"
            return dt.datetime.strptime(words, "%b %d %Y").date()  # noqa: DTZ007 - a day, not a moment
    return None


def date_in_path(path: str) -> dt.date | None:
    """The last date of a path: 2025-04-28.md, 2025/04/28.md, archive/24/9/2.md, papers-20250428.md."""
    parts = [found[:3] if found[0] else found[3:] for found in _IN_PATH.findall(path.replace("\\", "/"))]
    parts.sort(key=lambda found: len(found[0]))  # a year of four digits is surer than one of two
    return next((date for date in (_date(*found) for found in reversed(parts)) if date), None)


def _date(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None
