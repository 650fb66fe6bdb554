"""The index of filters says what asking each filter says."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library.expression import Node
from bot.library.query import parse
from bot.model import Follow, FollowKind, Paper
from bot.subscriptions.filter_index import build, matches
from bot.subscriptions.matching import PaperText, compile_filter, holds, meaning, prepare

TODAY = dt.date(2025, 10, 1)
WORDS = ["world", "models", "model-based", "robot", "LLMs", "世界模型", "界模", "the", "a"]
NAMES = ["Yi Peng", "Peng Yi", "Łukasz Clavié", "!"]
TAGS = ["Robotics", "Text-to-Speech", "Audio", "NLP", "C++", "Paper Folding", "Multimodal"]
PIECES = [
    *(*WORDS, '"world models"', '"a robot"', '""', "after:2025-09-30", "before:2025-09-30", "2509.00001"),
    *(*(f'author:"{name}"' for name in NAMES), *(f'tag:"{tag}"' for tag in TAGS), "has:code", "has:model"),
    *("OR", "OR", "(", ")", "-(", "-robot", "-tag:audio", "-author:peng", "-has:code"),
]
queries = st.lists(st.sampled_from(PIECES), max_size=10).map(" ".join)
texts = st.lists(st.sampled_from([*WORDS, "robots", "worlds"]), max_size=4).map(" ".join)
papers = st.builds(
    PaperText,
    st.builds(
        Paper,
        title=texts | st.text(max_size=10),
        arxiv_id=st.sampled_from([None, "2509.00001", "2509.00002"]),
        authors=st.lists(st.sampled_from(NAMES), max_size=2).map(tuple),
        summary=st.lists(texts, max_size=2).map(tuple),
        tags=st.lists(st.sampled_from(TAGS), max_size=3).map(tuple),
        github_urls=st.sampled_from([(), ("https://github.com/x/y",)]),
        huggingface_urls=st.sampled_from([(), ("https://huggingface.co/x/y",)]),
    ),
    st.sampled_from([TODAY - dt.timedelta(days=days) for days in range(3)]),
)
days = st.lists(papers, max_size=6)
follows = st.builds(
    Follow, st.sampled_from(FollowKind), st.sampled_from([*WORDS, *NAMES, *TAGS]) | queries | st.text()
)


def node(text: str) -> Node:
    return parse(text, today=TODAY, known=None).root


@given(st.lists(queries | st.text(max_size=10), max_size=12), days)
def test_it_says_what_a_loop_over_all_filters_says(texts: list[str], day: list[PaperText]) -> None:
    found = matches(build((number, node(text)) for number, text in enumerate(texts)), enumerate(day))
    loop = {}
    for number, text in enumerate(texts):
        keep = compile_filter(parse(text, today=TODAY, known=None))
        if taken := [paper_id for paper_id, paper in enumerate(day) if keep(paper)]:
            loop[number] = taken
    assert found == loop


@given(st.lists(follows, max_size=12), days)
def test_follows_are_filters(given: list[Follow], day: list[PaperText]) -> None:
    index = build((number, meaning(follow)) for number, follow in enumerate(given))
    found = matches(index, enumerate(day))
    for number, follow in enumerate(given):
        asked = meaning(follow)
        answered = [at for at, paper in enumerate(day) if holds(asked, paper, prepare(paper.paper))]
        assert found.get(number, []) == answered


ROBOT = PaperText(
    Paper(title="A Robot Speaks", authors=("Yi Peng",), tags=("Text-to-Speech",), github_urls=("https://x",)),
    TODAY,
)


@pytest.mark.parametrize(
    "text", ["robots", "tag:audio", "author:peng", "has:code", "zebra OR speak", "-zebra", "", "before:2026"]
)
def test_each_kind_of_filter_is_found(text: str) -> None:
    assert matches(build([("mine", node(text))]), [(7, ROBOT)]) == {"mine": [7]}


def test_filters_that_mean_the_same_are_asked_once_and_each_is_answered() -> None:
    index = build([(1, node("tag:tts")), (2, node("TAG:Text-to-Speech")), (3, node("zebra"))])
    assert len(index.ids) == 2
    assert matches(index, [(7, ROBOT)]) == {1: [7], 2: [7]}


def test_only_filters_without_a_token_that_papers_must_carry_are_always_asked() -> None:
    texts = ["", "-robot", "after:2025", "robot OR -zebra", "robot -zebra", "(a OR b) after:2025", "author:!"]
    index = build(enumerate(map(node, texts)))
    assert [index.ids[one] for one in index.always] == [[0, 6], [1], [2], [3]]


def test_a_filter_stands_under_the_leaf_that_the_fewest_have() -> None:
    index = build(enumerate(map(node, ["model robot", "model voice", "model", "voice robot zebra"])))
    rows = {number: row for rows in index.rows.values() for number, row in rows}
    asked = {rows[leaf]: [index.ids[tree] for tree in trees] for leaf, trees in index.posted.items()}
    assert asked == {("robot",): [[0]], ("voic",): [[1]], ("model",): [[2]], ("zebra",): [[3]]}
