"""Asks the search index: which papers a query finds, best first. Words rank, all the rest is exact."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.digests import taxonomy
from bot.library.expression import (
    After,
    And,
    Arxiv,
    Author,
    Before,
    Has,
    Node,
    Not,
    Or,
    Phrase,
    Tag,
    Term,
    all_of,
)
from bot.library.index_file import transaction
from bot.library.indexing import HAS_CODE, HAS_MODEL, first_rowid, name_flags, tag_flag
from bot.library.words import MAX_RUN, run_of, stem, words

WEIGHTS = "3, 3, 1, 0.2, 1, 0, 1"  # of the columns, as measured for this stage: ../shared's search notes
EXACT = "{title authors summary tags}"  # the columns that filters look at, see matching.py

# Said far more often than meant: they find everything, tell nothing apart, and cost the most.
STOPWORDS = frozenset(
    "a about an and any are as at be by can did do does for from had has have how i if in into is it its"  # noqa: SIM905
    " me my of on or our paper papers so some that the their them there these they this those to us use used"
    " using via was we were what when where which who why will with you your".split()
)
MATCHING = "IN (SELECT rowid FROM text WHERE text MATCH ?)"
NAMED = "IN (SELECT id FROM paper WHERE arxiv_id = ?)"

Sql: TypeAlias = tuple[str, tuple[str | int, ...]]  # a condition and its values


@dataclass(frozen=True, slots=True)
class Found:
    total: int
    complete: int  # how many of these hold all the words; they come first
    rows: tuple[tuple[int, float], ...]  # a page of rowids and scores


def find(connection: sqlite3.Connection, root: Node, limit: int, offset: int) -> Found:
    """Where fewer than `limit` papers hold all the words, those follow that hold some of them."""
    parts = root.nodes if isinstance(root, And) else (root,)
    named = any(isinstance(part, Arxiv) for part in parts)  # pasted with its title, perhaps
    text = [part for part in parts if _is_text(part) and not named]
    wanted = [part for part in text if not _is_stopword(part)] or text
    filters = all_of(part for part in parts if not _is_text(part))
    with transaction(connection, "DEFERRED"):
        if wanted:
            return _ranked(connection, wanted, _condition(filters, "+rowid"), (limit, offset))
        return _newest(connection, _condition(filters if parts else Or(()), "id"), (limit, offset))


# The SQL below is put together from this module's own words; whatever comes from outside is bound.


def _newest(connection: sqlite3.Connection, where: Sql, page: tuple[int, int]) -> Found:
    condition, values = where
    counting = f"SELECT count(*) FROM paper WHERE {condition}"  # noqa: S608
    paging = f"SELECT id, 0.0 FROM paper WHERE {condition} ORDER BY id DESC LIMIT ? OFFSET ?"  # noqa: S608
    (total,) = connection.execute(counting, values).fetchone()
    return Found(total, total, tuple(connection.execute(paging, (*values, *page))))


def _ranked(
    connection: sqlite3.Connection, wanted: Sequence[Node], where: Sql, page: tuple[int, int]
) -> Found:
    condition, values = where
    counting = f"SELECT count(*) FROM text WHERE text MATCH ? AND {condition}"  # noqa: S608
    paging = (
        f"SELECT rowid, -bm25(text, {WEIGHTS}) AS score FROM text WHERE text MATCH ? AND {condition}"  # noqa: S608
        f" ORDER BY +rowid {MATCHING} DESC, score DESC, rowid DESC LIMIT ? OFFSET ?"
    )
    every, some = _every(wanted), _some(wanted)
    (complete,) = connection.execute(counting, (every, *values)).fetchone()
    sought = every if complete >= page[0] else some
    (total,) = connection.execute(counting, (sought, *values)).fetchone()
    rows = connection.execute(paging, (sought, *values, every, *page))
    return Found(total, complete, tuple(rows))


# --- words, for ranking -------------------------------------------------------------------------


def _is_text(node: Node) -> bool:
    if isinstance(node, And | Or):
        return all(map(_is_text, node.nodes))
    return isinstance(node, Term | Phrase)


def _every(wanted: Sequence[Node]) -> str:
    return " AND ".join(map(_whole, wanted))


def _whole(node: Node) -> str:
    match node:
        case And(nodes):
            return f"({' AND '.join(map(_whole, nodes))})"
        case Or(nodes):
            return f"({' OR '.join(map(_whole, nodes))})"
        case Phrase(text):
            return f"{EXACT} : {_run(run_of(text))}"
        case _:
            return _run(run_of(str(node)))


def _some(wanted: Sequence[Node]) -> str:
    """Any of the words; a phrase was asked for as it is, and stays."""
    phrases = [_whole(node) for node in wanted if isinstance(node, Phrase)]
    loose = [word for node in wanted if not isinstance(node, Phrase) for word in _telling(node)]
    runs = [_run([stem(word)]) for word in dict.fromkeys(loose)]
    return " AND ".join(phrases + ([f"({' OR '.join(runs)})"] if runs else []))


def _telling(node: Node) -> list[str]:
    """Words of which at least one is wherever the node is."""
    if isinstance(node, And | Or):
        return [word for one in node.nodes for word in _telling(one)]
    found = words(str(node))[:MAX_RUN]
    return [word for word in found if word not in STOPWORDS] or found


def _is_stopword(node: Node) -> bool:
    return isinstance(node, Term) and STOPWORDS.issuperset(words(node.text))


# --- filters, exact ------------------------------------------------------------------------------


def _condition(node: Node, rowid: str) -> Sql:
    """True of the papers for which matching.py says so."""
    if expression := _expression(node):
        return f"{rowid} {MATCHING}", (expression,)
    match node:
        case Or(nodes):
            return _joined(" OR ", nodes, rowid) if nodes else ("0", ())
        case And(nodes):
            return _joined(" AND ", nodes, rowid) if nodes else ("1", ())
        case Not(inner):
            text, values = _condition(inner, rowid)
            return f"NOT ({text})", values
        case Arxiv(arxiv_id):
            return f"{rowid} {NAMED}", (arxiv_id,)
        case After(day):
            return f"{rowid} >= ?", (first_rowid(day),)
        case Before(day):
            return f"{rowid} < ?", (first_rowid(day),)
    raise AssertionError(node)


def _joined(operator: str, nodes: Sequence[Node], rowid: str) -> Sql:
    conditions = [_condition(node, rowid) for node in nodes]
    values = tuple(value for _, some in conditions for value in some)
    return f"({operator.join(text for text, _ in conditions)})", values


def _expression(node: Node) -> str:
    """The node in FTS5's own language, or nothing where it asks for more than words and flags."""
    match node:
        case Term(text) | Phrase(text):
            return f"{EXACT} : {_run(run_of(text))}"
        case Tag(name):
            return f"flags : ({' OR '.join(_run([tag_flag(tag)]) for tag in sorted(taxonomy.family(name)))})"
        case Author(name):
            return f"flags : {_run(name_flags(name))}"
        case Has(what):
            return f"flags : {_run([HAS_CODE if what == 'code' else HAS_MODEL])}"
        case And(nodes) | Or(nodes):
            expressions = [_expression(one) for one in nodes]
            operator = " AND " if isinstance(node, And) else " OR "
            return f"({operator.join(expressions)})" if expressions and all(expressions) else ""
    return ""


def _run(tokens: Sequence[str]) -> str:
    """Tokens one after the other. They hold no quotation mark: words.py takes letters and digits only."""
    return f'"{" ".join(tokens)}"'
