"""Digests that come and change while the bot runs."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

HEAD = "| Title | Authors | Summary | Classification | GitHub URLs | HuggingFace URLs |\n|---|---|---|---|---|---|"
RECENT = 3  # digests that may still change
REVISED = 0.3  # how often an earlier digest gets one more paper, instead of a new digest


class Desk:
    """Writes digests into a folder, each of another day, going back from yesterday."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._digests: dict[dt.date, list[str]] = {}
        self._yesterday = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)
        self._papers = 0

    @property
    def papers(self) -> int:
        """How many were written, from 1 on."""
        return self._papers

    @property
    def days(self) -> set[dt.date]:
        return set(self._digests)

    def write(self, chance: random.Random) -> None:
        if self._digests and chance.random() < REVISED:
            day = chance.choice(sorted(self._digests)[:RECENT])
            self._digests[day].append(self._row())
        else:
            day = self._yesterday - dt.timedelta(days=len(self._digests))
            self._digests[day] = [self._row() for _ in range(chance.randint(1, 4))]
        self._save(day)

    def _row(self) -> str:
        self._papers += 1
        number = f"{self._papers // 100_000 + 1000:04}.{self._papers % 100_000:05}"
        links = f"[Link](https://github.com/x/{number}) | N/A"
        title = f"[Paper {self._papers}](https://arxiv.org/abs/{number})"
        return (
            f"| {title} | Ada Reyes, Bo Chen | - It moves an arm. - It is quick. | ['Robotics'] | {links} |"
        )

    def _save(self, day: dt.date) -> None:
        whole = "\n".join([f"## Papers for {day}", "", HEAD, *self._digests[day], ""])
        written = self._folder / f"{day}.new"
        written.write_text(whole, "utf-8")
        written.replace(self._folder / f"{day}.md")
