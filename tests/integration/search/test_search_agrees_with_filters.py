"""One language: what search keeps out or lets through is what a feed's filter does."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from shelf import TODAY, Shelf

from bot.library.expression import Not
from bot.library.query import Query, parse
from bot.library.search.answering import Page
from bot.library.search.index import SearchIndex
from bot.model import Paper
from bot.subscriptions.matching import PaperText, compile_filter

WORDS = ["world", "worlds", "model-based", "models", "Ünïcode", "unicode", "LLMs", "世界模型", "界模", "x"]
NAMES = ["Yi Peng", "Peng Yi", "Łukasz Clavié"]
TAGS = ["Robotics", "Text-to-Speech", "Audio", "Natural Language Processing", "C++", "C"]
PIECES = [
    *WORDS, *(f'"{one} {other}"' for one, other in itertools.permutations(WORDS[:6], 2)),
    *(f'author:"{name}"' for name in NAMES), "author:peng", *(f'tag:"{tag}"' for tag in TAGS),
    "has:code", "has:model", "after:2025-09-25", "before:2025-09-28", "2509.00003",
    "OR", "OR", "OR", "(", ")", "-(", "-tag:audio", "-world",
]  # fmt: skip
queries = st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map(" ".join)


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """Papers that differ in each thing that can be asked for."""
    shelf = Shelf()
    for number in range(60):
        paper = Paper(
            title=" ".join(WORDS[(number * step) % len(WORDS)] for step in (1, 3, 7)),
            arxiv_id=f"2509.{number:05d}",
            authors=tuple(NAMES[: number % 4]),
            summary=(WORDS[number % 5], f"{WORDS[number % 3]} {WORDS[number % 7]}"),
            tags=tuple(tag for bit, tag in enumerate(TAGS) if number >> bit & 1),
            github_urls=("https://github.com/world/models",) if number % 3 else (),
            huggingface_urls=("https://huggingface.co/world/x",) if number % 5 else (),
        )
        shelf.write(number + 1, paper, TODAY - dt.timedelta(days=number % 9))
    return shelf


@pytest.fixture(scope="module")
def index(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    index = SearchIndex(tmp_path_factory.mktemp("search") / "search.db")
    asyncio.run(index.catch_up(shelf.since))
    yield index
    index.close()


@given(text=queries)
@example(text="OR")  # which asks for everything
@example(text="-(-world OR after:2025-09-25 OR -author:peng)")
def test_search_and_filters_agree(shelf: Shelf, index: SearchIndex, text: str) -> None:
    query = parse(text, today=TODAY, known=TAGS)
    passes = compile_filter(query)
    papers = [stored for _, stored in shelf.rows.values()]
    kept_out = {one.id for one in papers if not passes(PaperText(one.paper, one.date))}
    results = asyncio.run(index.search(Query(Not(query.root)), Page(100)))
    assert {hit.paper_id for hit in results.hits} == kept_out
    assert results.total == len(kept_out)
