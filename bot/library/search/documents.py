"""A paper as the search index keeps it: words as written, in fields, and flags to filter by. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import lru_cache

from bot.digests import taxonomy
from bot.library.search.acronyms import Acronyms
from bot.library.words import SEPARATOR, passages, stem, words
from bot.model import Paper, StoredPaper

ANY = f"any{SEPARATOR}paper"
HAS_CODE = f"has{SEPARATOR}code"  # no word holds the separator, so no word finds a flag
HAS_MODEL = f"has{SEPARATOR}model"

Shown = tuple[int, int, str | None, str | None, str | None]  # rowid, id, arXiv id, title, link

HYPHENATED = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9.]*[A-Za-z0-9])+")


class Torn(Exception):
    """A row of the index that is not as we write it, or is not there."""


@dataclass(frozen=True, slots=True)
class Document:
    """Words of each field, passages told apart; kept whole, for reranking and to be taken out again."""

    title: str
    authors: str
    summary: str
    tags: str
    code: str
    flags: str
    title_alias: str  # what the title's words are also called: joined names, acronyms
    summary_alias: str

    def __str__(self) -> str:
        return "\n".join([getattr(self, field) for field in FIELDS])

    def columns(self) -> tuple[str, ...]:
        """For the index, where the same word in another form is the same."""
        return tuple(
            getattr(self, field) if field == "flags" else stemmed(getattr(self, field)) for field in FIELDS
        )

    def heading(self) -> str:
        return f"{stemmed(self.title)} {stemmed(self.title_alias)}"


FIELDS = tuple(field.name for field in fields(Document))


def kept(text: str) -> Document:
    """Torn where no paper was kept so."""
    if not isinstance(text, str) or text.count("\n") != len(FIELDS) - 1:
        raise Torn(f"words: {text!r}")
    return Document(*text.split("\n"))


def document(paper: Paper, acronyms: Acronyms) -> Document:
    title, authors, summary = (
        passages(texts, words) for texts in ([paper.title], paper.authors, paper.summary)
    )
    links = (*paper.github_urls, *paper.huggingface_urls)
    return Document(
        title=title,
        authors=authors,
        summary=summary,
        tags=passages(paper.tags, words),
        code=" ".join(passages(map(_path, links), words).split()),  # a link without a path has no length
        flags=" ".join(_flags(paper, authors)),
        title_alias=" ".join((*_joined(paper.title), *_short(title, acronyms))),
        summary_alias=" ".join((*_hyphenated(paper.summary), *_short(summary, acronyms))),
    )


def first_rowid(day: dt.date) -> int:
    """Rowids are in the order of dates, then of papers: a span of days is a span of rowids."""
    return day.toordinal() << 32


def rowid_of(stored: StoredPaper) -> int:
    return first_rowid(stored.date) + stored.id


def date_of(rowid: int) -> dt.date:
    return dt.date.fromordinal(rowid >> 32)


def id_of(rowid: int) -> int:
    return rowid & (1 << 32) - 1


def storable(text: str | None) -> str | None:
    return text and text.encode("utf-8", "replace").decode("utf-8")


def shown(stored: StoredPaper) -> Shown:
    one = stored.paper
    return rowid_of(stored), stored.id, storable(one.arxiv_id), storable(one.title), storable(one.url)


@lru_cache(maxsize=10_000)
def tag_flag(tag: str) -> str:
    """In digits, so that C++ stays apart from C."""
    return f"tag{SEPARATOR}{tag.encode('utf-8', 'replace').hex()}"


def name_flags(name: str) -> list[str]:
    return [f"by{SEPARATOR}{word}" for word in words(name)]


@lru_cache(maxsize=16)  # a field is asked for twice in a row
def stemmed(field: str) -> str:
    return " ".join(map(stem, field.split()))


def _flags(paper: Paper, authors: str) -> Iterator[str]:
    yield ANY
    if paper.github_urls:
        yield HAS_CODE
    if paper.huggingface_urls:
        yield HAS_MODEL
    yield from (tag_flag(taxonomy.meaning(tag)) for tag in paper.tags)
    yield from (word if word == SEPARATOR else f"by{SEPARATOR}{word}" for word in authors.split())


def _joined(title: str) -> Iterator[str]:
    """Hyphenated names as they are also typed: dianjinr1 for DianJin-R1."""
    for unit in title.split():
        if unit.isascii() and not unit.isalnum() and len(parts := words(unit)) > 1:
            yield "".join(parts)


def _hyphenated(texts: Iterable[str]) -> Iterator[str]:
    """As they are also written, and as names in running text are typed: finetuning, coupledgrpo."""
    hyphenated = [unit for unit in " ".join(texts).split() if "-" in unit]
    for unit in HYPHENATED.findall(" ".join(hyphenated)):
        yield unit.replace("-", "").replace(".", "").lower()


def _short(field: str, acronyms: Acronyms) -> list[str]:
    """LLM, where large language models are spelt out."""
    return [short for _, _, short in acronyms.within(stemmed(field).split())]


def _path(url: str) -> str:
    """The owner's and the repository's name."""
    return url.partition("//")[2].partition("/")[2]
