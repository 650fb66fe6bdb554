"""Which papers a filter lets through, and why a member gets one: exact, by words and their stems."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from bot.digests import taxonomy
from bot.library.expression import (
    After,
    And,
    Arxiv,
    Author,
    Before,
    Has,
    Node,
    Not,
    Or,
    Phrase,
    Tag,
    Term,
)
from bot.library.query import Query
from bot.library.words import passages, run_in, run_of, words
from bot.model import Follow, FollowKind, Paper, StoredPaper

FOLLOWS_KEPT = 50_000  # what so many find is kept at a time


@dataclass(frozen=True, slots=True)
class PaperText:
    """A paper as filters see it, with the date of the digest that brings it."""

    paper: Paper
    date: dt.date


@dataclass(frozen=True, slots=True)
class _Prepared:
    text: str  # passages of stems
    names: str  # passages of words, an author each
    tags: tuple[str, ...]  # canonical


def compile_filter(query: Query) -> Callable[[PaperText], bool]:
    """A query that asks for nothing lets everything through."""
    return partial(_holds, query.root)


class Finder:
    """Why members get which of these papers. What a follow finds is worked out once for all who share it."""

    def __init__(self, papers: Iterable[StoredPaper]) -> None:
        self._papers = {one.id: _prepare(one.paper) for one in papers}
        self._found: dict[Follow, dict[int, str]] = {}

    @property
    def papers(self) -> Collection[int]:
        """Their ids."""
        return self._papers.keys()

    def find(self, follows: Sequence[Follow]) -> dict[int, tuple[str, ...]]:
        """By the papers' ids, what each answers of these, in their order: `Robotics`, `author Yi Peng`,
        `“world model”`."""
        found: dict[int, tuple[str, ...]] = {}
        for follow in follows:
            for paper_id, reason in self._of(follow).items():
                found[paper_id] = (*found.get(paper_id, ()), reason)
        return found

    def _of(self, follow: Follow) -> dict[int, str]:
        found = self._found.get(follow)
        if found is None:
            if len(self._found) >= FOLLOWS_KEPT:
                self._found.clear()
            reason = _reason(follow)
            all_of_it = {paper_id: reason(paper) for paper_id, paper in self._papers.items()}
            found = self._found[follow] = {paper_id: why for paper_id, why in all_of_it.items() if why}
        return found


def _holds(node: Node, given: PaperText) -> bool:
    match node:
        case And(nodes):
            return all(_holds(one, given) for one in nodes)
        case Or(nodes):
            return any(_holds(one, given) for one in nodes)
        case Not(inner):
            return not _holds(inner, given)
        case Term(text) | Phrase(text):
            return run_in(_prepare(given.paper).text, run_of(text))
        case Tag(name):
            return not taxonomy.family(name).isdisjoint(_prepare(given.paper).tags)
        case Author(name):
            return run_in(_prepare(given.paper).names, words(name))
        case Has(what):
            return bool(given.paper.github_urls if what == "code" else given.paper.huggingface_urls)
        case Arxiv(arxiv_id):
            return given.paper.arxiv_id == arxiv_id
        case After(day):
            return given.date >= day
        case Before(day):
            return given.date < day


def _reason(follow: Follow) -> Callable[[_Prepared], str | None]:
    match follow.kind:
        case FollowKind.TAG:
            family = taxonomy.family(follow.value)
            return lambda paper: _tag_reason(follow.value, family, paper.tags)
        case FollowKind.AUTHOR:
            name = words(follow.value)
            return lambda paper: f"author {follow.value}" if run_in(paper.names, name) else None
        case FollowKind.PHRASE:
            phrase = run_of(follow.value)
            return lambda paper: f"“{follow.value}”" if run_in(paper.text, phrase) else None


def _tag_reason(followed: str, family: Collection[str], tags: Sequence[str]) -> str | None:
    """A tag that comes by its family is named beside it: `Audio (Text-to-Speech)`."""
    if followed in tags:
        return followed
    by_family = [tag for tag in tags if tag in family]
    return f"{followed} ({', '.join(by_family)})" if by_family else None


@lru_cache(maxsize=1024)
def _prepare(paper: Paper) -> _Prepared:
    """Once a paper, of which a digest has some 50, however many follows it meets."""
    return _Prepared(
        text=passages((paper.title, *paper.authors, *paper.summary, *paper.tags)),
        names=passages(paper.authors, words),
        tags=tuple(taxonomy.meaning(tag) for tag in paper.tags),
    )
