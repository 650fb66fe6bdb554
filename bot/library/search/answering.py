"""From a query to one page of an answer: rewritten, gathered, reranked."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.library.expression import And, Arxiv, Node, Or, Phrase, Term
from bot.library.query import Query
from bot.library.search import candidates, filters, indexing
from bot.library.search.documents import kept
from bot.library.search.file import transaction
from bot.library.search.reranking import Ranked, Ranker
from bot.library.search.rewriting import Rewritten, rewrite
from bot.library.search.tuning import GATHERING
from bot.library.search.vocabulary import Vocabulary
from bot.library.words import MAX_RUN, words


@dataclass(frozen=True, slots=True)
class Hit:
    paper_id: int
    arxiv_id: str | None
    title: str
    url: str | None
    date: dt.date
    score: float  # higher is better; 0.0 where nothing ranks
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Results:
    """One page, best first; what asks for no words, newest first."""

    total: int
    hits: tuple[Hit, ...]
    note: str  # for people: how the query was read and answered, where that isn't plain
    ms: float


def answer(connection: sqlite3.Connection, query: Query, limit: int, offset: int) -> Results:
    with transaction(connection, "DEFERRED"):
        root = query.root
        parts = root.nodes if isinstance(root, And) else (root,)
        named = any(isinstance(part, Arxiv) for part in parts)  # pasted with its title, perhaps
        text = [part for part in parts if _is_text(part) and not named]
        where = filters.condition(
            [part for part in parts if not _is_text(part) or (isinstance(part, Phrase) and not named)]
        )
        if text:
            groups = [group for part in text for group in _groups(part)]
            asked = rewrite(groups, Vocabulary(connection))
            found = candidates.gather(connection, asked.concepts, where)
            ranked = _ranked(connection, asked, groups, found.rowids[: GATHERING.best])
            order = [rowid for rowid, _ in ranked] + list(found.rowids[GATHERING.best :])
            page = order[offset : offset + limit]
            hits = tuple(_hits(connection, page, dict(ranked)))
            return Results(len(order), hits, " ".join(query.notes), 0.0)
        if not parts:
            return Results(0, (), " ".join(query.notes), 0.0)
        rowids = list(where.rowids(connection, "", 1_000_000))
        hits = tuple(_hits(connection, rowids[offset : offset + limit], {}))
        return Results(len(rowids), hits, " ".join(query.notes), 0.0)


def _is_text(node: Node) -> bool:
    if isinstance(node, And | Or):
        return all(map(_is_text, node.nodes))
    return isinstance(node, Term | Phrase)


def _groups(node: Node) -> Iterator[list[str]]:
    match node:
        case Term(text) | Phrase(text):
            yield from ([word] for word in words(text)[:MAX_RUN])
        case And(nodes):
            for one in nodes:
                yield from _groups(one)
        case Or(nodes):
            found = [word for one in nodes for group in _groups(one) for word in group]
            if found:
                yield found


def _ranked(
    connection: sqlite3.Connection, asked: Rewritten, groups: Sequence[Sequence[str]], rowids: Sequence[int]
) -> list[tuple[int, Ranked]]:
    ranker = Ranker(asked.concepts, [group[0] for group in groups if len(group) == 1])
    rows = connection.execute(
        "SELECT id, words FROM paper WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(rowids),)
    )
    ranked = [(rowid, ranker.rank(kept(text))) for rowid, text in rows]
    return sorted(ranked, key=lambda one: (-one[1].score, -one[0]))


def _hits(connection: sqlite3.Connection, page: Sequence[int], ranked: Mapping[int, Ranked]) -> Iterator[Hit]:
    for rowid in page:
        row = connection.execute("SELECT paper_id, arxiv_id, title, url FROM paper WHERE id = ?", (rowid,))
        paper_id, arxiv_id, title, url = row.fetchone()
        how = ranked.get(rowid, Ranked(0.0, {}))
        yield Hit(paper_id, arxiv_id, title, url, indexing.date_of(rowid), how.score, how.parts)
