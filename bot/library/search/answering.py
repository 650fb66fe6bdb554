"""From a query to one page of an answer: rewritten, gathered, reranked."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.library.expression import And, Node, Or, Phrase, Term, demands, names_papers, respelt
from bot.library.query import Query
from bot.library.search import candidates, filters
from bot.library.search.documents import Document, Torn, date_of, id_of, kept
from bot.library.search.reranking import Match, Ranked, Ranker
from bot.library.search.rewriting import How, Rewritten, rewrite
from bot.library.search.tuning import GATHERING
from bot.library.search.vocabulary import Vocabulary
from bot.library.words import MAX_RUN, words

MANY = 1_000  # papers that are counted
PARTLY = "No paper has all of these words; these have some."


class Order(StrEnum):
    BEST = "best"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Hit:
    paper_id: int
    arxiv_id: str | None
    title: str
    url: str | None
    date: dt.date
    score: float  # higher is better; 0.0 where nothing ranks
    parts: Mapping[str, float] = field(default_factory=dict)  # of the score
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """One page, best first; what asks for no words, newest first."""

    total: int
    many: bool  # there are more than `total`
    hits: tuple[Hit, ...]
    note: str  # for people: how the query was read and answered, where that isn't plain
    corrected: str | None  # the query as it was answered, where that isn't as it was written
    ms: float
    seq: int = 0  # up to where the library had been followed


@dataclass(frozen=True, slots=True)
class Page:
    limit: int
    offset: int = 0
    order: Order = Order.BEST
    verbatim: bool = False  # nothing is corrected


def answer(connection: sqlite3.Connection, query: Query, page: Page) -> Results:
    """Within the caller's transaction."""
    parts = demands(query.root)
    named = any(map(names_papers, parts))  # pasted with its title, perhaps
    text = [part for part in parts if _is_text(part) and not named]
    exact = [part for part in parts if not _is_text(part)]
    where = filters.condition(exact)
    if text:
        groups = [group for part in text for group in _groups(part)]
        phrases = [part for part in text if isinstance(part, Phrase)]
        holding = filters.condition([*exact, *phrases]) if phrases else None
        results, taken_for = ranked(connection, groups, where, page, holding=holding)
        corrected = str(respelt(query.root, taken_for)) if taken_for and results.hits else None
        return replace(
            results, note=" ".join(filter(None, (*query.notes, results.note))), corrected=corrected
        )
    rowids = where.rowids(connection, "", max(MANY, page.offset + page.limit) + 1) if parts else []
    hits = tuple(_hits(connection, rowids[page.offset : page.offset + page.limit], {}))
    return Results(min(len(rowids), MANY), len(rowids) > MANY, hits, " ".join(query.notes), None, 0.0)


def ranked(
    connection: sqlite3.Connection,
    groups: Sequence[Sequence[str]],
    where: filters.Condition,
    page: Page,
    *,
    but: Collection[int] = (),
    holding: filters.Condition | None = None,
) -> tuple[Results, Mapping[str, str]]:
    """Papers by what they have of these words, and what unknown ones were taken for.

    `but`: the rowids of papers that are not wanted.
    `holding`: `where`, and the phrases asked for; to look for phrases takes long, so once.
    """
    vocabulary = Vocabulary(connection)
    asked = rewrite(groups, vocabulary, verbatim=page.verbatim)
    found = candidates.gather(connection, asked.concepts, where)
    rowids, many = [rowid for rowid in found.rowids if rowid not in but], found.many
    if holding:
        among = dict.fromkeys(holding.rowids(connection, "", MANY + 1))
        rowids = list(dict.fromkeys([*(rowid for rowid in rowids if rowid in among), *among]))
        rowids, many = rowids[:MANY], len(rowids) > MANY
    ranker = Ranker(asked.concepts, [group[0] for group in groups if len(group) == 1])
    documents = dict(_documents(connection, rowids[: GATHERING.best]))
    scored = {rowid: ranker.rank(document) for rowid, document in documents.items()}
    order = sorted(scored, key=lambda rowid: (-scored[rowid].score, -rowid))
    partly = bool(order) and not scored[order[0]].complete
    taken_for = _taken_for(asked, ranker.matches(documents[order[0]])) if order and asked.unknown else {}
    if page.order is Order.BEST:
        order += rowids[GATHERING.best :]
    elif whole := candidates.newest(connection, asked.concepts, holding or where, MANY + 1):
        order, many, partly = whole[:MANY], len(whole) > MANY, False
    else:
        order.sort(reverse=True)
    shown = order[page.offset : page.offset + page.limit]
    documents |= _documents(connection, [rowid for rowid in shown if rowid not in documents])
    hits = tuple(
        replace(hit, matches=ranker.matches(documents[rowid]))
        for rowid, hit in zip(shown, _hits(connection, shown, scored), strict=True)
    )
    note = PARTLY if partly and not taken_for else ""
    return Results(len(order), many, hits, note, None, 0.0), taken_for


def _taken_for(asked: Rewritten, best: Sequence[Match]) -> dict[str, str]:
    """What the best paper has for words that none has; the beginning of a word is no mistake."""
    taken_for = {}
    for word, nearest in asked.unknown.items():
        has = {match.how: match.found for match in reversed(best) if match.asked == word}
        if How.PREFIX not in has:
            taken_for[word] = has.get(How.SPELLING, nearest)
    return taken_for


def _is_text(node: Node) -> bool:
    if isinstance(node, And | Or):
        return all(map(_is_text, node.nodes))
    return isinstance(node, Term | Phrase)


def _groups(node: Node) -> Iterator[list[str]]:
    """The words asked for; those of which any will do together."""
    match node:
        case Term(text) | Phrase(text):
            yield from ([word] for word in words(text)[:MAX_RUN])
        case And(nodes):
            for one in nodes:
                yield from _groups(one)
        case Or(nodes):
            if found := [word for one in nodes for group in _groups(one) for word in group]:
                yield found


def _documents(connection: sqlite3.Connection, rowids: Sequence[int]) -> Iterator[tuple[int, Document]]:
    rows = connection.execute(
        "SELECT id, words FROM paper WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(rowids),)
    )
    found = [(rowid, kept(text)) for rowid, text in rows]
    if len(found) < len(rowids):
        raise Torn(f"{len(rowids)} papers were found, and {len(found)} are there")
    return iter(found)


def _hits(connection: sqlite3.Connection, page: Sequence[int], ranked: Mapping[int, Ranked]) -> Iterator[Hit]:
    for rowid in page:
        asked = "SELECT paper_id, arxiv_id, title, url FROM paper WHERE id = ?"
        row = connection.execute(asked, (rowid,)).fetchone()
        if row is None or row[0] != id_of(rowid) or not all(isinstance(one, str | None) for one in row[1:]):
            raise Torn(f"paper {rowid}: {row}")
        paper_id, arxiv_id, title, url = row
        how = ranked.get(rowid, Ranked(0.0, {}))
        date = date_of(rowid)
        yield Hit(paper_id, arxiv_id, title, url, date, how.score, how.parts)
