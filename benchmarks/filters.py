"""How long a digest of 50 papers takes to be matched with 100,000 distinct filters, and with a million follows.

Filters are made of what real papers say, at the rates at which they say it. Beside the index, in the same
run, the plain loop that asks each filter of each paper, on every hundredth filter.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import psutil

from bot.library.expression import Node
from bot.library.query import parse
from bot.model import Follow, FollowKind, Paper
from bot.subscriptions.filter_index import build, matches
from bot.subscriptions.matching import PaperText, holds, meaning, prepare

CORPUS = Path(__file__).parents[2] / "shared" / "search" / "corpus.jsonl"
DAY = dt.date(2025, 10, 1)
SAMPLE = 100  # the loop asks one filter of so many

T = TypeVar("T")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--filters", type=int, default=100_000)
    parser.add_argument("--follows", type=int, default=1_000_000)
    parser.add_argument("--papers", type=int, default=50)
    asked = parser.parse_args()
    corpus = [paper(json.loads(line)) for line in asked.corpus.read_text("utf-8").splitlines()]
    day, rest = corpus[: asked.papers], corpus[asked.papers :]
    writer = Writer(random.Random(7), rest)
    texts = distinct(writer.filter, asked.filters)
    print(f"{len(texts):,} distinct filters, such as:")
    print("\n".join(f"    {text}" for text in texts[:6]))
    nodes = timed("read", lambda: [parse(text, today=DAY, known=None).root for text in texts])
    measure(list(enumerate(nodes)), day)
    follows = [writer.follow() for _ in range(asked.follows)]
    print(f"{len(follows):,} follows, {len(set(follows)):,} of them distinct")
    measure([(number, meaning(follow)) for number, follow in enumerate(follows)], day)
    print(f"memory in the end: {psutil.Process().memory_info().rss / 1e6:.0f} MB")


def measure(filters: list[tuple[int, Node]], day: list[PaperText]) -> None:
    index = timed("build the index", lambda: build(filters))
    prepare.cache_clear()
    found = timed("match, through the index", lambda: matches(index, enumerate(day)))
    some = filters[::SAMPLE]
    begun = time.perf_counter()
    loop = plain(some, day)
    print(f"    match, a plain loop: {(time.perf_counter() - begun) * SAMPLE:.2f} s (of every {SAMPLE}th)")
    assert loop == {key: found[key] for key, _ in some if key in found}
    pairs = sum(map(len, found.values()))
    print(f"    {len(found):,} let a paper through, {pairs:,} pairs; always asked: {len(index.always):,}")


def plain(filters: list[tuple[int, Node]], day: list[PaperText]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for key, node in filters:
        for number, given in enumerate(day):
            if holds(node, given, prepare(given.paper)):
                found.setdefault(key, []).append(number)
    return found


class Writer:
    """What members might ask for, in the words of papers."""

    def __init__(self, chance: random.Random, papers: list[PaperText]) -> None:
        self._chance = chance
        self._papers = papers

    def filter(self) -> str:
        one, two, tag = self._word(), self._word(), self._tag()
        return self._chance.choice(
            [
                one,
                f"{one} {two}",
                f'"{self._phrase()}"',
                f'{one} tag:"{tag}"',
                f'author:"{self._author()}"',
                f"{one} OR {two} OR {self._word()}",
                f"{one} -{two}",
                f'"{self._phrase()}" OR (tag:"{tag}" {one}) -{two}',
                f'tag:"{tag}" has:code {one}',
                f'-tag:"{tag}" has:model',
            ]
        )

    def follow(self) -> Follow:
        kind = self._chance.choice([FollowKind.TAG, FollowKind.TAG, FollowKind.AUTHOR, FollowKind.PHRASE])
        made = {
            FollowKind.TAG: self._tag,
            FollowKind.AUTHOR: self._author,
            FollowKind.PHRASE: self._phrase,
        }
        return Follow(kind, made[kind]())

    def _paper(self) -> Paper:
        return self._chance.choice(self._papers).paper

    def _words(self) -> list[str]:
        paper = self._paper()
        return [word for word in f"{paper.title} {paper.summary[0]}".split() if word.isalnum()] or ["robot"]

    def _word(self) -> str:
        return self._chance.choice(self._words())

    def _phrase(self) -> str:
        words = self._words()
        start = self._chance.randrange(len(words))
        return " ".join(words[start : start + 2])

    def _tag(self) -> str:
        return self._chance.choice(self._paper().tags or ("Robotics",))

    def _author(self) -> str:
        return self._chance.choice(self._paper().authors or ("Yi Peng",))


def distinct(make: Callable[[], str], number: int) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < number:
        made[make()] = None
    return list(made)


def paper(row: dict[str, Any]) -> PaperText:
    return PaperText(
        Paper(
            title=row["title"],
            arxiv_id=row["id"],
            authors=tuple(several(row["authors"])),
            summary=(row["summary"],),
            tags=tuple(several(row["tags"])),
            github_urls=tuple(row.get("github") or ()),
            huggingface_urls=tuple(row.get("hf") or ()),
        ),
        DAY,
    )


def several(value: str | list[str]) -> Iterator[str]:
    parts = value.split(",") if isinstance(value, str) else value
    return (part.strip() for part in parts if part.strip())


def timed(what: str, work: Callable[[], T]) -> T:
    begun = time.perf_counter()
    result = work()
    print(f"    {what}: {time.perf_counter() - begun:.2f} s")
    return result


if __name__ == "__main__":
    main()
