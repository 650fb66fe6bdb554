"""Which papers a filter lets through."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library.query import parse
from bot.model import Paper
from bot.subscriptions.matching import PaperText, compile_filter

TODAY = dt.date(2025, 10, 1)
PAPER = PaperText(
    Paper(
        title="ArmWorld: Building Worlds for Robots",
        arxiv_id="2509.01234",
        url="https://arxiv.org/abs/2509.01234",
        authors=("Yi Peng", "Łukasz Clavié", "Chen Yi"),
        summary=("Trains a world model on videos.", "Policies transfer to three LLM agents."),
        tags=("Robotics", "Text-to-Speech"),
        github_urls=("https://github.com/quokka/armworld",),
    ),
    date=dt.date(2025, 9, 30),
)


def passes(text: str) -> bool:
    return compile_filter(parse(text, today=TODAY))(PAPER)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "robot",
        "ROBOTS",
        "policy",
        "LLMs agent",
        "world -diffusion",
        "diffusion OR video",
        "clavie",
        '"Clavié"',
        '"world models"',
        "arm-world OR armworld",
        "tag:robotics",
        "tag:audio",
        "-tag:multimodal",
        '-"model world"',
        "tag:TEXT_TO_SPEECH",
        "tag:tts",
        "TAG:Audio",
        "author:peng",
        'author:"yi peng"',
        'author:"Lukasz CLAVIE"',
        "has:code -has:model",
        "after:2025-09-30",
        "before:today",
        "after:yesterday before:2025-10",
        "after:2025 before:2026",
        "after:2025-09",
        "after:last week",
        'after:"this week" OR before:2024',
        "2509.01234v3",
        "https://arxiv.org/pdf/2509.01234",
        "(diffusion tag:robotics) OR (video tag:audio)",
        "multimodal OR tag:audio -diffusion",
    ],
)
def test_lets_through(text: str) -> None:
    assert passes(text)


@pytest.mark.parametrize(
    "text",
    [
        "rob",
        "diffusion",
        "world -video",
        '"model world"',
        '"videos policies"',  # not across two points
        '"Peng Łukasz"',  # nor across two authors
        "quokka",  # the repository's owner is not the paper's text
        "tag:multimodal",
        "-tag:audio",
        "-tag:tts",
        '-"world model"',
        "-(world OR diffusion)",
        "worlld",  # no spelling
        "video AND diffusion",
        'author:"peng chen"',
        'author:"peng yi"',
        "author:world",
        "has:model",
        "after:2025-10-01",
        "before:2025-09-30",
        "before:last-week",
        "before:2025",
        "2509.01235",
        "-(robot video)",
        "multimodal OR tag:audio -robots",
    ],
)
def test_keeps_out(text: str) -> None:
    assert not passes(text)


def test_a_paper_with_only_a_title() -> None:
    bare = PaperText(Paper(title="Untitled"), TODAY)
    assert compile_filter(parse("untitled -has:code -author:peng", today=TODAY))(bare)


@given(st.text(), st.text())
def test_any_filter_meets_any_paper(text: str, title: str) -> None:
    keep = compile_filter(parse(text, today=TODAY))
    paper = PaperText(Paper(title=title, authors=(title,), summary=(title,), tags=(title,)), TODAY)
    assert keep(paper) == keep(paper)
