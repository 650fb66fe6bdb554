"""Whether a source is silent for longer than it ever was. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.library.dates import last_day

DAY = dt.timedelta(days=1)
HISTORY = 5  # digests, below which nobody knows a source's habits
MARGIN = DAY  # beyond its longest gap: a digest may come late in its day


@dataclass(frozen=True, slots=True)
class Arrival:
    """A digest that came: of which day, and when it was first seen."""

    digest_id: int
    date: dt.date
    seen_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Silence:
    last: Arrival
    days: int  # for so long nothing came
    longest: int  # days, between two digests, before


def of(arrivals: Sequence[Arrival], looked_at: dt.datetime) -> Silence | None:
    """`looked_at`: when the source was last asked: while nobody asks, it is not the source that is silent.

    Gaps are between the days that digests are of: what the first fetch brings is all seen at once. Digests
    of days to come say nothing.
    """
    known = [one for one in arrivals if one.date <= last_day(one.seen_at)]
    days = sorted({one.date for one in known})
    if len(days) < HISTORY:
        return None
    longest = max(later - earlier for earlier, later in pairwise(days))
    last = max(known, key=lambda one: (_last_sign(one), one.digest_id))
    quiet = looked_at.date() - _last_sign(last)
    return Silence(last, quiet.days, longest.days) if quiet > longest + MARGIN else None


def _last_sign(arrival: Arrival) -> dt.date:
    """What came late is a sign of life on the day it came."""
    return max(arrival.date, arrival.seen_at.date())
