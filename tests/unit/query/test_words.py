"""What counts as the same word."""

from __future__ import annotations

import re

import pytest
import snowballstemmer
from hypothesis import given
from hypothesis import strategies as st

from bot.library.words import ACRONYMS, SEPARATOR, passages, run_in, stem, stems, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Robots", "robot"),
        ("LLMs and VLMs", "llm and vlm"),
        ("Clavié", "clavie"),
        ("Łukasz Søren", "lukasz soren"),
        ("ﬁne-tuning", "Fine Tuning"),
        ("GS³", "gs^3"),
        ("Straße", "STRASSE"),
        ("LLM’s", "LLM's"),
        ("multi\u00admodal", "multimodal"),
        ("ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
    ],
)
def test_the_same_words(one: str, other: str) -> None:
    assert stems(one) == stems(other)


@pytest.mark.parametrize(("one", "other"), [("news", "new"), ("CSS", "CS"), ("GPT", "GP")])
def test_other_words(one: str, other: str) -> None:
    assert stems(one) != stems(other)


def test_chinese_is_found_by_any_of_its_words() -> None:
    title = passages(["基於世界模型的機器人學習 with LLMs"])
    assert run_in(title, stems("世界模型"))
    assert run_in(title, stems("機器人"))
    assert run_in(title, stems("機器人學習 with llm"))
    assert not run_in(title, stems("模型世界"))


def test_words_in_a_row_stay_within_a_passage() -> None:
    text = passages(["We train a world", "model of robots"])
    assert run_in(text, stems("train a world"))
    assert not run_in(text, stems("world model"))
    assert not run_in(text, stems("orld"))
    assert not run_in(text, [])


@given(st.text())
def test_words_hold_nothing_that_an_index_or_a_passage_would_split(text: str) -> None:
    for word in words(text):
        assert not re.search(rf'[\s"{SEPARATOR}\x00-/:-@]', word)
    assert all(stems(text))


@given(st.text(), st.text())
def test_a_text_is_found_in_itself(before: str, text: str) -> None:
    assert run_in(passages([before, text]), stems(text)) == bool(stems(text))


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_has_the_words_that_it_has_beside_other_scripts(text: str) -> None:
    assert [*words(text), "漢"] == words(f"{text} 漢")


@pytest.mark.parametrize(
    "ending", ["logist", "ational", "ement", "ion", "ative", "x", "bly", "ies", "ll", "3"]
)
@given(beginning=st.text("abcdefghijklmnopqrstuvwxyz0123456789é", max_size=10))
def test_words_that_skip_the_stemmer_are_their_own_stems(ending: str, beginning: str) -> None:
    word = beginning + ending
    if not ACRONYMS.fullmatch(word):
        assert stem(word) == (snowballstemmer.stemmer("english").stemWord(word) or word)
