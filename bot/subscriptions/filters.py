"""A feed's filter as the two lines of a form: what comes, and what does not. Pure.

In each line a comma stands between things of which any will do. Together they are one text of the search
language, and any such text can be taken apart again.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.library import query
from bot.library.expression import And, Node, Not, Or, Phrase, Term, all_of, any_of, negated
from bot.library.query import Query

LONGEST = 2_000  # characters

# Not the one in 1,000; nor any within quotes, which keyboards make typographic.
_COMMA = re.compile(r"(?<!\d)[,;]|[,;](?!\d)")
_PIECE = re.compile(r'(?:["“”„][^"“”„]*["“”„]|(?!(?<!\d)[,;]|[,;](?!\d)).)+', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Lines:
    about: str = ""
    but_not: str = ""


def joined(lines: Lines, *, today: dt.date, known: Collection[str] | None) -> Query:
    """The filter; `known` as for `query.parse`. What has a minus is left out, in either line."""
    wanted = [query.parse(piece, today=today, known=known) for piece in pieces(lines.about)]
    unwanted = [query.parse(piece, today=today, known=known) for piece in pieces(lines.but_not)]
    roots = [one.root for one in wanted if one.root != And(())]
    any_will_do = [root for root in roots if not isinstance(root, Not)]
    nodes = [any_of(any_will_do)] if any_will_do else []
    nodes += [root for root in roots if isinstance(root, Not)]
    unwanted_roots = [one.root for one in unwanted if one.root != And(())]
    nodes += [root if isinstance(root, Not) else negated(root) for root in unwanted_roots]
    read = [*wanted, *unwanted]
    notes = tuple(dict.fromkeys(note for one in read for note in one.notes))
    return Query(
        all_of(nodes), notes[: query.MAX_NOTES], tuple(unknown for one in read for unknown in one.unknown)
    )


def parted(text: str, *, today: dt.date) -> Lines:
    """The lines that mean the same as `text`."""
    root = query.parse(text, today=today, known=None).root
    parts: Sequence[Node] = root.nodes if isinstance(root, And) else (root,)
    wanted = [one for one in parts if not isinstance(one, Not)]
    unwanted = [one.node for one in parts if isinstance(one, Not)]
    return Lines(_line(_choices(wanted)), _line(unwanted))


def _choices(wanted: Sequence[Node]) -> Sequence[Node]:
    """Of which any will do."""
    if not wanted:
        return ()
    whole = all_of(wanted)
    if isinstance(whole, Or) and not any(isinstance(one, Not) for one in whole.nodes):
        return whole.nodes
    return (whole,)


def _line(nodes: Sequence[Node]) -> str:
    return ", ".join(str(_quoted(node)) for node in nodes)


def pieces(line: str) -> list[str]:
    """What its commas part."""
    return [piece for found in _PIECE.finditer(line) if (piece := found[0].strip())]


def _quoted(node: Node) -> Node:
    """With words that hold a comma as phrases, which ask the same."""
    match node:
        case Term(text) if _COMMA.search(text):
            return Phrase(text)
        case And(nodes) | Or(nodes):
            return type(node)(tuple(map(_quoted, nodes)))
        case Not(inner):
            return Not(_quoted(inner))
    return node
