"""Local hours across zones and daylight saving, as a member or a channel meets them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadArgument
from bot.subscriptions.hours import next_moment, read_hour


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_the_hour_of_the_day_in_its_zone() -> None:
    nine = dt.time(9)
    assert next_moment(nine, "Europe/Berlin", utc("2026-01-10 07:59")) == utc("2026-01-10 08:00")
    assert next_moment(nine, "Europe/Berlin", utc("2026-07-10 06:59")) == utc("2026-07-10 07:00")
    assert next_moment(nine, "America/Los_Angeles", utc("2026-01-10 08:00")) == utc("2026-01-10 17:00")


def test_a_moment_that_is_now_counts_for_tomorrow() -> None:
    assert next_moment(dt.time(9), "UTC", utc("2026-01-10 09:00")) == utc("2026-01-11 09:00")


def test_a_day_without_0230_has_its_post_an_hour_later_by_the_clock() -> None:
    before = utc("2026-03-28 12:00")
    moment = next_moment(dt.time(2, 30), "Europe/Berlin", before)
    assert moment == utc("2026-03-29 01:30")
    assert moment.astimezone(ZoneInfo("Europe/Berlin")).strftime("%H:%M") == "03:30"
    assert next_moment(dt.time(2, 30), "Europe/Berlin", moment) == utc("2026-03-30 00:30")


def test_a_day_with_0230_twice_has_one_post() -> None:
    first = next_moment(dt.time(2, 30), "Europe/Berlin", utc("2026-10-24 12:00"))
    assert first == utc("2026-10-25 00:30")
    between = first + dt.timedelta(minutes=30)
    assert next_moment(dt.time(2, 30), "Europe/Berlin", between) == utc("2026-10-26 01:30")


def test_a_weekly_digest_comes_on_its_weekday_there() -> None:
    # Sunday evening in London is Monday morning in Auckland.
    moment = next_moment(dt.time(8), "Pacific/Auckland", utc("2026-06-07 12:00"), weekdays=[0])
    assert moment == utc("2026-06-07 20:00")


zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
moments = st.integers(1_577_836_800, 2_051_222_400).map(lambda s: dt.datetime.fromtimestamp(s, dt.UTC))


@given(st.times(), zones, moments)
def test_every_day_has_one_moment_in_order(at: dt.time, zone: str, after: dt.datetime) -> None:
    at = at.replace(second=0, microsecond=0)
    first = next_moment(at, zone, after)
    second = next_moment(at, zone, first)
    assert after < first < second
    assert dt.timedelta(hours=22) <= second - first <= dt.timedelta(hours=26)
    assert first - after <= dt.timedelta(hours=26)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("08:30", dt.time(8, 30)),
        ("8:30am", dt.time(8, 30)),
        ("8:30 PM", dt.time(20, 30)),
        ("12am", dt.time(0)),
        ("12:15pm", dt.time(12, 15)),
        ("7", dt.time(7)),
        ("18h30", dt.time(18, 30)),
        ("noon", dt.time(12)),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, hour: dt.time) -> None:
    assert read_hour(text) == hour


@pytest.mark.parametrize("text", ["", "25:00", "8:61", "13pm", "0am", "soon", "8:3", "<!channel>"])
def test_other_words_are_answered_with_an_example(text: str) -> None:
    with pytest.raises(BadArgument, match="08:30"):
        read_hour(text)
