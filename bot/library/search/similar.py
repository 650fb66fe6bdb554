"""More like this: by the words that tell a paper apart, its title's first, in one query."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.library.search.answering import Page, Results, ranked
from bot.library.search.documents import Document, kept
from bot.library.search.filters import Condition
from bot.library.search.rewriting import STOPWORDS, VAGUE, idf
from bot.library.search.tuning import SIMILAR
from bot.library.search.vocabulary import Vocabulary

NOTHING = Results(0, False, (), "", None, 0.0)


def answer(
    connection: sqlite3.Connection, paper_id: int, page: Page, without: Collection[int] = ()
) -> Results:
    """Neither the paper itself nor those; nothing for one that is not there."""
    found = connection.execute("SELECT id, words FROM paper WHERE paper_id = ?", (paper_id,)).fetchone()
    if found is None:
        return NOTHING
    rowid, text = found
    telling = [[word] for word in _telling(kept(text), Vocabulary(connection))]
    but = {rowid, *_rowids(connection, without)}
    results, _ = ranked(connection, telling, Condition(), replace(page, verbatim=True), but=but)
    return replace(results, note="")


def _rowids(connection: sqlite3.Connection, papers: Collection[int]) -> list[int]:
    asked = "SELECT id FROM paper WHERE paper_id IN (SELECT value FROM json_each(?))"
    return [rowid for (rowid,) in connection.execute(asked, (json.dumps(list(papers)),))]


def _telling(document: Document, vocabulary: Vocabulary) -> Sequence[str]:
    """Words by how often the paper has them and how few others do; those that no other has find nothing."""
    counts: dict[str, float] = {}
    for field, weight in ((document.title, SIMILAR.title), (document.summary, 1.0)):
        for word in field.split():
            if len(word) > 1 and word not in STOPWORDS and word not in VAGUE:
                counts[word] = counts.get(word, 0.0) + weight
    shared = {text: term for text, term in vocabulary.written(counts).items() if term.papers > 1}
    worth = {text: counts[text] * idf(term.papers, vocabulary.papers) for text, term in shared.items()}
    telling = sorted(worth, key=lambda word: -worth[word])[: SIMILAR.words]
    return [word for word in counts if word in telling]
