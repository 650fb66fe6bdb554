"""A feed's filter as the two lines of a form: what comes, and what does not. Pure.

In each line a comma stands between things of which any will do; one that is exactly a tag's name means the
tag, as it does where members follow it. Together they are one text of the search language, and any such text
can be taken apart again.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.digests import taxonomy
from bot.library import query
from bot.library.expression import And, Node, Not, Or, Phrase, Tag, Term, all_of, any_of, negated
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
    roots = [_parts(one.root) for one in wanted]
    any_will_do = [_meant(all_of(good)) for good, _ in roots if good]
    left_out = [node for _, bad in roots for node in bad]
    unwanted_roots = [one.root for one in unwanted if one.root != And(())]
    left_out += [root if isinstance(root, Not) else negated(_meant(root)) for root in unwanted_roots]
    nodes = [*([any_of(any_will_do)] if any_will_do else []), *left_out]
    read = [*wanted, *unwanted]
    notes = tuple(dict.fromkeys(note for one in read for note in one.notes))
    return Query(
        all_of(nodes), notes[: query.MAX_NOTES], tuple(unknown for one in read for unknown in one.unknown)
    )


def wordless(line: str, *, today: dt.date) -> list[str]:
    """The pieces that ask for nothing, such as an emoji: without them a line means more than was asked."""
    return [one for one in pieces(line) if query.parse(one, today=today, known=None).root == And(())]


def _parts(root: Node) -> tuple[list[Node], list[Node]]:
    """What a piece asks for, and what it leaves out."""
    nodes = root.nodes if isinstance(root, And) else (root,)
    return [one for one in nodes if not isinstance(one, Not)], [one for one in nodes if isinstance(one, Not)]


def _meant(piece: Node) -> Node:
    tag = _tag(piece)
    return Tag(tag) if tag else piece


def _tag(piece: Node) -> str | None:
    """The tag that its words are the name of."""
    return taxonomy.named(" ".join(one.text for one in _terms(piece)))


def _terms(piece: Node) -> list[Term]:
    """Those that it is made of; [] where it is of anything else."""
    nodes = piece.nodes if isinstance(piece, And) else (piece,)
    found = [one for one in nodes if isinstance(one, Term)]
    return found if len(found) == len(nodes) else []


def parted(text: str, *, today: dt.date, to_read: bool = False) -> Lines:
    """The lines that mean the same as `text`. `to_read`: with words bare also where, typed so, they would
    mean a tag."""
    root = query.parse(text, today=today, known=None).root
    wanted, unwanted = _parts(root)
    choices, left_out = _choices(wanted), [negated(one) for one in unwanted]
    if to_read:
        return Lines(_line(choices), _line(left_out))
    return Lines(_line(map(_as_words, choices)), _line(map(_as_words, left_out)))


def _as_words(piece: Node) -> Node:
    if not _tag(piece):
        return piece
    return all_of(Phrase(one.text) for one in _terms(piece))


def _choices(wanted: Sequence[Node]) -> Sequence[Node]:
    """Of which any will do."""
    if not wanted:
        return ()
    whole = all_of(wanted)
    if isinstance(whole, Or) and not any(_parts(one)[1] for one in whole.nodes):
        return whole.nodes
    return (whole,)


def _line(nodes: Iterable[Node]) -> str:
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
