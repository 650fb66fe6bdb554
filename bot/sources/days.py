"""Which days to ask a dated address for. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

# A digest is dated by its publisher's clock, which may stand anywhere on Earth.
EAST, WEST = dt.timedelta(hours=14), dt.timedelta(hours=12)
RECHECK = dt.timedelta(days=5)  # asked again, for late files and for revisions
ARXIV_BEGAN = dt.date(1991, 8, 14)
DAY = dt.timedelta(days=1)


def is_dated(pattern: str) -> bool:
    return "{yyyy}" in pattern


def fill(pattern: str, day: dt.date) -> str:
    return (
        pattern.replace("{yyyy}", f"{day.year:04}")
        .replace("{mm}", f"{day.month:02}")
        .replace("{dd}", f"{day.day:02}")
    )


@dataclass(frozen=True, slots=True)
class Window:
    """The days from `start` to `end` are to be asked for; `since` is where the source's history began."""

    since: dt.date
    start: dt.date
    end: dt.date

    @classmethod
    def first(cls, backfill: dt.timedelta | None, now: dt.datetime) -> Window:
        """`backfill` None: all there is; zero: from today on."""
        since = ARXIV_BEGAN if backfill is None else (now - WEST - backfill).date()
        return cls(since, since, (now + EAST).date())

    @classmethod
    def next(cls, bookmark: str, now: dt.datetime) -> Window | None:
        """From a few days before the last one asked for; None for what is no bookmark."""
        try:
            since, asked = map(dt.date.fromisoformat, bookmark.split("/"))
        except ValueError:
            return None
        return cls(since, max(since, asked - RECHECK), (now + EAST).date())

    def last(self, span: dt.timedelta) -> Window:
        return Window(self.since, max(self.since, self.end - span), self.end)

    @property
    def bookmark(self) -> str:
        """For `next`, once every day of this one was asked for."""
        return f"{self.since}/{self.end}"

    def filled(self, pattern: str) -> Iterator[str]:
        """Every address once, oldest first: a pattern without {dd} has one a month."""
        last = ""
        for number in range((self.end - self.start) // DAY + 1):
            address = fill(pattern, self.start + number * DAY)
            if address != last:
                yield address
            last = address
