"""From any text to the message that answers it: parsed, searched, made into blocks that Slack takes."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.library.query import parse
from bot.library.search.answering import Order, Page
from bot.library.search.index import SearchIndex
from bot.model import Paper, StoredPaper
from bot.slack import ids, limits
from bot.slack.blocks import search
from bot.slack.ids import Search
from bot.slack.text import clean, clip
from bot.subscriptions.matching import PaperText, as_follow, holds, meaning, prepare

TODAY = dt.date(2025, 10, 1)
PIECES = [
    *("robot", "robts", "learning", "世界模型", "模", "a", "the", "OR", "AND", "NOT", "-", "(", ")", '"'),
    *("“", "tag:", "tag:audio", "tag:robotcs", "author:peng", "has:code", "has:x", "after:", "after:2025"),
    *("before:x", "'; DROP TABLE text; --", "NEAR(a b)", "title:x*", "^", "{a b}", "🤖", "שלום", "\u202e"),
    *("\x00", "\ud800", "2504.00001", "https://arxiv.org/abs/2504.00002v3", "word " * 200, "x" * 500, "&"),
    *("<!channel>", "@here"),
]
queries = st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join) | st.text(st.characters(codec=None))
TITLES = [
    *("Robots Learning", "基於世界模型的機器人學習" * 25),
    *("A <!channel> & @here", "Audio of the Peng", "🤖" * 100),
]


@pytest.fixture(scope="module")
def papers() -> dict[int, StoredPaper]:
    made = (
        Paper(
            title=f"{TITLES[number % 5]} {number}",
            arxiv_id=f"2504.{number:05}",
            url=f"https://arxiv.org/abs/2504.{number:05}",
            authors=("Yi Peng", "陳大文")[: number % 3],
            summary=("Robots learn from words.", "模型 " * 300, "A word on <@U1>.")[: number % 4],
            tags=("Robotics", "Text-to-Speech", "Audio")[: number % 4],
            github_urls=("https://github.com/x/y",)[: number % 2],
        )
        for number in range(40)
    )
    return {number: StoredPaper(number, paper, TODAY) for number, paper in enumerate(made, 1)}


@pytest.fixture(scope="module")
def index(papers: dict[int, StoredPaper], tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    async def since(seq: int, limit: int) -> Sequence[tuple[int, StoredPaper]]:
        return list(papers.items())[seq : seq + limit]

    index = SearchIndex(tmp_path_factory.mktemp("search") / "search.db")
    assert asyncio.run(index.catch_up(since)) == len(papers)
    yield index
    index.close()


@settings(max_examples=500)
@given(queries, st.integers(0, 50), st.sampled_from(Order), st.booleans())
def test_any_text_is_answered_with_a_message_that_fits(
    papers: dict[int, StoredPaper], index: SearchIndex, text: str, offset: int, order: Order, verbatim: bool
) -> None:
    asked = Search(clip(clean(text), limits.QUERY), offset, order is Order.NEWEST, verbatim)
    query = parse(asked.query, today=TODAY)
    results = asyncio.run(index.search(query, Page(5, offset, order, verbatim)))
    follow = as_follow(query)
    matched = {match.found for hit in results.hits for match in hit.matches}
    found = search.Found(
        [papers[hit.paper_id] for hit in results.hits],
        results.total,
        many=results.many,
        ranked=bool(matched),
        matched=matched,
        corrected=results.corrected,
        follow=follow,
        note=results.note,
    )
    message = search.page(asked, found)
    assert limits.fits(message.blocks)
    assert message.text and message.text.encode()
    assert ids.read_search(ids.search(asked)) == asked
    if results.corrected:
        assert str(parse(results.corrected, today=TODAY)) == results.corrected
    if follow:
        paper = papers[1].paper
        holds(meaning(follow), PaperText(paper, TODAY), prepare(paper))
        assert ids.read_follow(ids.follow(follow)) == follow
