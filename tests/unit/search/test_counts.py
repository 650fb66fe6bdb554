"""Which words of papers are counted."""

from __future__ import annotations

from bot.library.search.acronyms import Acronyms
from bot.library.search.documents import document
from bot.library.search.preparing import LONGEST, Counts, counted
from bot.model import Paper


def test_each_word_once_a_paper_none_that_is_too_long_and_no_separator() -> None:
    one = Paper(title="Zebra Zebra", summary=("A herd.", "x" * LONGEST, "x" * (LONGEST + 1)))
    other = Paper(title="Herd", summary=("Zebra.",))
    counts = counted(document(paper, Acronyms()) for paper in (one, other))
    assert counts == Counts({"zebra": 2, "herd": 2, "a": 1, "x" * LONGEST: 1}, {"zebra": 1, "herd": 1})
