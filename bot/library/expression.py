"""What a query means, as a tree; printed, a node is the query that reads as the same node."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.library.words import words


@dataclass(frozen=True, slots=True)
class Term:
    """A word as it was typed; one such as "state-of-the-art" is several words in a row."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Phrase:
    text: str

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Tag:
    """By its canonical name; the name of a family means all of the family."""

    name: str

    def __str__(self) -> str:
        return f"tag:{_value(self.name)}"


@dataclass(frozen=True, slots=True)
class Author:
    name: str

    def __str__(self) -> str:
        return f"author:{_value(self.name)}"


@dataclass(frozen=True, slots=True)
class Has:
    what: Literal["code", "model"]

    def __str__(self) -> str:
        return f"has:{self.what}"


@dataclass(frozen=True, slots=True)
class Arxiv:
    """One paper, by its id without version."""

    id: str

    def __str__(self) -> str:
        return self.id


@dataclass(frozen=True, slots=True)
class After:
    day: dt.date  # this day is in

    def __str__(self) -> str:
        return f"after:{self.day}"


@dataclass(frozen=True, slots=True)
class Before:
    day: dt.date  # this day is not in, so that after:2025 before:2026 is a year

    def __str__(self) -> str:
        return f"before:{self.day}"


@dataclass(frozen=True, slots=True)
class Not:
    node: Node

    def __str__(self) -> str:
        return f"-({self.node})" if isinstance(self.node, And | Or) else f"-{self.node}"


@dataclass(frozen=True, slots=True)
class And:
    """All of these; of none, everything."""

    nodes: tuple[Node, ...]

    def __str__(self) -> str:
        return " ".join(map(str, self.nodes))


@dataclass(frozen=True, slots=True)
class Or:
    nodes: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(f"({node})" if isinstance(node, And) else str(node) for node in self.nodes)


Node: TypeAlias = Term | Phrase | Tag | Author | Has | Arxiv | After | Before | Not | And | Or


def all_of(nodes: Iterable[Node]) -> Node:
    return _joined(And, nodes)


def any_of(nodes: Iterable[Node]) -> Node:
    return _joined(Or, nodes)


def negated(node: Node) -> Node:
    return node.node if isinstance(node, Not) else Not(node)


def demands(node: Node) -> tuple[Node, ...]:
    """Of which each has to hold."""
    return node.nodes if isinstance(node, And) else (node,)


def alternatives(node: Node) -> tuple[Node, ...]:
    """Of which any will do."""
    return node.nodes if isinstance(node, Or) else (node,)


def names_papers(node: Node) -> bool:
    """Whether it asks for papers by their ids, and for nothing else."""
    return all(isinstance(one, Arxiv) for one in alternatives(node))


def respelt(node: Node, taken_for: Mapping[str, str]) -> Node:
    """With words, as words.py writes them, replaced by those that they were taken for; phrases are exact."""
    match node:
        case Term(text) if not taken_for.keys().isdisjoint(found := words(text)):
            return Term("-".join(taken_for.get(word, word) for word in found))
        case And(nodes) | Or(nodes):
            return type(node)(tuple(respelt(one, taken_for) for one in nodes))
    return node


def _joined(kind: type[And] | type[Or], nodes: Iterable[Node]) -> Node:
    """Flat, and a single node as itself: one meaning has one tree."""
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.nodes if isinstance(node, kind) else (node,))
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def _value(text: str) -> str:
    return text if re.fullmatch(r"[\w.-]*\w", text) else f'"{text}"'
