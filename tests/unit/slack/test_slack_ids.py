"""What a button says comes back as it was meant, and anything else is nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_papers import some

from bot.model import Follow, FollowKind
from bot.slack import ids, limits
from bot.slack.ids import Action, Search

queries = st.text(max_size=300)


@some
@given(st.integers(0, 999_999_999), queries)
def test_pages_survive_the_way_to_slack_and_back(offset: int, query: str) -> None:
    value = ids.page(offset, query)
    assert len(value) <= limits.BUTTON_VALUE
    assert ids.read_page(value) == (offset, query)


@some
@given(st.builds(Search, queries, st.integers(0, 999_999_999), st.booleans(), st.booleans()))
def test_searches_survive(asked: Search) -> None:
    value = ids.search(asked)
    assert len(value) <= limits.BUTTON_VALUE
    assert ids.read_search(value) == asked


def test_a_search_s_button_from_before_orders_and_corrections_still_works() -> None:
    assert ids.read_search("5:camera: motion") == Search("camera: motion", 5)


@some
@given(st.sampled_from(FollowKind), st.text(min_size=1, max_size=300))
def test_follows_survive(kind: FollowKind, value: str) -> None:
    assert ids.read_follow(ids.follow(Follow(kind, value))) == Follow(kind, value)


def test_papers_and_days_survive() -> None:
    assert ids.read_paper(ids.paper(42)) == 42
    assert ids.read_day(ids.page(5, "2025-04-28")) == (5, dt.date(2025, 4, 28))
    assert ids.read_like(ids.page(5, ids.paper(42))) == (5, 42)


@some
@given(st.text())
def test_no_forged_value_is_too_much_to_read(value: str) -> None:
    for read in (
        *(ids.read_paper, ids.read_page, ids.read_day, ids.read_follow),
        *(ids.read_search, ids.read_like),
    ):
        read(value)


@pytest.mark.parametrize("value", ["", "x", "-1:q", "9" * 30 + ":q", "tag:", "planet:Mars", "1"])
def test_near_misses_are_nothing(value: str) -> None:
    assert ids.read_page(value) is None
    assert ids.read_follow(value) is None
    assert ids.read_day(value) is None
    assert ids.read_search(value) is None
    assert ids.read_like(value) is None


def test_a_listener_matches_every_suffix_of_its_action_and_no_other() -> None:
    pattern = ids.pattern(Action.SEARCH_PAGE)
    assert pattern.match(Action.SEARCH_PAGE) and pattern.match(ids.action(Action.SEARCH_PAGE, "next"))
    assert not any(pattern.match(other) for other in Action if other is not Action.SEARCH_PAGE)
    assert not pattern.match("search_pages")
