"""Each form of the language, as a search of a library and as a filter of the same papers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.library.query import parse
from bot.library.search.answering import Page
from bot.library.search.index import SearchIndex
from bot.model import Paper, StoredPaper
from bot.subscriptions.filter_index import build, matches
from bot.subscriptions.matching import PaperText, compile_filter

TODAY = dt.date(2025, 10, 1)  # a Wednesday
PAPERS = {
    1: StoredPaper(
        1,
        Paper(
            title="ArmWorld: Building a World Model",
            arxiv_id="2509.00001",
            authors=("Yi Peng", "Anna Ørsted"),
            tags=("Robotics",),
            github_urls=("https://github.com/quokka/armworld",),
        ),
        dt.date(2025, 9, 23),  # last week
    ),
    2: StoredPaper(
        2,
        Paper(
            title="Speaking Zebras",
            arxiv_id="2509.00002",
            authors=("Peng Yi",),
            summary=("Models of the zebra's voice.",),
            tags=("Text-to-Speech", "Paper Folding"),
            huggingface_urls=("https://huggingface.co/quokka/zebra",),
        ),
        dt.date(2025, 9, 30),  # yesterday
    ),
    3: StoredPaper(
        3, Paper(title="世界模型與斑馬", summary=("Okapis in Chinese.",), tags=("NLP",)), dt.date(2024, 3, 15)
    ),
}
FORMS = {
    "zebra": {2},
    "ZEBRAS": {2},
    '"world model"': {1},
    '"model world"': set(),
    "-zebra": {1, 3},
    '-"world model"': {2, 3},
    "model -zebra": {1},
    "-tag:robotics": {2, 3},
    "tag:robotics": {1},
    "tag:RoBots": {1},
    "tag:text-to-speech": {2},
    "tag:tts": {2},
    'tag:"Text to Speech"': {2},
    "tag:audio": {2},
    "-tag:audio": {1, 3},
    "tag:nlp": {3},
    'tag:"paper folding"': {2},
    "author:peng": {1, 2},
    'author:"yi peng"': {1},
    "author:orsted": {1},
    "-author:peng": {3},
    "has:code": {1},
    "has:model": {2},
    "-has:code": {2, 3},
    "after:2025-09-24": {2},
    "before:2025-09-24": {1, 3},
    "after:2025": {1, 2},
    "after:2025-03": {1, 2},
    "before:2025": {3},
    "before:2024-04": {3},
    "after:yesterday": {2},
    "after:last week": {1, 2},
    "before:last-week": {3},
    "zebra OR okapi": {2, 3},
    "tag:robotics OR has:model": {1, 2},
    "(zebra OR armworld) -tag:audio": {1},
    "(zebra tag:audio) OR (armworld has:model)": {2},
    "-(zebra OR armworld)": {3},
    "世界": {3},
    "斑馬": {3},
    "2509.00001": {1},
    "arXiv:2509.00001v2": {1},
    "https://arxiv.org/abs/2509.00002": {2},
    "2509.99999": set(),
}
KNOWN = ["Paper Folding"]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("search") / "search.db"


@pytest.mark.parametrize("text", FORMS)
async def test_as_a_search(path: Path, text: str) -> None:
    async def since(seq: int, limit: int) -> list[tuple[int, StoredPaper]]:
        return [(number, paper) for number, paper in PAPERS.items() if number > seq]

    index = SearchIndex(path)
    await index.catch_up(since)
    results = await index.search(parse(text, today=TODAY, known=KNOWN), Page(10))
    index.close()
    assert {hit.paper_id for hit in results.hits} == FORMS[text]
    assert results.total == len(FORMS[text]) and not results.note


@pytest.mark.parametrize("text", FORMS)
def test_as_a_filter(text: str) -> None:
    query = parse(text, today=TODAY, known=KNOWN)
    papers = [(number, PaperText(one.paper, one.date)) for number, one in PAPERS.items()]
    assert {number for number, paper in papers if compile_filter(query)(paper)} == FORMS[text]
    assert set(matches(build([("mine", query.root)]), papers).get("mine", ())) == FORMS[text]
