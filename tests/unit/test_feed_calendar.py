"""When a feed posts: its hour, its weekdays, its round-up."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.model import Feed, Roundup
from bot.subscriptions import calendar

WORKDAYS = (0, 1, 2, 3, 4)
SATURDAY = dt.datetime(2025, 5, 3, 10, 0, tzinfo=dt.UTC)
MONDAY = dt.datetime(2025, 5, 5, 10, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def feed(**given: object) -> Feed:
    return Feed("T1", "C1", **{"timezone": "Europe/Berlin", "weekdays": WORKDAYS, **given})  # type: ignore[arg-type]


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("now", "moment"),
    [
        (SATURDAY, "2025-05-04 22:00"),  # midnight in Berlin
        (MONDAY, "2025-05-05 10:00"),
        (utc("2025-05-02 21:59"), "2025-05-02 21:59"),
        (utc("2025-05-02 22:00"), "2025-05-04 22:00"),
    ],
)
def test_something_new_waits_for_a_day_of_the_feed_s(now: dt.datetime, moment: str) -> None:
    assert calendar.opens(feed(), now) == utc(moment)


def test_a_midnight_that_daylight_saving_skips() -> None:
    beirut = feed(timezone="Africa/Cairo", weekdays=(4,))  # Friday, 25 April 2025 began at one o'clock
    assert calendar.opens(beirut, utc("2025-04-23 12:00")) == utc("2025-04-24 22:00")


def test_on_arrival_it_rests_until_the_next_of_its_days_begins() -> None:
    assert calendar.rests_until(feed(), SATURDAY, SATURDAY) == utc("2025-05-04 22:00")
    assert calendar.rests_until(feed(), MONDAY, MONDAY) is None


def test_an_hour_that_passed_a_moment_ago_is_kept_also_after_midnight() -> None:
    late = feed(post_at=dt.time(23, 59))
    due = utc("2025-05-02 21:59")
    assert calendar.rests_until(late, due, due + dt.timedelta(minutes=5)) is None
    assert calendar.rests_until(late, due, due + 2 * HOUR) == utc("2025-05-05 21:59")


@pytest.mark.parametrize(
    ("given", "now", "moment"),
    [
        ({}, MONDAY, None),
        ({}, SATURDAY, "2025-05-04 22:00"),
        ({"post_at": dt.time(9)}, SATURDAY, "2025-05-05 07:00"),
        ({"post_at": dt.time(9), "paused": "is_archived"}, SATURDAY, None),
        ({"post_at": dt.time(9), "roundup": Roundup.ONLY}, SATURDAY, None),
    ],
)
def test_the_next_post(given: dict[str, object], now: dt.datetime, moment: str | None) -> None:
    assert calendar.next_post(feed(**given), now) == (utc(moment) if moment else None)


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ({"roundup": Roundup.OFF}, None),
        ({"roundup": Roundup.ALSO}, "2025-05-05 07:00"),
        ({"roundup": Roundup.ONLY, "post_at": dt.time(18, 30)}, "2025-05-05 16:30"),
        ({"roundup": Roundup.ONLY, "weekdays": (3,)}, "2025-05-05 07:00"),
        ({"roundup": Roundup.ALSO, "paused": "is_archived"}, None),
    ],
)
def test_round_ups_come_on_mondays(given: dict[str, object], moment: str | None) -> None:
    assert calendar.next_roundup(feed(**given), SATURDAY) == (utc(moment) if moment else None)


def test_a_feed_of_round_ups_alone_is_not_planned_by_the_day() -> None:
    assert calendar.first_moment(feed(roundup=Roundup.ONLY), MONDAY) is None
    assert calendar.first_moment(feed(roundup=Roundup.ALSO), MONDAY) == MONDAY
