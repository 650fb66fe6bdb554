"""The two lines of a feed's form, and the filter that they stand for."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library import query
from bot.library.expression import And, Not
from bot.model import Paper
from bot.subscriptions import filters
from bot.subscriptions.filters import Lines
from bot.subscriptions.matching import PaperText, compile_filter

TODAY = dt.date(2025, 4, 28)
KNOWN = ("Robotics", "Mamba")


def read(about: str, but_not: str = "") -> str:
    return str(filters.joined(Lines(about, but_not), today=TODAY, known=KNOWN))


@pytest.mark.parametrize(
    ("about", "but_not", "means"),
    [
        ("", "", ""),
        (" , ,", ";", ""),
        ("legs", "", "legs"),
        ("legs, speech", "", "legs OR speech"),
        ("legs,speech;hands", "", "legs OR speech OR hands"),
        ("legs arms, speech", "", "(legs arms) OR speech"),
        ("legs", "survey", "legs -survey"),
        ("legs", "survey, medical", "legs -survey -medical"),
        ("", "survey", "-survey"),
        ("legs, -survey", "", "legs -survey"),
        ("legs", "-survey", "legs -survey"),
        ("legs, speech -survey", "", "legs OR speech -survey"),
        ("(legs -survey) OR speech", "", "(legs -survey) OR speech"),
        ("1,000 hours", "", "1,000 hours"),
        ('"first, second", third', "", '"first, second" OR third'),
        ("“first, second”", "", '"first, second"'),
        ('author:"Peng, Yi"', "", 'author:"Peng, Yi"'),
        ("tag:mamba", "tag:robotics", "tag:Mamba -tag:Robotics"),
        ("Computer Vision", "", 'tag:"Computer Vision"'),
        ("computer vision -survey", "", 'tag:"Computer Vision" -survey'),
        (
            "legs, text-to-speech",
            "NLP, medical",
            'legs OR tag:Text-to-Speech -tag:"Natural Language Processing" -medical',
        ),
        ("computer vision models", "", "computer vision models"),
        ('"robotics"', "", '"robotics"'),
        ("multimodal OR tag:robotics -review", "", "multimodal OR tag:Robotics -review"),
    ],
)
def test_lines_mean_what_people_take_them_for(about: str, but_not: str, means: str) -> None:
    assert read(about, but_not) == means


@pytest.mark.parametrize(
    ("text", "about", "but_not"),
    [
        ("", "", ""),
        ("-survey", "", "survey"),
        ("multimodal OR tag:audio -robotics", '"multimodal", tag:Audio', '"robotics"'),
        ("computer vision", '"computer" "vision"', ""),
        ("a -b -c", "a", "b, c"),
        ("a OR (b c) OR d", "a, b c, d", ""),
        ("a OR b c", "a OR b c", ""),
        ("a OR -b", "a OR -b", ""),
        ("(a -b) OR c", "(a -b) OR c", ""),
        ("a -(b c)", "a", "b c"),
        ("state,of,art", '"state,of,art"', ""),
    ],
)
def test_a_filter_is_taken_apart(text: str, about: str, but_not: str) -> None:
    assert filters.parted(text, today=TODAY) == Lines(about, but_not)


PIECES = st.lists(
    st.sampled_from(
        [
            *("a", "b", "1,000", "x,y", "-c", "-(a b)", "-(a OR b)", "OR", "(", ")", '"p, q"', "tag:audio"),
            *("robotics", "computer", "vision", "nlp", "OR"),
            *(",", 'author:"Peng, Yi"', "has:code", "after:2025", "-has:model", "2504.00001", "-", '"'),
        ]
    ),
    max_size=9,
).map(" ".join)
PAPERS = [
    Paper("a", authors=("Yi Peng",)),
    Paper("b x y", tags=("Audio",)),
    Paper("c 1,000", github_urls=("https://github.com/x",)),
    Paper("a b p q"),
    Paper("x", huggingface_urls=("https://huggingface.co/x",)),
    Paper("", arxiv_id="2504.00001"),
    Paper("robotics"),
    Paper("vision of a computer", tags=("Natural Language Processing",)),
    Paper("", tags=("Computer Vision", "Robotics")),
]


@given(PIECES)
def test_any_filter_survives_a_round_trip_through_the_form(text: str) -> None:
    """Not as the same text, for commas between words, but letting the same papers through."""
    before = query.parse(text, today=TODAY, known=None)
    lines = filters.parted(text, today=TODAY)
    after = filters.joined(lines, today=TODAY, known=None)
    papers = [PaperText(paper, TODAY) for paper in PAPERS]
    assert [*map(compile_filter(before), papers)] == [*map(compile_filter(after), papers)]
    assert filters.parted(str(after), today=TODAY) == lines, "and stays as it is"


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_may_stand_in_the_lines(about: str, but_not: str) -> None:
    asked = filters.joined(Lines(about, but_not), today=TODAY, known=KNOWN)
    parts = asked.root.nodes if isinstance(asked.root, And) else (asked.root,)
    assert Not(And(())) not in parts, "that would let nothing through"
    assert len(asked.notes) <= query.MAX_NOTES


def test_pieces_that_ask_for_nothing_are_found() -> None:
    assert filters.wordless("legs, 🤖,, (((", today=TODAY) == ["🤖", "((("]
    assert filters.wordless("legs -survey, 🤖 arms, tag:nobody", today=TODAY) == []
    assert filters.wordless(" , ", today=TODAY) == []


def test_words_that_name_a_tag_are_told_bare() -> None:
    assert filters.parted("computer vision -nlp", today=TODAY, to_read=True) == Lines(
        "computer vision", "nlp"
    )


def test_tags_that_nobody_knows_are_told() -> None:
    asked = filters.joined(Lines("tag:robotcs", "tag:mamb"), today=TODAY, known=KNOWN)
    assert [error.suggestions[0] for error in asked.unknown] == ["Robotics", "Mamba"]
