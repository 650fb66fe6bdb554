"""When a source is silent for longer than it ever was."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.delivery import silence
from bot.delivery.silence import Arrival

DAY = dt.timedelta(days=1)
FRIDAY = dt.date(2025, 4, 25)


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def came(*days: dt.date) -> list[Arrival]:
    return [Arrival(number, day, noon(day)) for number, day in enumerate(days, 1)]


WORKDAYS = came(*(FRIDAY - n * DAY for n in (11, 10, 9, 8, 7, 4, 3, 2, 1, 0)))  # two weeks


@pytest.mark.parametrize(("later", "silent"), [(1, False), (3, False), (4, False), (5, True), (30, True)])
def test_a_weekend_is_no_silence(later: int, silent: bool) -> None:
    found = silence.of(WORKDAYS, noon(FRIDAY + later * DAY))
    assert (found is not None) == silent
    if found:
        assert (found.days, found.longest, found.last.date) == (later, 3, FRIDAY)


def test_holidays_teach_it() -> None:
    later = [day.date + 20 * DAY for day in WORKDAYS]
    habits = WORKDAYS + [Arrival(20 + n, day, noon(day)) for n, day in enumerate(later)]
    assert silence.of(habits, noon(later[-1] + 9 * DAY)) is None
    assert silence.of(habits, noon(later[-1] + 12 * DAY))


def test_few_digests_tell_no_habit() -> None:
    assert silence.of(came(*(FRIDAY - n * DAY for n in range(4))), noon(FRIDAY + 90 * DAY)) is None
    assert silence.of([], noon(FRIDAY)) is None


def test_what_the_first_fetch_brings_is_news_of_that_day() -> None:
    """An archive that ended long ago is not called silent on the day it is set up."""
    setup = FRIDAY + 400 * DAY
    archive = [Arrival(one.digest_id, one.date, noon(setup)) for one in WORKDAYS]
    assert silence.of(archive, noon(setup)) is None
    found = silence.of(archive, noon(setup + 5 * DAY))
    assert found and found.days == 5


def test_a_digest_of_a_day_to_come_says_nothing() -> None:
    typo = Arrival(99, dt.date(2052, 4, 28), noon(FRIDAY))
    found = silence.of([*WORKDAYS, typo], noon(FRIDAY + 6 * DAY))
    assert found and found.last.date == FRIDAY


def test_two_digests_of_a_day_are_no_gap() -> None:
    twice = came(*[FRIDAY - n * DAY for n in range(5) for _ in range(2)])
    found = silence.of(twice, noon(FRIDAY + 3 * DAY))
    assert found and found.longest == 1
