"""A library in memory, for the index to follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.model import Paper, StoredPaper

TODAY = dt.date(2025, 10, 1)


class Shelf:
    """Papers by the seq of their last writing, as the library tells them."""

    def __init__(self) -> None:
        self.rows: dict[int, tuple[int, StoredPaper]] = {}

    def write(self, paper_id: int, paper: Paper, date: dt.date = TODAY) -> None:
        seq = 1 + max((seq for seq, _ in self.rows.values()), default=0)
        self.rows[paper_id] = (seq, StoredPaper(paper_id, paper, date))

    async def since(self, seq: int, limit: int) -> Sequence[tuple[int, StoredPaper]]:
        return sorted((row for row in self.rows.values() if row[0] > seq), key=lambda row: row[0])[:limit]
