"""Asks the index which papers come near what a query means: enough of them to be ranked with care."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.library.search.filters import Condition
from bot.library.search.rewriting import Concept
from bot.library.search.tuning import GATHERING

TEXT = "{title authors summary tags code title_alias summary_alias}"
TITLE = "{title title_alias}"


@dataclass(frozen=True, slots=True)
class Candidates:
    rowids: Sequence[int]  # the nearest first
    many: bool  # there are more than these


def gather(connection: sqlite3.Connection, concepts: Sequence[Concept], where: Condition) -> Candidates:
    """A paper's nearness is the idf of what it has, and a share more of what its title has."""
    scores: dict[int, float] = {}
    for concept in sorted(concepts, key=lambda concept: -concept.idf):
        for columns, share in ((TEXT, 1.0), (TITLE, GATHERING.title)):
            best: dict[int, float] = {}
            for value, stems in _by_value(concept):
                words = " OR ".join(f'"{stem}"' for stem in stems)
                for rowid in where.rowids(connection, f"{columns} : ({words})", 1_000_000):
                    best.setdefault(rowid, value)
            for rowid, value in best.items():
                scores[rowid] = scores.get(rowid, 0.0) + value * share
    return Candidates(sorted(scores, key=lambda rowid: (-scores[rowid], -rowid)), False)


def _by_value(concept: Concept) -> list[tuple[float, list[str]]]:
    """Stems that tell as much together, the most telling first."""
    values: dict[str, float] = {}
    for form in concept.forms.values():
        values[form.stem] = max(values.get(form.stem, 0.0), form.weight * form.idf)
    together: dict[float, list[str]] = {}
    for stem, value in values.items():
        together.setdefault(round(value, 1), []).append(stem)
    return sorted(together.items(), reverse=True)
