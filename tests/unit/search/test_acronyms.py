"""What papers tell of acronyms, and where these stand for words."""

from __future__ import annotations

import pytest

from bot.library.search.acronyms import Acronyms, mined


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("A large language model (LLM) talks.", [("llm", "larg languag model")]),
        ("Many large language models (LLMs) talk.", [("llm", "larg languag model")]),
        ("The state of the art (SOTA) moves.", [("sota", "state of the art")]),
        ("A chain of thought (CT) is long.", [("ct", "chain of thought")]),
        ("We saw the grazing herd (TGH).", []),
        ("A large language model (GPT) talks.", []),
        ("A model (M) talks.", []),
    ],
)
def test_an_acronym_has_the_initials_of_the_words_before_it(text: str, pairs: list[tuple[str, str]]) -> None:
    assert list(mined(text)) == pairs


def test_the_longest_name_counts_and_of_two_acronyms_the_surer() -> None:
    pairs = [
        ("lm", "languag model"),
        ("llm", "larg languag model"),
        ("lalm", "larg languag model"),
        ("vl", "larg languag"),
    ]
    known = Acronyms.of(pairs)
    stems = ["a", "larg", "languag", "model", "or", "languag", "model"]
    assert list(known.within(stems)) == [(1, 4, "llm"), (2, 4, "lm"), (5, 7, "lm")]
