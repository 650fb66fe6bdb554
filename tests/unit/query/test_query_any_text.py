"""No text is an error, none is slow, and what is printed reads as what it was printed from."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library.expression import And, Node, Not, Or
from bot.library.query import Query, parse

TODAY = dt.date(2025, 10, 1)

PIECES = [
    *("video", "R1-VL", "Ünïcode", "世界模型", "or", "OR", "AND", "|", "-", "(", ")", '"', "“", ":", "🤖"),
    *("tag:", "tag:audio", "tag:nothing", 'tag:"text generation"', "author:", "author:last", "week"),
    *("has:code", "has:x", "after:", "after:last", "after:2025-03", "before:yesterday"),
    *(
        "2504.15376",
        "2505.14683",
        "cs/0112017",
        "https://arxiv.org/abs/2504.15376v1",
        "\x00",
        "\ud800",
        "\u202e",
    ),
    *("; DROP TABLE paper; --", "NEAR(a b)", "title : x*", "^a"),
]
queries = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " "])), max_size=25).map(
    lambda pieces: "".join(piece + space for piece, space in pieces)
)


def read(text: str) -> Query:
    return parse(text, today=TODAY)


def depth(node: Node) -> int:
    match node:
        case Not(inner):
            return 1 + depth(inner)
        case And(nodes) | Or(nodes):
            return 1 + max(map(depth, nodes), default=0)
    return 1


@given(st.text() | queries)
def test_what_is_printed_reads_the_same(text: str) -> None:
    query = read(text)
    printed = read(str(query))
    assert printed.root == query.root
    assert str(printed) == str(query)


@given(st.text(st.characters(codec=None)) | queries)
def test_notes_can_be_sent(text: str) -> None:
    for note in read(text).notes:
        assert note.encode()


HOSTILE = {
    "40 kB of words": "word " * 8000,
    "40 kB without a space": "a" * 40_000,
    "ligatures that unfold": "\ufdfa" * 40_000,
    "quotes": '"' * 40_001,
    "open parentheses": "(" * 40_000 + "video",
    "closed parentheses": "video" + ")" * 40_000,
    "deep nesting": "(" * 900 + "video" + ")" * 900,
    "nested negations": "-(" * 900 + "video",
    "an OR that never ends": "video OR (" * 400,
    "punctuation": "video" + "!?" * 1900 + "audio",
    "minus signs": "-" * 40_000,
    "fields without values": "tag: author: has: after: before: " * 100,
    "unknown tags": " ".join(f"tag:t{number}" for number in range(600)),
    "right to left": "שלום עולם مرحبا بالعالم " * 100,
    "Chinese": "深度學習" * 10_000,
    "emoji": "🤖🧪" * 5000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_read(text: str) -> None:
    query = read(text)
    assert depth(query.root) < 50
    assert read(str(query)).root == query.root


def test_two_hundred_alternatives_are_all_read() -> None:
    words = [f"word{number}" for number in range(200)]
    query = read(" OR ".join(words))
    assert str(query) == " OR ".join(words)
    assert not query.notes


def test_a_long_text_is_read_from_its_beginning_and_said() -> None:
    query = read("first " + "word " * 8000 + "last")
    assert str(query).startswith("first word")
    assert "beginning" in query.notes[0]
