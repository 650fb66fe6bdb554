"""From a paper to its row in the search index, and how far the index has followed the library."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.digests import taxonomy
from bot.library.index_file import empty, transaction
from bot.library.words import SEPARATOR, passages, stem, words
from bot.model import Paper, StoredPaper

Row = tuple[int, StoredPaper]  # its seq in the library

HAS_CODE = f"has{SEPARATOR}code"  # no word holds the separator, so no word finds a flag
HAS_MODEL = f"has{SEPARATOR}model"


@dataclass(frozen=True, slots=True)
class Progress:
    """The last paper that was taken in, so that another library, or an older copy, is noticed."""

    seq: int
    paper_id: int | None
    title: str | None

    def fits(self, rows: Sequence[Row]) -> bool:
        """Whether the library goes on where this ends; `rows` are its papers from `seq` on."""
        if self.seq == 0:
            return True
        if not rows:
            return False
        seq, stored = rows[0]
        return seq > self.seq or (stored.id, _storable(stored.paper.title)) == (self.paper_id, self.title)


def progress(connection: sqlite3.Connection) -> Progress:
    return Progress(*connection.execute("SELECT seq, paper_id, title FROM progress").fetchone())


def start_again(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        empty(connection)


def take_in(connection: sqlite3.Connection, rows: Sequence[Row], seen: Progress) -> int:
    """How many were taken in: none where another process went on from `seen` meanwhile."""
    with transaction(connection):
        if progress(connection) != seen:
            return 0
        for _, stored in rows:
            _replace(connection, stored)
        seq, last = rows[-1]
        connection.execute(
            "UPDATE progress SET seq = ?, paper_id = ?, title = ?",
            (seq, last.id, _storable(last.paper.title)),
        )
    return len(rows)


def first_rowid(day: dt.date) -> int:
    """Rowids are in the order of dates, then of papers: a span of days is a span of rowids."""
    return day.toordinal() << 32


def date_of(rowid: int) -> dt.date:
    return dt.date.fromordinal(rowid >> 32)


def tag_flag(tag: str) -> str:
    """In digits, so that C++ stays apart from C."""
    return f"tag{SEPARATOR}{tag.encode('utf-8', 'replace').hex()}"


def name_flags(name: str) -> list[str]:
    return [f"by{SEPARATOR}{word}" for word in words(name)]


def _replace(connection: sqlite3.Connection, stored: StoredPaper) -> None:
    for (old,) in connection.execute("SELECT id FROM paper WHERE paper_id = ?", (stored.id,)).fetchall():
        connection.execute("DELETE FROM text WHERE rowid = ?", (old,))
        connection.execute("DELETE FROM paper WHERE id = ?", (old,))
    paper = stored.paper
    rowid = first_rowid(stored.date) + stored.id
    shown = (_storable(paper.arxiv_id), _storable(paper.title), _storable(paper.url))
    connection.execute("INSERT INTO paper VALUES (?, ?, ?, ?, ?)", (rowid, stored.id, *shown))
    connection.execute(
        "INSERT INTO text (rowid, title, authors, summary, tags, code, flags, alias)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (rowid, *_columns(paper)),
    )


def _columns(paper: Paper) -> Iterator[str]:
    yield passages([paper.title])
    yield passages(paper.authors)
    yield passages(paper.summary)
    yield passages(paper.tags)
    yield passages(map(_path, (*paper.github_urls, *paper.huggingface_urls)))
    yield " ".join(_flags(paper))
    yield " ".join(_joined(paper.title))


def _flags(paper: Paper) -> Iterator[str]:
    if paper.github_urls:
        yield HAS_CODE
    if paper.huggingface_urls:
        yield HAS_MODEL
    yield from (tag_flag(taxonomy.meaning(tag)) for tag in paper.tags)
    yield passages(paper.authors, name_flags)


def _joined(title: str) -> Iterator[str]:
    """Hyphenated names as they are also typed: dianjinr1 for DianJin-R1."""
    for unit in re.findall(r"\S+", title):
        if unit.isascii() and len(parts := words(unit)) > 1:
            yield stem("".join(parts))


def _path(url: str) -> str:
    """The owner's and the repository's name."""
    return url.partition("//")[2].partition("/")[2]


def _storable(text: str | None) -> str | None:
    return text and text.encode("utf-8", "replace").decode("utf-8")
