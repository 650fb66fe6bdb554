"""How search bears many papers: building its index, appending a digest, searches, strange texts, memory.

The corpus is a file of JSON lines as `paperboy bench search` reads it; its last papers are the digests that are
appended. The index is built in a temporary folder, or in one that is kept and then used again.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from bot.bench.search import Corpus, papers_in, queries_in
from bot.library.query import parse
from bot.library.search.answering import Page
from bot.library.search.index import SearchIndex
from bot.model import StoredPaper

ROOT = Path(__file__).parents[1]
BENCHMARK = ROOT.parent / "shared" / "search"
TODAY = dt.date(2025, 10, 1)
DIGEST, DIGESTS = 50, 5
FILTERS = (
    "has:code after:2018 before:2025",
    "-tag:robotics after:2020 -has:model",
    "tag:nlp has:code after:2023",
)
EXCLUDING = "-(model after:2017)", "-model", "-tag:nlp -has:code -after:2020", "-(robot OR after:2019)"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, nargs="?", default=BENCHMARK / "corpus.jsonl")
    parser.add_argument("--papers", type=int, default=10**9, help="how many of the corpus (all)")
    parser.add_argument("--queries", type=Path, default=BENCHMARK / "queries.jsonl")
    parser.add_argument("--strange", type=int, default=4_000, help="random texts (%(default)s)")
    parser.add_argument("--folder", type=Path, help="keeps the index")
    parser.add_argument("--beside", action="store_true", help="search while the index is built")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="paperboy-search-") as name:
        folder = asked.folder or Path(name)
        asyncio.run(measure(asked, SearchIndex(folder / "search.db")))
        print(f"the file: {(folder / 'search.db').stat().st_size / 1e6:.0f} MB")


async def measure(asked: argparse.Namespace, index: SearchIndex) -> None:
    texts = [query.text for query in queries_in(asked.queries)][::8]
    total = sum(1 for _ in islice(asked.corpus.open("rb"), asked.papers))
    library = Growing(asked.corpus, total - DIGEST * DIGESTS)
    if await index.seq() == 0:
        if asked.beside:
            await beside(index, library, texts)
        else:
            with timed("building", library.upto):
                await index.catch_up(library.since)
        memory()
        bare(asked.corpus)  # afterwards: a child's peak begins with its parent's size
    await library.since(await index.seq() - 1, 1)  # of an index that was kept: the file is read up to there
    appended = []
    for _ in range(DIGESTS):
        library.upto = await index.seq() + DIGEST
        begun = time.perf_counter(), time.process_time()
        await index.catch_up(library.since)
        appended.append((time.perf_counter() - begun[0], time.process_time() - begun[1]))
    told(f"appending {DIGEST} papers", appended)
    told("searches", [await search(index, text) for text in texts])
    told(
        "with three filters",
        [await search(index, f"{text} {some}") for text in texts[::3] for some in FILTERS],
    )
    told("three filters alone", [await search(index, some) for some in FILTERS * 5])
    for some in EXCLUDING:
        told(some, [await search(index, some) for _ in range(5)])
    sys.path.insert(0, str(ROOT / "tests" / "integration" / "search"))
    from strange import sentences

    strange = list(sentences(random.Random(41), asked.strange))
    times = [await search(index, text) for text in strange]
    told("strange texts", times)
    for (clock, processor), text in sorted(zip(times, strange, strict=True), reverse=True)[:3]:
        print(f"  {clock * 1000:.0f} ms, {processor * 1000:.0f} in the processor: {ascii(text)[:100]}")
    memory()
    index.close()


class Growing:
    """A library that has the papers up to a number, read from the file as they are asked for."""

    def __init__(self, corpus: Path, upto: int) -> None:
        self._corpus = Corpus(corpus)
        self.upto = upto

    async def since(self, seq: int, limit: int) -> Sequence[tuple[int, StoredPaper]]:
        return await self._corpus.since(seq, max(min(limit, self.upto - seq), 0))


async def search(index: SearchIndex, text: str) -> tuple[float, float]:
    """Seconds by the clock, and in the processor."""
    begun = time.perf_counter(), time.process_time()
    await index.search(parse(text, today=TODAY), Page(5))
    return time.perf_counter() - begun[0], time.process_time() - begun[1]


async def beside(index: SearchIndex, library: Growing, texts: Sequence[str]) -> None:
    """A search each tenth of a second, from when there is something to be found."""
    with timed("building beside searches", library.upto):
        building = asyncio.create_task(index.catch_up(library.since))
        times = []
        while not building.done():
            for text in texts:
                await asyncio.wait({building}, timeout=0.1)
                if building.done():
                    break
                times.append(await search(index, text))
        await building
    told("searches beside the building", times)


def bare(corpus: Path, most: int = 5_000) -> None:
    """The least: the same texts into plain FTS5."""
    rows = [
        (one.title, " ".join(one.authors), " ".join(one.summary), " ".join(one.tags))
        for one in (stored.paper for _, stored in islice(papers_in(corpus), most))
    ]
    with tempfile.TemporaryDirectory() as name, sqlite3.connect(Path(name) / "bare.db") as connection:
        connection.execute("CREATE VIRTUAL TABLE text USING fts5(title, authors, summary, tags)")
        with timed("plain FTS5", len(rows)):
            connection.executemany("INSERT INTO text VALUES (?, ?, ?, ?)", rows)
            connection.commit()


@contextmanager
def timed(what: str, count: int) -> Iterator[None]:
    clock, processor = time.perf_counter(), _processor()
    yield
    clock, processor = (
        time.perf_counter() - clock,
        [now - before for now, before in zip(_processor(), processor, strict=True)],
    )
    print(
        f"{what}, {count} papers: {count / clock:.0f} a second by the clock, {count / sum(processor):.0f} in the"
        f" processor ({processor[0] / count * 1e6:.0f} µs a paper, and {processor[1] / count * 1e6:.0f} in the helper)"
    )


def _processor() -> list[float]:
    every = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return [one.ru_utime + one.ru_stime for one in every]


def told(what: str, seconds: Iterable[tuple[float, float]]) -> None:
    clock, processor = (sorted(one * 1000 for one in some) for some in zip(*seconds, strict=True))
    parts = [
        f"p50 {some[len(some) // 2]:.0f}, p99 {some[len(some) * 99 // 100]:.0f}, at most {some[-1]:.0f} ms"
        for some in (clock, processor)
    ]
    print(f"{what}, {len(clock)}: {parts[0]}; in the processor {parts[1]}", flush=True)


def memory() -> None:
    ours, child = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"peak memory {ours:.0f} MB, and {child:.0f} MB of the helper")


if __name__ == "__main__":
    main()
