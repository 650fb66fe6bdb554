"""Asks the index which papers come near what a query means: enough of them to be ranked with care.

Rare words are read whole, the rarest first, while the rows they have fit a budget. What is more common then
only tells those papers apart, or, where there is nothing rare, is looked up together and newest first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from bot.library.search.filters import Condition
from bot.library.search.rewriting import Concept
from bot.library.search.tuning import GATHERING


@dataclass(frozen=True, slots=True)
class Candidates:
    rowids: Sequence[int]  # the nearest first
    many: bool  # there are more than these


@dataclass(frozen=True, slots=True)
class _Group:
    """Stems of a concept that tell as much, and how many rows they have."""

    value: float
    stems: Sequence[str]
    papers: int
    titles: int

    @property
    def expression(self) -> str:
        return " OR ".join(f'"{stem}"' for stem in self.stems)


@dataclass(slots=True)
class _Gathering:
    connection: sqlite3.Connection
    where: Condition
    scores: dict[int, float] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)  # expressions that were read whole
    _known: dict[tuple[str, bool, int | None], Sequence[int]] = field(default_factory=dict)

    def add(self, groups: Sequence[_Group], share: float = 1.0, *, titles: bool = False) -> None:
        """All that have the concept, each paper once, by a share of the best of its groups."""
        seen: set[int] = set()
        for group in groups:
            rowids = self._rowids(group.expression, titles=titles)
            self._count([rowid for rowid in rowids if rowid not in seen], group.value * share)
            if len(groups) > 1:
                seen.update(rowids)

    def _rowids(self, expression: str, *, titles: bool = False, limit: int | None = None) -> Sequence[int]:
        """Read once, though a word may come twice, and several misspelt ones may stand for the same one."""
        key = expression, titles, limit
        if key not in self._known:
            self._known[key] = self.where.rowids(self.connection, expression, limit, titles=titles)
        return self._known[key]

    def add_within(self, groups: Sequence[_Group], within: str) -> None:
        """Of what was found already, all that have the concept."""
        words = f"({_any(groups)}) AND ({within})"
        self._count(self.where.rowids(self.connection, words, None), groups[0].value)

    def _count(self, rowids: Iterable[int], value: float) -> None:
        scores = self.scores
        for rowid in rowids:
            scores[rowid] = scores.get(rowid, 0.0) + value

    def together(self, concepts: Iterable[Sequence[_Group]], limit: int) -> int:
        """The newest papers that have all of these; returns how many."""
        several = list(concepts)
        words = " AND ".join(dict.fromkeys(f"({_any(groups)})" for groups in several))
        value = sum(groups[0].value for groups in several)
        rowids = self._rowids(words, limit=limit)
        for rowid in rowids:
            self.scores[rowid] = max(self.scores.get(rowid, 0.0), value)
        return len(rowids)


def gather(connection: sqlite3.Connection, concepts: Sequence[Concept], where: Condition) -> Candidates:
    """A paper's nearness is the idf of what it has, and a share more of what its title has."""
    at_hand = _Gathering(connection, where)
    rows = title_rows = GATHERING.rows
    common: list[list[_Group]] = []
    for concept in sorted(concepts, key=lambda concept: -concept.idf):
        groups = _groups(concept)
        if not groups:
            continue
        papers = sum(group.papers for group in groups)
        titles = sum(group.titles for group in groups)
        whole = papers <= rows
        if whole:
            rows -= papers
            at_hand.add(groups)
            at_hand.read.append(_any(groups))
        else:
            common.append(groups)
        if titles <= title_rows:
            title_rows -= titles
            at_hand.add(groups, GATHERING.title if whole else 1 + GATHERING.title, titles=True)
    many = _common(at_hand, common) if common else False
    newest = sorted(at_hand.scores, reverse=True)
    return Candidates(sorted(newest, key=at_hand.scores.__getitem__, reverse=True), many)


def newest(
    connection: sqlite3.Connection, concepts: Sequence[Concept], where: Condition, limit: int
) -> list[int]:
    """Papers that have something of every concept, the newest first."""
    several = [_groups(concept) for concept in concepts]
    if not all(several):
        return []
    words = " AND ".join(f"({_any(groups)})" for groups in several)
    return list(where.rowids(connection, words, limit))


def _common(at_hand: _Gathering, common: Sequence[list[_Group]]) -> bool:
    """What too many papers have to read them all; returns whether some were left unread."""
    telling = common[: GATHERING.telling]
    if len(at_hand.scores) > GATHERING.best:
        within = " OR ".join(at_hand.read)
        for groups in telling[: GATHERING.apart] if within else ():
            at_hand.add_within(groups, within)
    elif len(telling) == 1:
        return at_hand.together(telling, GATHERING.newest) == GATHERING.newest
    else:
        for count in range(len(telling), 1, -1):
            found = sum(at_hand.together(some, GATHERING.newest) for some in combinations(telling, count))
            if found >= GATHERING.best:
                break
    return True


def _any(groups: Sequence[_Group]) -> str:
    return " OR ".join(group.expression for group in groups)


def _groups(concept: Concept) -> list[_Group]:
    """The most telling first."""
    values: dict[str, float] = {}
    rows: dict[str, tuple[int, int]] = {}
    for form in concept.forms.values():
        values[form.stem] = max(values.get(form.stem, 0.0), form.weight * form.idf)
        rows[form.stem] = form.papers, form.titles
    together: dict[float, list[str]] = {}
    for stem, value in values.items():
        together.setdefault(round(value, 1), []).append(stem)
    return [
        _Group(value, stems, sum(rows[stem][0] for stem in stems), sum(rows[stem][1] for stem in stems))
        for value, stems in sorted(together.items(), reverse=True)
    ]
