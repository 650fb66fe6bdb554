"""Which papers a filter lets through, and why a member gets one: exact, by words and their stems."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
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
from bot.model import Follow, FollowKind, Paper


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


def reasons(follows: Sequence[Follow], paper: Paper) -> tuple[str, ...]:
    """What the paper answers of these, in their order: `Robotics`, `author Yi Peng`, `“world model”`."""
    prepared = _prepare(paper)
    return tuple(reason for follow in follows if (reason := _reason(follow, prepared)))


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


def _reason(follow: Follow, prepared: _Prepared) -> str | None:
    match follow.kind:
        case FollowKind.TAG:
            return _tag_reason(follow.value, prepared.tags)
        case FollowKind.AUTHOR:
            return f"author {follow.value}" if run_in(prepared.names, words(follow.value)) else None
        case FollowKind.PHRASE:
            return f"“{follow.value}”" if run_in(prepared.text, run_of(follow.value)) else None


def _tag_reason(followed: str, tags: Sequence[str]) -> str | None:
    """A tag that comes by its family is named beside it: `Audio (Text-to-Speech)`."""
    if followed in tags:
        return followed
    family = taxonomy.family(followed)
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
