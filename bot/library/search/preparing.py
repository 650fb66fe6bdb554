"""Papers as rows of the index: what takes thought and no database, so another process may do it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.library.search.acronyms import Acronyms
from bot.library.search.documents import Document, document, rowid_of, storable
from bot.library.words import SEPARATOR
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
    paper: Sequence[tuple[int, int, str | None, str | None, str | None, str]]
    counts: Counts
    tags: Collection[str | None]


def prepare(papers: Iterable[StoredPaper], acronyms: Acronyms) -> Prepared:
    rows = sorted((rowid_of(stored), stored.id, stored.paper) for stored in papers)
    documents = [document(paper, acronyms) for _, _, paper in rows]
    together = list(zip(rows, documents, strict=True))
    return Prepared(
        text=[(rowid, *one.columns()) for (rowid, _, _), one in together],
        heading=[(rowid, one.heading()) for (rowid, _, _), one in together],
        paper=[
            (rowid, number, storable(paper.arxiv_id), storable(paper.title), storable(paper.url), str(one))
            for (rowid, number, paper), one in together
        ],
        counts=counted(documents),
        tags={storable(tag) for _, _, paper in rows for tag in paper.tags},
    )


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
