"""How well and how soon search finds what a folder's queries ask for, beside plain FTS5 in the same run.

The folder has `corpus.jsonl` (id, digest_date, title, authors, summary, tags, github, hf) and `queries.jsonl`
(qid, query, class, rel: the ids wanted).
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import resource
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Group
from rich.table import Table

from bot.bench.plain import Plain
from bot.digests.repair import repair
from bot.errors import BadArgument
from bot.library.query import parse
from bot.library.search.answering import Page
from bot.library.search.index import SearchIndex
from bot.library.search.indexing import OVERLAP
from bot.model import Paper, StoredPaper

SHOWN = 10  # results that count
FIRST = 3  # the right paper belongs in these
TODAY = dt.date(2025, 10, 1)  # what relative dates in a query refer to

Search = Callable[[str], Awaitable[Sequence[str]]]  # ids, best first


@dataclass(frozen=True, slots=True)
class Query:
    qid: str
    text: str
    kind: str
    wanted: frozenset[str]


@dataclass(frozen=True, slots=True)
class Run:
    """What one way of searching found: ids by qid, and the quickest time of each query in milliseconds."""

    name: str
    found: Mapping[str, Sequence[str]]
    ms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Score:
    """Means over queries."""

    queries: int
    mrr: float  # of the first right id, where it is in the first ten
    recall: float  # in the first three
    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Report:
    papers: int
    papers_a_second: float  # into the index, until all of them can be found
    peak_mb: float
    queries: Sequence[Query]
    runs: Sequence[Run]  # ours first

    def score(self, run: Run, kind: str | None = None) -> Score:
        some = [query for query in self.queries if kind in (None, query.kind)]
        places = [_place(query, run.found[query.qid]) for query in some]
        times = sorted(run.ms[query.qid] for query in some)
        return Score(
            len(some),
            statistics.fmean(1 / place if place else 0.0 for place in places),
            statistics.fmean(0 < place <= FIRST for place in places),
            times[len(times) // 2],
            times[len(times) * 99 // 100],
        )

    def lines(self) -> Iterator[str]:
        """Our ranking, a line a query."""
        return (f"{qid}\t{' '.join(ids)}\n" for qid, ids in self.runs[0].found.items())

    def __rich__(self) -> Group:
        title = (
            f"{self.papers} papers indexed, {self.papers_a_second:.0f} a second; "
            f"{len(self.queries)} queries; peak memory {self.peak_mb:.0f} MB"
        )
        table = Table(title=title, box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
        table.add_column("kind", no_wrap=True)
        for name in ("queries", "MRR@10", "R@3", "p50", "p99"):
            table.add_column(name, justify="right", no_wrap=True)
        for run in self.runs[1:]:
            table.add_column(run.name, justify="right", no_wrap=True)
        kinds = list(dict.fromkeys(query.kind for query in self.queries))
        for kind in (*kinds, None):
            ours, *others = (self.score(run, kind) for run in self.runs)
            cells = [f"{ours.mrr:.3f}", f"{ours.recall:.3f}", f"{ours.p50:.1f}", f"{ours.p99:.1f}"]
            cells += [f"{other.mrr:.3f}" for other in others]
            table.add_row(kind or "all", str(ours.queries), *cells, end_section=kind == kinds[-1])
        notes = ["p50 and p99 in milliseconds."]
        for run in self.runs[1:]:
            score = self.score(run)
            notes.append(f"{run.name}, its MRR@10 above: p50 {score.p50:.1f}, p99 {score.p99:.1f}.")
        return Group(table, *notes)


def run(folder: Path, *, repeat: int = 1, baselines: bool = True, sample: int = 1) -> Report:
    """`repeat`: the quickest time counts; `sample`: each so-manieth query only."""
    return asyncio.run(_run(folder, repeat, baselines, sample))


async def _run(folder: Path, repeat: int, baselines: bool, sample: int) -> Report:
    queries = list(islice(queries_in(folder / "queries.jsonl"), 0, None, sample))
    if not queries:
        raise BadArgument(f"{folder / 'queries.jsonl'} has no queries.")
    with tempfile.TemporaryDirectory() as place:
        index = SearchIndex(Path(place) / "search.db")
        plain = Plain(Path(place) / "plain.db") if baselines else None
        try:
            begun = time.perf_counter()
            papers = await index.catch_up(Corpus(folder / "corpus.jsonl").since)
            took = time.perf_counter() - begun
            runs = [await _timed("ours", _ours(index), queries, repeat)]
            if plain:
                plain.build(stored.paper for _, stored in papers_in(folder / "corpus.jsonl"))
                for name, search in (("FTS5 AND", plain.every), ("FTS5 OR", plain.some)):
                    runs.append(await _timed(name, search, queries, repeat))
        finally:
            index.close()
            if plain:
                plain.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Report(papers, papers / took, peak, queries, runs)


def _ours(index: SearchIndex) -> Search:
    async def search(text: str) -> Sequence[str]:
        results = await index.search(parse(text, today=TODAY), Page(SHOWN))
        return [hit.arxiv_id or "" for hit in results.hits]

    return search


async def _timed(name: str, search: Search, queries: Sequence[Query], repeat: int) -> Run:
    found: dict[str, Sequence[str]] = {}
    times: dict[str, list[float]] = defaultdict(list)
    for _ in range(repeat):
        for query in queries:
            begun = time.perf_counter()
            found[query.qid] = await search(query.text)
            times[query.qid].append((time.perf_counter() - begun) * 1000)
    return Run(name, found, {qid: min(some) for qid, some in times.items()})


def _place(query: Query, found: Sequence[str]) -> int:
    """Of the first right id, from 1; 0 where it is not among those shown."""
    return next((place for place, one in enumerate(found[:SHOWN], 1) if one in query.wanted), 0)


# --- the folder ---------------------------------------------------------------------------------


class Corpus:
    """The folder's papers as the library would tell them: in order, a batch at a time, never all at once."""

    def __init__(self, file: Path) -> None:
        self._rows = papers_in(file)
        self._last: list[tuple[int, StoredPaper]] = []

    async def since(self, seq: int, limit: int) -> Sequence[tuple[int, StoredPaper]]:
        again = [row for row in self._last if row[0] > seq][:limit]
        fresh = list(islice((row for row in self._rows if row[0] > seq), limit - len(again)))
        self._last = [*self._last, *fresh][-OVERLAP:]
        return again + fresh


def papers_in(file: Path) -> Iterator[tuple[int, StoredPaper]]:
    for number, row in enumerate(_rows(file), 1):
        paper = Paper(
            title=repair(row["title"]),
            arxiv_id=row["id"],
            authors=tuple(name.strip() for name in row["authors"].split(",")),
            summary=tuple(map(repair, row["summary"].removeprefix("- ").split(" - "))),
            tags=tuple(row["tags"]),
            github_urls=tuple(row["github"]),
            huggingface_urls=tuple(row["hf"]),
        )
        yield number, StoredPaper(number, paper, dt.date.fromisoformat(row["digest_date"]))


def queries_in(file: Path) -> Iterator[Query]:
    for row in _rows(file):
        yield Query(row["qid"], row["query"], row["class"], frozenset(row["rel"]))


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    try:
        with file.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)
    except OSError as error:
        raise BadArgument(f"{file} can't be read ({error.strerror}).") from error
    except (ValueError, TypeError) as error:
        raise BadArgument(f"{file} is no file of JSON lines ({error}).") from error
