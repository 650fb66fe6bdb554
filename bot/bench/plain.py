"""Plain FTS5 as a first version would use it: a baseline for search."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.model import Paper

LIMIT = 10


class Plain:
    """All words, or any of them by bm25."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute(
            "CREATE VIRTUAL TABLE text USING fts5(id UNINDEXED, title, authors, summary, tags)"
        )

    def build(self, papers: Iterable[Paper]) -> None:
        rows = (
            (paper.arxiv_id, paper.title, *map(" ".join, (paper.authors, paper.summary, paper.tags)))
            for paper in papers
        )
        with self._connection:
            self._connection.executemany("INSERT INTO text VALUES (?, ?, ?, ?, ?)", rows)

    async def every(self, text: str) -> Sequence[str]:
        return self._found(text, " ")

    async def some(self, text: str) -> Sequence[str]:
        return self._found(text, " OR ")

    def close(self) -> None:
        self._connection.close()

    def _found(self, text: str, operator: str) -> Sequence[str]:
        words = [f'"{word}"' for word in re.findall(r"\w+", text)]
        found = self._connection.execute(
            "SELECT id FROM text WHERE text MATCH ? ORDER BY rank LIMIT ?", (operator.join(words), LIMIT)
        )
        return [paper_id for (paper_id,) in found] if words else []
