"""Why a filter does not let a paper through, in its author's own parts."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library import query
from bot.model import Paper
from bot.subscriptions import matching, verdict
from bot.subscriptions.matching import PaperText

DAY = dt.date(2025, 4, 28)
PAPER = Paper("A Survey of Grasping", tags=("Robotics",), authors=("Yi Peng",), summary=("It lifts.",))
WORDS = ["survey", "grasping", "tag:robotics", "tag:audio", "author:peng", "has:code", "diffusion"]


def asked(text: str) -> verdict.Verdict:
    return verdict.of(query.parse(text, today=DAY, known=None).root, PaperText(PAPER, DAY))


@pytest.mark.parametrize(
    ("text", "excluded", "lacking"),
    [
        ("", (), ()),
        ("tag:robotics", (), ()),
        ("tag:robotics -survey", ("-survey",), ()),
        ("tag:robotics -tag:robotics -survey", ("-tag:Robotics", "-survey"), ()),
        ("tag:audio", (), ("tag:Audio",)),
        ("tag:audio -survey", ("-survey",), ("tag:Audio",)),
        ("diffusion grasping", (), ("diffusion",)),
        ("diffusion OR tag:audio", (), ("diffusion OR tag:Audio",)),
        ("(tag:robotics -survey) OR tag:audio", ("-survey",), ()),
        ("tag:robotics -(survey grasping)", ("-(survey grasping)",), ()),
        ("after:2025-05", (), ("after:2025-05-01",)),
    ],
)
def test_the_parts_that_stand_in_the_way(
    text: str, excluded: tuple[str, ...], lacking: tuple[str, ...]
) -> None:
    found = asked(text)
    assert (found.excluded_by, found.lacking) == (excluded, lacking)


parts = st.lists(st.sampled_from([*WORDS, *(f"-{word}" for word in WORDS), "OR", "(", ")"]), max_size=8)


@given(parts)
def test_it_agrees_with_the_filter(some: list[str]) -> None:
    read = query.parse(" ".join(some), today=DAY, known=None)
    keep = matching.compile_filter(read)
    assert verdict.of(read.root, PaperText(PAPER, DAY)).passes == keep(PaperText(PAPER, DAY))
