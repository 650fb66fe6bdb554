"""How far apart two words may be, and what is left of them."""

from __future__ import annotations

import pytest

from bot.library.search.spelling import LONGEST, leftovers, number, numbered, reach, start


@pytest.mark.parametrize(("word", "keystrokes"), [("ab", 0), ("abc", 1), ("abcde", 1), ("abcdef", 2)])
def test_longer_words_may_be_farther_apart(word: str, keystrokes: int) -> None:
    assert reach(word) == keystrokes


@pytest.mark.parametrize("word", ["2504", "世界", "x" * (LONGEST + 1)])
def test_what_is_not_corrected(word: str) -> None:
    assert start(word) == ""


@pytest.mark.parametrize(
    ("one", "other"), [("abc", "ab"), ("zebra", "zebar"), ("zebras", "ebra"), ("recommend", "rceomend")]
)
def test_words_within_reach_share_something_that_is_left(one: str, other: str) -> None:
    assert not set(leftovers(start(one)).split()).isdisjoint(leftovers(start(other)).split())


def test_a_start_is_read_from_its_number() -> None:
    assert numbered(number("zeb")) == "zeb"
