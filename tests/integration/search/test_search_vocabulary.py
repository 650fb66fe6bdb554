"""Which words may be corrections, where papers are many."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from bot.library.search import vocabulary
from bot.library.search.file import empty
from bot.library.search.preparing import Counts
from bot.library.search.vocabulary import LARGE, Vocabulary


@pytest.fixture
def many() -> Iterator[sqlite3.Connection]:
    """An index that has taken in so many papers that a word of one paper's running text is mostly a typo."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    empty(connection)
    connection.execute("UPDATE progress SET papers = ?", (LARGE,))
    yield connection
    connection.close()


TEXT = Counts({"zebra": 1}, {})
TITLE = Counts({"zebra": 1}, {"zebra": 1})


def count(connection: sqlite3.Connection, come: Counts) -> None:
    vocabulary.count(connection, come, {"zebra": "zebra"})


def corrected(connection: sqlite3.Connection) -> list[str]:
    return [term.text for _, term in Vocabulary(connection).near("zebar")]


def test_a_word_of_one_papers_running_text_is_no_correction(many: sqlite3.Connection) -> None:
    count(many, TEXT)
    assert corrected(many) == []
    count(many, TEXT)
    assert corrected(many) == ["zebra"]


def test_a_word_of_a_title_is_one(many: sqlite3.Connection) -> None:
    count(many, TITLE)
    assert corrected(many) == ["zebra"]


def test_a_word_that_a_revised_paper_takes_to_its_title_is_one(many: sqlite3.Connection) -> None:
    count(many, TEXT)
    vocabulary.discount(many, TEXT)
    assert corrected(many) == []
    count(many, TITLE)
    assert corrected(many) == ["zebra"]
