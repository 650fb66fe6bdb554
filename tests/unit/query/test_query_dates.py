"""The days that a query names, on any day: no text is an error, whoever reads it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import BotError
from bot.library.dates import first_day
from bot.library.query import parse
from bot.subscriptions import filters
from bot.subscriptions.filters import Lines
from bot.subscriptions.matching import as_follow, meaning
from bot.subscriptions.service import read_follow

RELATIVE = [
    "today",
    "yesterday",
    *(f"{which} {span}" for which in ("this", "last") for span in ("week", "month", "year")),
]
PIECES = [
    *(f'{field}:"{day}"' for field in ("after", "before", "-after") for day in RELATIVE),
    *("after:foo", "before:0000", "after:9999-12-31", "after:", "before:last", "week", "has:x", "tag:audio"),
    *("robots", "OR", "-", "(", ")", '"', ",", "search:", "author:peng"),
]
texts = st.text(st.characters(codec=None)) | st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join)
days = st.dates() | st.sampled_from([dt.date.min, dt.date.max])


@given(st.sampled_from(RELATIVE), days)
@example("last week", dt.date.min)
@example("last year", dt.date.max)
def test_a_day_that_is_said_from_today_is_never_later(text: str, today: dt.date) -> None:
    found = first_day(text, today)
    assert found is not None and found <= today


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("yesterday", dt.date(2024, 2, 29)),
        ("this week", dt.date(2024, 2, 26)),
        ("last week", dt.date(2024, 2, 19)),
        ("last_month", dt.date(2024, 2, 1)),
        ("Last-Year", dt.date(2023, 1, 1)),
    ],
)
def test_days_that_are_said_from_the_first_of_march(text: str, day: dt.date) -> None:
    assert first_day(text, dt.date(2024, 3, 1)) == day


@given(texts, days)
def test_any_text_is_read_on_any_day_as_a_search_a_follow_and_a_filter(text: str, today: dt.date) -> None:
    asked = parse(text, today=today)
    if follow := as_follow(asked):
        meaning(follow)
    filters.joined(Lines(text, text), today=today, known=None)
    filters.parted(text, today=today)
    filters.parted(text, today=today, to_read=True)
    try:
        assert read_follow(text, [], today).follow.value.strip()
    except BotError as error:
        assert error.user_message


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("robots after:2025 before:2024", ("No day is both “after:2025-01-01” and “before:2024-01-01”.",)),
        ("after:today before:today", ("No day is both “after:2024-03-01” and “before:2024-03-01”.",)),
        ("after:2024 before:2025 after:2023", ()),
        ("after:2025 -before:2024", ()),
        ("after:2025 OR before:2024", ()),
        ("robots after:9999-12-31", ()),
        ("robots before:0001", ()),
    ],
)
def test_dates_that_leave_no_day_are_said(text: str, notes: tuple[str, ...]) -> None:
    assert parse(text, today=dt.date(2024, 3, 1)).notes == notes
