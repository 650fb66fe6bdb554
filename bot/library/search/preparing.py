"""Papers as rows of the index: what takes thought and no database, so another process may do it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.library.search.acronyms import Acronyms
from bot.library.search.documents import Document, Shown, document, rowid_of, shown, storable
from bot.library.words import SEPARATOR, stem
from bot.model import StoredPaper

LONGEST = 64  # letters of a word that is counted


@dataclass(frozen=True, slots=True)
class Counts:
    """How many papers have a word, and how many in the title."""

    papers: Mapping[str, int]
    titles: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Rows of the index's tables, by rowid: in another order FTS5 writes a segment a paper."""

    text: Sequence[tuple[int | str, ...]]
    heading: Sequence[tuple[int, str]]
    paper: Sequence[tuple[*Shown, str]]  # its words last
    counts: Counts
    stems: Mapping[str, str]  # of each word that is counted
    tags: Collection[str | None]


def prepare(papers: Iterable[StoredPaper], acronyms: Acronyms) -> Prepared:
    every = sorted(papers, key=rowid_of)
    documents: list[Document] = []
    text: list[tuple[int | str, ...]] = []
    heading: list[tuple[int, str]] = []
    rows: list[tuple[*Shown, str]] = []
    for stored in every:  # one after the other: stems are asked for again while they are remembered
        rowid, one = rowid_of(stored), document(stored.paper, acronyms)
        documents.append(one)
        text.append((rowid, *one.columns()))
        heading.append((rowid, one.heading()))
        rows.append((*shown(stored), str(one)))
    tags = {storable(tag) for stored in every for tag in stored.paper.tags}
    counts = counted(documents)
    return Prepared(text, heading, rows, counts, {word: stem(word) for word in counts.papers}, tags)


def counted(documents: Iterable[Document]) -> Counts:
    papers: Counter[str] = Counter()
    titles: Counter[str] = Counter()
    for one in documents:
        title = _words(one.title, one.title_alias)
        titles.update(title)
        papers.update(title.union(_words(one.authors, one.summary, one.tags, one.code, one.summary_alias)))
    kept = {word: count for word, count in papers.items() if len(word) <= LONGEST and word != SEPARATOR}
    return Counts(kept, dict(titles))


def _words(*fields: str) -> set[str]:
    return set(" ".join(fields).split())
