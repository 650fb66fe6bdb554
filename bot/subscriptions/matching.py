"""Which papers a filter lets through, and why a member gets one: exact, by words and their stems."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

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
from bot.library.query import Query, parse
from bot.library.words import passages, run_in, run_of, words
from bot.model import Follow, FollowKind, Paper

NO_DAY = dt.date.min  # follows name no dates


@dataclass(frozen=True, slots=True)
class PaperText:
    """A paper as filters see it, with the date of the digest that brings it."""

    paper: Paper
    date: dt.date


@dataclass(frozen=True, slots=True)
class Prepared:
    """A paper as it is compared with many filters."""

    text: str  # passages of stems
    names: str  # passages of words, an author each
    tags: tuple[str, ...]  # canonical


def compile_filter(query: Query) -> Callable[[PaperText], bool]:
    """A query that asks for nothing lets everything through."""
    return lambda given: holds(query.root, given, prepare(given.paper))


def meaning(follow: Follow) -> Node:
    """A follow as a filter: `reasons` names those whose filters let the paper through."""
    match follow.kind:
        case FollowKind.TAG:
            return Tag(follow.value)
        case FollowKind.AUTHOR:
            return Author(follow.value)
        case FollowKind.PHRASE:
            return Phrase(follow.value)
        case FollowKind.SEARCH:
            return _searched(follow.value)


def reasons(follows: Sequence[Follow], paper: Paper) -> tuple[str, ...]:
    """What the paper answers of these, in their order: `Robotics`, `author Yi Peng`, `“world model”`."""
    given, prepared = PaperText(paper, NO_DAY), prepare(paper)
    return tuple(_reason(follow, prepared) for follow in follows if holds(meaning(follow), given, prepared))


def holds(node: Node, given: PaperText, prepared: Prepared) -> bool:
    """`prepared`: the same paper."""
    match node:
        case And(nodes):
            return all(holds(one, given, prepared) for one in nodes)
        case Or(nodes):
            return any(holds(one, given, prepared) for one in nodes)
        case Not(inner):
            return not holds(inner, given, prepared)
        case Term(text) | Phrase(text):
            return run_in(prepared.text, run_of(text))
        case Tag(name):
            return not taxonomy.family(name).isdisjoint(prepared.tags)
        case Author(name):
            return run_in(prepared.names, words(name))
        case Has(what):
            return bool(given.paper.github_urls if what == "code" else given.paper.huggingface_urls)
        case Arxiv(arxiv_id):
            return given.paper.arxiv_id == arxiv_id
        case After(day):
            return given.date >= day
        case Before(day):
            return given.date < day


@lru_cache(maxsize=1024)
def prepare(paper: Paper) -> Prepared:
    """Once a paper, of which a digest has some 50, however many filters and follows it meets."""
    return Prepared(
        text=passages((paper.title, *paper.authors, *paper.summary, *paper.tags)),
        names=passages(paper.authors, words),
        tags=tuple(taxonomy.meaning(tag) for tag in paper.tags),
    )


@lru_cache(maxsize=10_000)
def _searched(text: str) -> Node:
    return parse(text, today=NO_DAY, known=None).root


def _reason(follow: Follow, prepared: Prepared) -> str:
    match follow.kind:
        case FollowKind.TAG:
            return _by_tag(follow.value, prepared.tags)
        case FollowKind.AUTHOR:
            return f"author {follow.value}"
        case FollowKind.PHRASE:
            return f"“{follow.value}”"
        case FollowKind.SEARCH:
            return f"search {follow.value}"


def _by_tag(followed: str, tags: Sequence[str]) -> str:
    """A tag that comes by its family is named beside it: `Audio (Text-to-Speech)`."""
    if followed in tags:
        return followed
    family = taxonomy.family(followed)
    return f"{followed} ({', '.join(tag for tag in tags if tag in family)})"
