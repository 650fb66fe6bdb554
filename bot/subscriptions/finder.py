"""Why members get which papers. What a follow finds is worked out once for all who share it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from bot.model import Follow, StoredPaper
from bot.subscriptions import filter_index
from bot.subscriptions.matching import NO_DAY, PaperText, meaning, prepare, reason

FOLLOWS_KEPT = 50_000  # what so many find is kept at a time


class Finder:
    """For some papers, however many members ask."""

    def __init__(self, papers: Iterable[StoredPaper]) -> None:
        self._papers = {one.id: one.paper for one in papers}
        self._found: dict[Follow, dict[int, str]] = {}

    @property
    def papers(self) -> Collection[int]:
        """Their ids."""
        return self._papers.keys()

    def learn(self, follows: Iterable[Follow]) -> None:
        """Many at a time, which is quicker than each as it is asked for."""
        asked = dict.fromkeys(follows)
        new = [follow for follow in asked if follow not in self._found]
        if not new:
            return
        if len(self._found) + len(new) > FOLLOWS_KEPT:
            self._found.clear()
            new = list(asked)
        index = filter_index.build((follow, meaning(follow)) for follow in new)
        found = filter_index.matches(
            index, ((paper_id, PaperText(paper, NO_DAY)) for paper_id, paper in self._papers.items())
        )
        for follow in new:
            ids = found.get(follow, ())
            self._found[follow] = {one: reason(follow, prepare(self._papers[one])) for one in ids}

    def find(self, follows: Sequence[Follow]) -> dict[int, tuple[str, ...]]:
        """By the papers' ids, what each answers of these, in their order: `Robotics`, `author Yi Peng`,
        `“world model”`."""
        self.learn(follows)
        found: dict[int, tuple[str, ...]] = {}
        for follow in follows:
            for paper_id, why in self._found[follow].items():
                found[paper_id] = (*found.get(paper_id, ()), why)
        return found
