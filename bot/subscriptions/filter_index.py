"""Which of many filters let a paper through, without asking them all. Pure.

Each filter is posted under a token that every paper it lets through carries, the one that the fewest filters
name; only filters under a paper's own tokens are asked. One that has no such token (negations, dates, no
words at all) is always asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.digests import taxonomy
from bot.library.expression import And, Arxiv, Author, Has, Node, Or, Phrase, Tag, Term
from bot.library.words import run_of, words
from bot.model import Paper
from bot.subscriptions.matching import PaperText, holds, prepare

K = TypeVar("K", bound=Hashable)
P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class FilterIndex(Generic[K]):
    ids: Mapping[Node, Sequence[K]]  # filters that mean the same are asked once
    posted: Mapping[str, Sequence[Node]]  # by tokens
    always: Sequence[Node]


def build(filters: Iterable[tuple[K, Node]]) -> FilterIndex[K]:
    ids: dict[Node, list[K]] = {}
    for key, node in filters:
        ids.setdefault(node, []).append(key)
    named = Counter(token for node in ids for token in frozenset(_named(node)))
    posted: dict[str, list[Node]] = {}
    always = []
    for node in ids:
        needed = _needed(node, named)
        if needed is None:
            always.append(node)
        for token in needed or ():
            posted.setdefault(token, []).append(node)
    return FilterIndex(ids, posted, always)


def matches(index: FilterIndex[K], papers: Iterable[tuple[P, PaperText]]) -> dict[K, list[P]]:
    """Papers by the filters that let them through, in their order; filters that take none are left out."""
    found: dict[Node, list[P]] = {}
    for paper_id, given in papers:
        prepared = prepare(given.paper)
        for node in _asked(index, given.paper):
            if holds(node, given, prepared):
                found.setdefault(node, []).append(paper_id)
    return {key: list(taken) for node, taken in found.items() for key in index.ids[node]}


def _asked(index: FilterIndex[K], paper: Paper) -> Iterable[Node]:
    nodes = dict.fromkeys(index.always)
    for token in _carried(paper):
        nodes |= dict.fromkeys(index.posted.get(token, ()))
    return nodes


def _carried(paper: Paper) -> set[str]:
    prepared = prepare(paper)
    tokens = {*prepared.text.split(), *(f"by:{word}" for word in prepared.names.split())}
    for tag in prepared.tags:
        tokens.update(f"tag:{name}" for name in (tag, *taxonomy.families(tag)))
    if paper.github_urls:
        tokens.add("has:code")
    if paper.huggingface_urls:
        tokens.add("has:model")
    return tokens | {f"id:{paper.arxiv_id}"}


def _tokens(leaf: Node) -> list[str] | None:
    """All of which a paper has to carry; nothing it could: []. None where any paper may do."""
    match leaf:
        case Term(text) | Phrase(text):
            return run_of(text)
        case Author(name):
            return [f"by:{word}" for word in words(name)]
        case Tag(name):
            return [f"tag:{taxonomy.meaning(name)}"]
        case Has(what):
            return [f"has:{what}"]
        case Arxiv(arxiv_id):
            return [f"id:{arxiv_id}"]
    return None


def _named(node: Node) -> Iterator[str]:
    match node:
        case And(nodes) | Or(nodes):
            for one in nodes:
                yield from _named(one)
        case _:
            yield from _tokens(node) or ()


def _needed(node: Node, named: Mapping[str, int]) -> frozenset[str] | None:
    """Tokens of which a paper has to carry one; an empty set: none will do; None: any paper may."""
    match node:
        case And(nodes):
            sets = [needed for one in nodes if (needed := _needed(one, named)) is not None]
            return min(sets, key=lambda needed: sum(named[token] for token in needed), default=None)
        case Or(nodes):
            some = [_needed(one, named) for one in nodes]
            return None if None in some else frozenset().union(*filter(None, some))
    tokens = _tokens(node)
    if tokens is None:
        return None
    return frozenset(sorted(tokens, key=lambda token: (named[token], -len(token)))[:1])
