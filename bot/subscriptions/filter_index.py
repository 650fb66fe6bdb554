"""Which of many filters let which papers through, without asking each of them of each paper. Pure.

A set of papers is an integer, a bit each. What the leaves of all filters ask for is looked up once, and a
filter is worked out for all papers together. It is posted under a leaf that must hold for every paper it
lets through, the one that the fewest filters have; where no paper answers that leaf, the filter is not asked.
One without such a leaf (negations, dates, no words at all) is always asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from bot.library.expression import After, And, Before, Node, Not, Or
from bot.library.words import run_in
from bot.subscriptions.matching import PaperText, holds, prepare, tokens

K = TypeVar("K", bound=Hashable)
P = TypeVar("P")

Row: TypeAlias = tuple[str, ...]  # tokens that are to stand one after the other
Date: TypeAlias = After | Before
Tree: TypeAlias = "int | tuple[str, tuple[Tree, ...]]"  # a leaf's number; AND, OR or NOT of trees
AND, OR, NOT = "and", "or", "not"


@dataclass(frozen=True, slots=True)
class FilterIndex(Generic[K]):
    ids: Mapping[Tree, Sequence[K]]  # filters that mean the same are asked once
    rows: Mapping[str, Sequence[tuple[int, Row]]]  # leaves that ask for tokens, each under one of these
    dates: Mapping[int, Date]  # the other leaves
    posted: Mapping[int, Sequence[Tree]]  # by leaves
    always: Sequence[Tree]


def build(filters: Iterable[tuple[K, Node]]) -> FilterIndex[K]:
    leaves: dict[Row | Date, int] = {}
    trees: dict[Node, Tree] = {}  # a follow comes as often as members have it
    ids: dict[Tree, list[K]] = {}
    for key, node in filters:
        if node not in trees:
            trees[node] = _tree(node, leaves)
        ids.setdefault(trees[node], []).append(key)
    dates = {number: leaf for leaf, number in leaves.items() if not isinstance(leaf, tuple)}
    common = Counter(leaf for tree in ids for leaf in frozenset(_leaves(tree)))
    posted: dict[int, list[Tree]] = {}
    always = []
    for tree in ids:
        needed = _needed(tree, common, dates)
        if needed is None:
            always.append(tree)
        for leaf in needed or ():
            posted.setdefault(leaf, []).append(tree)
    return FilterIndex(ids, _by_token(leaves), dates, posted, always)


def matches(index: FilterIndex[K], papers: Iterable[tuple[P, PaperText]]) -> dict[K, Sequence[P]]:
    """Papers by the filters that let them through, in their order; filters that take none are left out."""
    paper_ids, day = [], []
    for paper_id, given in papers:
        paper_ids.append(paper_id)
        day.append(given)
    every = (1 << len(day)) - 1
    held = _held(index, day)
    asked = dict.fromkeys(index.always)
    for leaf in held:
        asked |= dict.fromkeys(index.posted.get(leaf, ()))
    found: dict[K, Sequence[P]] = {}
    for tree in asked:
        if taken := _worked_out(tree, held, every):
            listed = [paper_ids[at] for at in _bits(taken)]
            found |= dict.fromkeys(index.ids[tree], listed)
    return found


# --- building -------------------------------------------------------------------------------------


def _tree(node: Node, leaves: dict[Row | Date, int]) -> Tree:
    match node:
        case And(nodes):
            return AND, tuple(_tree(one, leaves) for one in nodes)
        case Or(nodes):
            return OR, tuple(_tree(one, leaves) for one in nodes)
        case Not(inner):
            return NOT, (_tree(inner, leaves),)
        case After() | Before():
            return leaves.setdefault(node, len(leaves))
    return leaves.setdefault(tokens(node), len(leaves))


def _leaves(tree: Tree) -> Iterator[int]:
    if isinstance(tree, int):
        yield tree
    else:
        for part in tree[1]:
            yield from _leaves(part)


def _needed(tree: Tree, common: Mapping[int, int], dates: Mapping[int, Date]) -> frozenset[int] | None:
    """Leaves of which one has to hold; an empty set: no paper will do; None: any paper may."""
    if isinstance(tree, int):
        return None if tree in dates else frozenset([tree])
    kind, parts = tree
    if kind == NOT:
        return None
    sets = [_needed(part, common, dates) for part in parts]
    known = [needed for needed in sets if needed is not None]
    if kind == AND:
        return min(known, key=lambda needed: sum(common[leaf] for leaf in needed), default=None)
    return frozenset().union(*known) if len(known) == len(sets) else None


def _by_token(leaves: Mapping[Row | Date, int]) -> dict[str, list[tuple[int, Row]]]:
    """Each row under the one of its tokens that the fewest have."""
    rows = {leaf: number for leaf, number in leaves.items() if isinstance(leaf, tuple)}
    common = Counter(token for row in rows for token in row)
    found: dict[str, list[tuple[int, Row]]] = {}
    for row, number in rows.items():
        if row:
            found.setdefault(min(row, key=lambda token: common[token]), []).append((number, row))
    return found


# --- matching -------------------------------------------------------------------------------------


def _held(index: FilterIndex[K], day: Sequence[PaperText]) -> dict[int, int]:
    """The leaves that hold for some papers, and for which."""
    passages = [prepare(given.paper).passage for given in day]
    carriers: dict[str, int] = {}
    for at, passage in enumerate(passages):
        for token in frozenset(passage.split()):
            carriers[token] = carriers.get(token, 0) | 1 << at
    held = {}
    for token, papers in carriers.items():
        for number, row in index.rows.get(token, ()):
            if found := papers if len(row) == 1 else _in_a_row(row, carriers, passages):
                held[number] = found
    for number, date in index.dates.items():
        held[number] = sum(
            1 << at for at, given in enumerate(day) if holds(date, given, prepare(given.paper))
        )
    return held


def _in_a_row(row: Row, carriers: Mapping[str, int], passages: Sequence[str]) -> int:
    papers = -1
    for token in row:
        papers &= carriers.get(token, 0)
    return sum(1 << at for at in _bits(papers) if run_in(passages[at], row))


def _worked_out(tree: Tree, held: Mapping[int, int], every: int) -> int:
    if isinstance(tree, int):
        return held.get(tree, 0)
    kind, parts = tree
    if kind == NOT:
        return every & ~_worked_out(parts[0], held, every)
    papers = every if kind == AND else 0
    for part in parts:
        found = _worked_out(part, held, every)
        papers = papers & found if kind == AND else papers | found
    return papers


def _bits(papers: int) -> Iterator[int]:
    while papers:
        yield (papers & -papers).bit_length() - 1
        papers &= papers - 1
