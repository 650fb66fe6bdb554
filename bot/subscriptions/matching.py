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
    all_of,
    demands,
)
from bot.library.query import Query, parse
from bot.library.search.rewriting import STOPWORDS
from bot.library.words import SEPARATOR, passages, run_in, run_of, words
from bot.model import Follow, FollowKind, Paper

NO_DAY = dt.date.min  # follows name no dates
LONGEST_PHRASE = 150  # characters: what fits a button
LONGEST_SEARCH = 300


@dataclass(frozen=True, slots=True)
class PaperText:
    """A paper as filters see it, with the date of the digest that brings it."""

    paper: Paper
    date: dt.date


@dataclass(frozen=True, slots=True)
class Prepared:
    """A paper as it is compared with many filters."""

    passage: str  # of tokens: what a leaf of a filter asks for stands in it in a row
    tags: tuple[str, ...]  # canonical


def compile_filter(query: Query) -> Callable[[PaperText], bool]:
    """A query that asks for nothing lets everything through."""
    return lambda given: holds(query.root, given, prepare(given.paper))


def meaning(follow: Follow) -> Node:
    """A follow as a filter."""
    match follow.kind:
        case FollowKind.TAG:
            return Tag(follow.value)
        case FollowKind.AUTHOR:
            return Author(follow.value)
        case FollowKind.PHRASE:
            return Phrase(follow.value)
        case FollowKind.SEARCH:
            return _searched(follow.value)


def as_follow(query: Query) -> Follow | None:
    """What asks the same of papers to come: without dates and without words that search passes over.

    None where that is nothing, one known paper, or too long.
    """
    timeless = [part for part in demands(query.root) if not isinstance(part, After | Before)]
    telling = [part for part in timeless if not (isinstance(part, Term) and part.text.lower() in STOPWORDS)]
    node = all_of(telling or timeless)
    match node:
        case Tag(name):
            return Follow(FollowKind.TAG, name)
        case Author(name):
            return Follow(FollowKind.AUTHOR, name)
        case Term(text) | Phrase(text):
            return Follow(FollowKind.PHRASE, text) if len(text) <= LONGEST_PHRASE else None
        case Arxiv() | And(()):
            return None
    text = str(node)
    return None if len(text) > LONGEST_SEARCH or _dated(node) else Follow(FollowKind.SEARCH, text)


def dates(query: Query) -> list[Node]:
    """Those that `as_follow` does without."""
    return [part for part in demands(query.root) if isinstance(part, After | Before)]


def _dated(node: Node) -> bool:
    match node:
        case And(nodes) | Or(nodes):
            return any(map(_dated, nodes))
        case Not(inner):
            return _dated(inner)
    return isinstance(node, After | Before)


def holds(node: Node, given: PaperText, prepared: Prepared) -> bool:
    """`prepared`: the same paper."""
    match node:
        case And(nodes):
            return all(holds(one, given, prepared) for one in nodes)
        case Or(nodes):
            return any(holds(one, given, prepared) for one in nodes)
        case Not(inner):
            return not holds(inner, given, prepared)
        case After(day):
            return given.date >= day
        case Before(day):
            return given.date < day
        case _:
            return run_in(prepared.passage, tokens(node))


def tokens(leaf: Node) -> tuple[str, ...]:
    """What the paper has to carry in a row; nothing, where the leaf asks for what none can have."""
    match leaf:
        case Term(text) | Phrase(text):
            return tuple(run_of(text))
        case Author(name):
            return tuple(_author(name))
        case Tag(name):
            return (_tag(taxonomy.meaning(name)),)
        case Has(what):
            return (f"has:{what}",)
        case Arxiv(arxiv_id):
            return (f"id:{arxiv_id}",)
    raise AssertionError(leaf)


@lru_cache(maxsize=4096)
def prepare(paper: Paper) -> Prepared:
    """Once a paper, of which a digest has some 50, however many filters and follows it meets."""
    tags = tuple(taxonomy.meaning(tag) for tag in paper.tags)
    text = passages((paper.title, *paper.authors, *paper.summary, *paper.tags))
    # Stems are letters and digits, so no text says one of these.
    marks = [_tag(name) for tag in tags for name in (tag, *taxonomy.families(tag))]
    marks += ["has:code"] if paper.github_urls else []
    marks += ["has:model"] if paper.huggingface_urls else []
    marks += [f"id:{paper.arxiv_id}"] if paper.arxiv_id else []
    return Prepared(f" {SEPARATOR} ".join([text, passages(paper.authors, _author), *marks]), tags)


def _author(name: str) -> list[str]:
    return [f"by:{word}" for word in words(name)]


def _tag(name: str) -> str:
    return f"tag:{SEPARATOR.join(name.casefold().split())}"


@lru_cache(maxsize=10_000)
def _searched(text: str) -> Node:
    return parse(text, today=NO_DAY, known=None).root


def reason(follow: Follow, prepared: Prepared) -> str:
    """What a paper answers of a follow that lets it through."""
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
