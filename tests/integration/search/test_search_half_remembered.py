"""Misspelt, joined, split, cut off, spelt out: what a member half remembers is found, and how is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from shelf import Shelf

from bot.library.search.answering import Order, Page, Results
from bot.library.search.index import SearchIndex
from bot.library.search.rewriting import How
from bot.model import Paper

Ask = Callable[..., Awaitable[Results]]

PAPERS = [
    Paper(
        title="DianJin-R1: Reasoning in Financial Language Models",
        authors=("Jie Zhu",),
        summary=("A large language model (LLM) for finance.", "It uses coupled-GRPO."),
    ),
    Paper(title="RollingDepth for Video", summary=("Estimates depth of monocular film.",)),
    Paper(
        title="Teacher Forcing Revisited", summary=("Critiques by a teacher.", "Large language models help.")
    ),
    Paper(title="Surveying LLMs", summary=("A large language model (LLM) is surveyed.",)),
    Paper(title="Multimodal Retrieval", summary=("Retrieval of images and depth.",)),
    Paper(title="Retrieval of Images by a Teacher", summary=("Another take on critiques of retrieval.",)),
]


@pytest.fixture
def shelf(shelf: Shelf) -> Shelf:
    for number, paper in enumerate(PAPERS, start=1):
        shelf.write(number, paper)
    return shelf


def ids(results: Results) -> list[int]:
    return [hit.paper_id for hit in results.hits]


@pytest.mark.parametrize(
    ("text", "first", "how"),
    [
        ("dianjin", 1, How.TYPED),
        ("dianjinr1", 1, How.TYPED),
        ("dian jin r1", 1, How.JOINED),
        ("dainjin", 1, How.SPELLING),
        ("rolling depth", 2, How.JOINED),
        ("rollingdetph", 2, How.SPELLING),
        ("coupledgrpo", 1, How.TYPED),
        ("surveyed", 4, How.TYPED),
        ("survey", 4, How.FORM),
        ("monocular fil", 2, How.PREFIX),
        ("surveying large language model", 4, How.ACRONYM),
    ],
)
async def test_the_paper_is_first_and_how_is_told(ask: Ask, text: str, first: int, how: How) -> None:
    results = await ask(text)
    assert ids(results)[0] == first
    assert how in {match.how for match in results.hits[0].matches}


async def test_a_correction_is_told_and_can_be_refused(ask: Ask) -> None:
    results = await ask("tacher forcing")
    assert ids(results)[0] == 3
    assert results.corrected == "teacher forcing"
    refused = await ask("tacher", verbatim=True)
    assert (refused.total, refused.corrected) == (0, None)


async def test_a_correction_is_told_without_another_note_and_only_where_it_found_something(ask: Ask) -> None:
    some = await ask("tacher monocular")  # which no paper has both
    assert (some.corrected, some.note) == ("teacher monocular", "")
    assert set(ids(some)) == {2, 3, 6}
    none = await ask("tacher has:model")
    assert (none.total, none.corrected) == (0, None)


async def test_the_correction_told_is_what_the_best_paper_has(ask: Ask, shelf: Shelf) -> None:
    """Even where the word may be unfinished; what it begins is no correction."""
    shelf.write(9, Paper(title="Teething Troubles"))
    shelf.write(10, Paper(title="Seething Oceans"))
    results = await ask("teethin")
    assert (ids(results), results.corrected) == ([9, 10], None)
    results = await ask("oceans teethin")
    assert (ids(results), results.corrected) == ([10, 9], "oceans seething")


async def test_no_correction_where_nothing_was_corrected(ask: Ask) -> None:
    assert (await ask("teacher")).corrected is None


async def test_what_running_text_spells_out_or_hyphenates_is_found_as_it_is_typed(
    ask: Ask, shelf: Shelf
) -> None:
    assert 3 in ids(await ask("llm"))
    shelf.write(9, Paper(title="Comparing Assistants", summary=("We ask GPT-4.1 and others.",)))
    assert ids(await ask("gpt41")) == [9]


@pytest.mark.parametrize("text", ["fot", "1235"])
async def test_neither_a_word_that_says_nothing_nor_another_number_is_a_correction(
    ask: Ask, shelf: Shelf, text: str
) -> None:
    shelf.write(9, Paper(title="Benchmark 1234 for All"))
    results = await ask(text)
    assert (results.total, results.corrected) == (0, None)


async def test_an_acronym_is_relied_on_once_two_papers_told_it(ask: Ask, shelf: Shelf) -> None:
    shelf.write(11, Paper(title="Zebras", summary=("Grazing herd units (GHU).",)))
    shelf.write(12, Paper(title="Okapis", summary=("These are grazing herd units.",)))
    assert ids(await ask("ghu")) == [11]
    assert How.ACRONYM not in {match.how for match in (await ask("grazing herd units")).hits[0].matches}
    shelf.write(13, Paper(title="Gnus", summary=("Other grazing herd units (GHU).",)))
    shelf.write(14, Paper(title="Quaggas", summary=("These were grazing herd units.",)))
    assert sorted(ids(await ask("ghu"))) == [11, 13, 14]


async def test_an_acronym_finds_what_is_spelt_out_once_papers_told_it(ask: Ask, shelf: Shelf) -> None:
    shelf.write(9, Paper(title="Compressing Large Language Models"))
    assert 9 in ids(await ask("llm"))


async def test_the_newest_first_are_those_with_all_the_words(ask: Ask) -> None:
    assert ids(await ask("retrieval images", order=Order.NEWEST)) == [6, 5]


async def test_more_like_this_is_without_it(index: SearchIndex, ask: Ask) -> None:
    await ask("")
    alike = await index.similar(5, Page(3))
    assert ids(alike)[0] == 6
    assert 5 not in ids(alike)
    assert ids(await index.similar(5, Page(3), without=[6]))[0] != 6
    assert (await index.similar(99, Page(3))).hits == ()


async def test_a_paper_taken_out_is_no_longer_a_correction(ask: Ask, shelf: Shelf) -> None:
    assert ids(await ask("rollingdetph")) == [2]
    shelf.write(2, Paper(title="Something Else"))
    assert ids(await ask("rollingdetph")) == []
