"""No text is an error: each gets an answer, or nothing found."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shelf import TODAY, Shelf
from strange import sentences

from bot.library.query import parse
from bot.library.search.answering import Page, Results
from bot.library.search.index import SearchIndex
from bot.model import Paper

STRANGE = [
    *(
        "",
        "a",
        "the of and",
        "?!…",
        "🤖🧪",
        "שלום עולם",
        "ｆｕｌｌ",
        "深度學習",
        "深",
        "\x00",
        "\ud800",
        "\u202etxet",
    ),
    *(
        '"',
        '""',
        '"unpaired',
        "(((",
        ")))",
        "()",
        "- -",
        "-(",
        "-a",
        "-(a OR -b)",
        "a OR",
        "OR",
        "| |",
        "AND",
    ),
    *("NOT", "NEAR(a b, 3)", "title:robots", "{title summary} : x", "^a", "a*", "a + b", "text MATCH 'x'"),
    *("'; DROP TABLE text", "1=1 --", "%_%", "\\", "after:", "after:nonsense", "before:2025-99", "tag:"),
    *("tag:nothing", "has:", "author:", 'author:"', "2504.15376 2504.15377"),
    *("model 2504.15376 | 2504.15377", "S6x (2504.15376 OR (2504.15377 model)) -survey"),
]
LONG = [
    *("a" * 40_000, "word " * 8000, "漢" * 40_000, "a-" * 20_000, "-(" * 300 + "robots" + ")" * 300),
    " OR ".join(f"word{number}" for number in range(200)),
    " ".join(f"-tag:robotics after:{year}" for year in range(1000, 1400)),
    " ".join(f"(w{number} OR has:code)" for number in range(300)),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    shelf = Shelf()
    titles = ["A robot", "Robots and words", "深度學習", *STRANGE, *LONG]
    for number, title in enumerate(titles, start=1):
        texts = {"title": title, "authors": (title,), "summary": (title,), "tags": (title,), "url": title}
        shelf.write(number, Paper(**texts, arxiv_id=f"2504.{15375 + number}"))
    index = SearchIndex(tmp_path_factory.mktemp("search") / "search.db")
    assert asyncio.run(index.catch_up(shelf.since)) == len(titles)
    yield index
    index.close()


def search(index: SearchIndex, text: str) -> Results:
    return asyncio.run(index.search(parse(text, today=TODAY), Page(3)))


@pytest.mark.parametrize("text", STRANGE + LONG, ids=lambda text: ascii(text[:20]))
def test_strange_text_gets_an_answer(index: SearchIndex, text: str) -> None:
    results = search(index, text)
    assert len(results.hits) == min(results.total, 3)


@given(st.text(max_size=60) | st.lists(st.sampled_from(STRANGE), max_size=8).map(" ".join))
def test_any_text_gets_an_answer(index: SearchIndex, text: str) -> None:
    results = search(index, text)
    assert len(results.hits) == min(results.total, 3)
    assert [hit.paper_id for hit in results.hits] == [hit.paper_id for hit in search(index, text).hits]


def test_hundreds_of_texts_of_every_kind_get_an_answer(index: SearchIndex) -> None:
    for text in sentences(random.Random(41), 400):
        results = search(index, text)
        assert len(results.hits) == min(results.total, 3), ascii(text)
