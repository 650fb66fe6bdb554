"""Why a member gets a paper, in words that can stand after "follows"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Follow, FollowKind, Paper, StoredPaper
from bot.subscriptions.finder import Finder

PAPER = Paper(
    title="Voices for World Models",
    authors=("Yi Peng", "Anna Ørsted"),
    summary=("A speaking robot.",),
    tags=("Robotics", "Text-to-Speech"),
)


def reasons(follows: Sequence[Follow], paper: Paper) -> tuple[str, ...]:
    return Finder([StoredPaper(1, paper, dt.date(2025, 4, 28))]).find(follows).get(1, ())


def tag(value: str) -> Follow:
    return Follow(FollowKind.TAG, value)


def author(value: str) -> Follow:
    return Follow(FollowKind.AUTHOR, value)


def phrase(value: str) -> Follow:
    return Follow(FollowKind.PHRASE, value)


def test_reasons_stand_in_the_order_of_the_follows() -> None:
    follows = [phrase("world model"), tag("Robotics"), author("Yi Peng"), tag("Multimodal")]
    assert reasons(follows, PAPER) == ("“world model”", "Robotics", "author Yi Peng")


def test_a_tag_that_comes_by_its_family_is_named() -> None:
    assert reasons([tag("Audio")], PAPER) == ("Audio (Text-to-Speech)",)


def test_a_child_does_not_bring_its_family() -> None:
    assert reasons([tag("Text-to-Speech")], Paper(title="x", tags=("Audio",))) == ()


def test_a_tag_that_no_taxonomy_knows_can_be_followed() -> None:
    assert reasons([tag("Paper Folding")], Paper(title="x", tags=("Paper Folding",))) == ("Paper Folding",)


def test_authors_by_the_words_of_one_name() -> None:
    assert reasons([author("orsted")], PAPER) == ("author orsted",)
    assert reasons([author("Peng Anna")], PAPER) == ()


def test_nothing_followed_no_reason() -> None:
    assert reasons([], PAPER) == ()


@given(st.sampled_from(FollowKind), st.text(), st.text())
def test_any_follow_meets_any_paper(kind: FollowKind, value: str, title: str) -> None:
    found = reasons([Follow(kind, value)], Paper(title=title, authors=(title,), tags=(title,)))
    assert len(found) <= 1


def test_a_paper_s_own_tag_means_what_a_member_means_by_it() -> None:
    paper = Paper(title="A Paper", tags=("NLP",))
    assert reasons([tag("Natural Language Processing")], paper)
