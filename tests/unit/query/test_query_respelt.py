"""A query with words taken for others."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.library.expression import respelt
from bot.library.query import parse

TAKEN = {"robts": "robots", "vidoe": "video", "dianjinr1": "dianjin r1"}


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("robts", "robots"),
        ("Robts, vidoe", "robots video"),
        ("(robts OR arm) vidoe", "robots OR arm video"),
        ("vidoe-based", "video-based"),
        ("dianjinr1", "dianjin r1"),
        ('robts "robts" -robts author:robts', 'robots "robts" -robts author:robts'),
    ],
)
def test_words_to_rank_by_are_corrected_and_what_is_exact_is_not(asked: str, answered: str) -> None:
    assert str(respelt(parse(asked, today=dt.date(2025, 10, 1)).root, TAKEN)) == answered
