"""What a query asks for besides ranking, as conditions of the index: exact, as matching.py says."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
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
    negated,
)
from bot.library.search.documents import ANY, HAS_CODE, HAS_MODEL, first_rowid, name_flags, tag_flag
from bot.library.words import run_of

TITLE = "{title title_alias}"
EXACT = "{title authors summary tags}"  # the columns that filters look at, see matching.py
MATCHING = "IN (SELECT rowid FROM text WHERE text MATCH ?)"
EVERY = f'"{ANY}"'  # no column is named for flags and for words that rank: none looks like the other
NAMED = "IN (SELECT id FROM paper WHERE arxiv_id = ?)"
LAST = 1 << 62

Sql: TypeAlias = tuple[str, tuple[str | int, ...]]  # a condition and its values


@dataclass(frozen=True, slots=True)
class Condition:
    """All of it holds. The SQL is put together from this module's own words; others are bound."""

    within: Sequence[str] = ()  # expressions of FTS5's
    without: Sequence[str] = ()
    lowest: int = 0  # of the rowids
    below: int = LAST
    rest: Sequence[Sql] = ()

    def rowids(
        self, connection: sqlite3.Connection, words: str, limit: int | None, *, titles: bool = False
    ) -> list[int]:
        """The newest, these first; with no limit the oldest first, which takes less time.

        `words`: in FTS5's language too, "": any; `titles`: these are all that counts.
        """
        if titles and not self.within and not self.without:
            table, key, expression = "heading", "rowid", words
        elif words or self.within or self.without:
            table, key = "text", "rowid"
            words = f"{TITLE} : ({words})" if words and titles else words
            asked = [f"({one})" for one in (words, *self.within) if one] or [EVERY]
            expression = " AND ".join(asked)
            if self.without:
                expression = f"({expression}) NOT ({' OR '.join(self.without)})"
        else:
            table, key, expression = "paper", "id", ""
        terms = [f"{key} >= ?", f"{key} < ?"]
        values: list[str | int] = [self.lowest, self.below]
        if expression:
            terms, values = [f"{table} MATCH ?", *terms], [expression, *values]
        for text, some in self.rest:
            # The plus: tested row by row. A paper that is named is looked up, but not several beside words:
            # SQLite would look up each, and could not ask FTS5 for the words any more.
            named = key if table == "paper" or text.startswith("{key}") else f"+{key}"
            terms.append(text.replace("{rowid}", f"+{key}").replace("{key}", named))
            values += some
        found = f"SELECT {key} FROM {table} WHERE {' AND '.join(terms)}"  # noqa: S608
        if limit is not None:
            found, values = f"{found} ORDER BY {key} DESC LIMIT ?", [*values, limit]
        # In one row: thousands of rows take longer to be handed over than to be found.
        (rowids,) = connection.execute(f"SELECT json_group_array({key}) FROM ({found})", values).fetchone()  # noqa: S608
        return list(json.loads(rowids))


def condition(nodes: Iterable[Node]) -> Condition:
    within, without, rest = [], [], []
    lowest, below = 0, LAST
    for node in _parts(And(tuple(nodes))):
        match node:
            case After(day) | Not(Before(day)):
                lowest = max(lowest, first_rowid(day))
            case Before(day) | Not(After(day)):
                below = min(below, first_rowid(day))
            case Not(inner) if expression := _expression(inner):
                without.append(expression)
            case _ if expression := _expression(node):
                within.append(expression)
            case _:
                rest.append(_sql(node))
    return Condition(within, without, lowest, below, rest)


def _parts(node: Node) -> Iterator[Node]:
    """What all holds where this holds."""
    match node:
        case And(nodes):
            for one in nodes:
                yield from _parts(one)
        case Not(Or(nodes)):
            for one in nodes:
                yield from _parts(negated(one))
        case _:
            yield node


def _sql(node: Node) -> Sql:
    """True of the papers for which matching.py says so."""
    if expression := _expression(node):
        return f"{{rowid}} {MATCHING}", (expression,)
    match node:
        case Or(nodes):
            return _joined(" OR ", Or, nodes) if nodes else ("0", ())
        case And(nodes):
            return _joined(" AND ", And, nodes) if nodes else ("1", ())
        case Not(inner):
            text, values = _sql(inner)
            return f"NOT ({text})", values
        case Arxiv(arxiv_id):
            return f"{{key}} {NAMED}", (arxiv_id,)
        case After(day):
            return "{rowid} >= ?", (first_rowid(day),)
        case Before(day):
            return "{rowid} < ?", (first_rowid(day),)
    raise AssertionError(node)


def _joined(operator: str, kind: type[And | Or], nodes: Sequence[Node]) -> Sql:
    """Words and flags are looked up together, and last: the rest often settles it."""
    looked_up = tuple(node for node in nodes if _expression(node))
    conditions = [_sql(node) for node in nodes if node not in looked_up]
    conditions += [_sql(kind(looked_up))] if looked_up else []
    values = tuple(value for _, some in conditions for value in some)
    return f"({operator.join(text for text, _ in conditions)})", values


def _expression(node: Node) -> str:
    """The node in FTS5's own language, or nothing where it asks for more than words and flags."""
    match node:
        case Term(text) | Phrase(text):
            return f"{EXACT} : {_run(run_of(text))}"
        case Tag(name):
            return f"({' OR '.join(_run([tag_flag(tag)]) for tag in sorted(taxonomy.family(name)))})"
        case Author(name):
            return _run(name_flags(name))
        case Has(what):
            return _run([HAS_CODE if what == "code" else HAS_MODEL])
        case Not(inner) if expression := _expression(inner):
            return f"({EVERY} NOT {expression})"
        case And(nodes) | Or(nodes):
            expressions = list(dict.fromkeys(_expression(one) for one in nodes))  # each costs a look-up
            operator = " AND " if isinstance(node, And) else " OR "
            return f"({operator.join(expressions)})" if expressions and all(expressions) else ""
    return ""


def _run(tokens: Sequence[str]) -> str:
    """Tokens one after the other. They hold no quotation mark: words.py takes letters and digits only."""
    return f'"{" ".join(tokens)}"'
