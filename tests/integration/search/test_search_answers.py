"""What a member finds, and in which order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable

import pytest
from shelf import TODAY, Shelf

from bot.library.search.answering import Results
from bot.library.search.reranking import Match
from bot.library.search.rewriting import How
from bot.model import Paper

Ask = Callable[..., Awaitable[Results]]

CINEMA = Paper(
    title="CineSight-R1: Watching Films with Language Models",
    arxiv_id="2504.15376",
    url="https://arxiv.org/abs/2504.15376",
    authors=("Yi Peng", "Anna Ørsted"),
    summary=("Answers questions about long videos.", "Beats larger models."),
    tags=("Multimodal", "Video Question Answering"),
    github_urls=("https://github.com/quokka/cinesight",),
)
VOICE = Paper(
    title="Speaking Robots",
    authors=("Peng Yi", "Chen Wei"),
    summary=("A robot that answers with its own voice.",),
    tags=("Robotics", "Text-to-Speech"),
    huggingface_urls=("https://huggingface.co/quokka/voice",),
)
ROBOT = Paper(title="Grasping with Videos", summary=("Robots learn from films.",), tags=("Robotics",))
CHINESE = Paper(title="基於世界模型的機器人學習", tags=("Robotics",))


@pytest.fixture
def shelf(shelf: Shelf) -> Shelf:
    for number, paper in enumerate((CINEMA, VOICE, ROBOT, CHINESE), start=1):
        shelf.write(number, paper, TODAY - dt.timedelta(days=10 - number))
    return shelf


def ids(results: Results) -> list[int]:
    return [hit.paper_id for hit in results.hits]


async def test_a_hit_tells_what_is_shown(ask: Ask) -> None:
    results = await ask("cinesight")
    assert (results.total, results.many, results.note, results.corrected) == (1, False, "", None)
    [hit] = results.hits
    day = TODAY - dt.timedelta(days=9)
    assert (hit.paper_id, hit.arxiv_id, hit.title, hit.url, hit.date) == (
        1, "2504.15376", CINEMA.title, CINEMA.url, day,
    )  # fmt: skip
    assert Match("cinesight", "cinesight", How.TYPED) in hit.matches
    assert hit.score == sum(hit.parts.values()) > 0


@pytest.mark.parametrize("text", ["CineSight-R1", "cinesight r1", "cinesightr1", "Ørsted", "orsted films"])
async def test_the_paper_half_remembered_is_first(ask: Ask, text: str) -> None:
    assert ids(await ask(text))[0] == 1


async def test_papers_with_all_words_come_before_those_with_some(ask: Ask) -> None:
    results = await ask("robots films learning")
    assert ids(results)[0] == 3
    assert set(ids(results)) >= {1, 2, 3}
    assert results.note == ""


async def test_no_paper_has_all_words(ask: Ask) -> None:
    results = await ask("voice grasping zebra")
    assert set(ids(results)) == {2, 3}
    assert "No paper has all of these words" in results.note


async def test_pages_are_stable_and_the_total_is_of_all_pages(ask: Ask) -> None:
    whole = await ask("robots videos OR films")
    pages = [await ask("robots videos OR films", limit=2, offset=offset) for offset in (0, 2, 4)]
    assert [hit for page in pages for hit in page.hits] == list(whole.hits)
    assert {page.total for page in pages} == {whole.total} == {4}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tag:robotics", [4, 3, 2]),  # newest first
        ("tag:audio", [2]),
        ("-tag:robotics", [1]),
        ('author:"yi peng"', [1]),
        ("author:peng", [2, 1]),
        ("has:code", [1]),
        ("has:model", [2]),
        ("after:2025-09-24", [4, 3]),
        ("before:2025-09-24", [2, 1]),
        ("after:2025-09-24 after:2025-01-01", [4, 3]),
        ("before:2025-09-24 before:2026-01-01", [2, 1]),
        ("tag:robotics before:2025-09-24 OR has:code", [2]),
        ('"robots learn"', [3]),
        ('"robot learning"', [3]),
        ('"peng anna"', []),
        ("robot -voice", [3, 4]),
        ("世界模型", [4]),
        ("學習", [4]),
        ("2504.15376", [1]),
        ("https://arxiv.org/abs/2504.15376v3", [1]),
        ("arXiv:2504.15376v1 [cs.CV]", [1]),
        ("2504.99999", []),
        ("zebra", []),
        ("", []),
        ("🤖", []),
    ],
)
async def test_finds_exactly(ask: Ask, text: str, found: list[int]) -> None:
    results = await ask(text)
    assert ids(results) == found
    assert results.total == len(found)


@pytest.mark.parametrize("text", ["2504.15376 walking", "2504.15376 2504.99999 walking"])
async def test_what_is_pasted_beside_names_asks_for_nothing_more(ask: Ask, text: str) -> None:
    results = await ask(text)
    assert (ids(results), results.note) == ([1], "")


async def test_a_title_without_a_word_is_found_by_the_rest(ask: Ask, shelf: Shelf) -> None:
    shelf.write(9, Paper(title="🤖", summary=("Of wombats.",)))
    assert ids(await ask("wombat")) == [9]


async def test_only_stopwords_are_words_after_all(ask: Ask) -> None:
    assert ids(await ask("of the with")) != []


async def test_ties_go_to_the_newest(ask: Ask, shelf: Shelf) -> None:
    for number in (11, 12, 13):
        shelf.write(number, Paper(title="A Zebra"), TODAY - dt.timedelta(days=number))
    assert ids(await ask("zebra")) == [11, 12, 13]


async def test_how_the_query_was_read_is_told(ask: Ask) -> None:
    results = await ask("robots after:soon")
    assert "isn't a date" in results.note
