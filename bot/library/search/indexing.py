"""How far the index has followed the library, and taking in what came since."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.library.search import acronyms, vocabulary
from bot.library.search.documents import FIELDS, Document, document, kept
from bot.library.search.file import empty, transaction
from bot.model import Paper, StoredPaper

Row = tuple[int, StoredPaper]  # its seq in the library


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
    last = {stored.id: stored for _, stored in rows}  # a paper that was written twice, as it is now
    with transaction(connection):
        if progress(connection) != seen:
            return 0
        gone = _take_out(connection, last)
        come = _put_in(connection, last.values())
        vocabulary.count(connection, come, gone)
        _note_tags(connection, last.values())
        seq, newest = rows[-1]
        connection.execute(
            "UPDATE progress SET seq = ?, paper_id = ?, title = ?, papers = papers + ?",
            (seq, newest.id, _storable(newest.paper.title), len(come) - len(gone)),
        )
    return len(rows)


def first_rowid(day: dt.date) -> int:
    """Rowids are in the order of dates, then of papers: a span of days is a span of rowids."""
    return day.toordinal() << 32


def date_of(rowid: int) -> dt.date:
    return dt.date.fromordinal(rowid >> 32)


def _row(table: str, columns: Sequence[str], *, out: bool = False) -> str:
    """The index keeps no text, and asks what it took in when that is to be taken out."""
    names = ([table] if out else []) + ["rowid", *columns]
    values = (["'delete'"] if out else []) + ["?"] * (1 + len(columns))
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(values)})"  # noqa: S608


PUT_IN = _row("text", FIELDS), _row("heading", ["words"])
TAKE_OUT = _row("text", FIELDS, out=True), _row("heading", ["words"], out=True)


def _write(connection: sqlite3.Connection, statements: tuple[str, str], rowid: int, one: Document) -> None:
    text, heading = statements
    connection.execute(text, (rowid, *one.columns()))
    connection.execute(heading, (rowid, one.heading()))


def _take_out(connection: sqlite3.Connection, ids: Iterable[int]) -> list[Document]:
    found = connection.execute(
        "SELECT id, words FROM paper WHERE paper_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    ).fetchall()
    gone = [kept(text) for _, text in found]
    for (rowid, _), one in zip(found, gone, strict=True):
        _write(connection, TAKE_OUT, rowid, one)
        connection.execute("DELETE FROM paper WHERE id = ?", (rowid,))
    return gone


def _put_in(connection: sqlite3.Connection, papers: Collection[StoredPaper]) -> list[Document]:
    vocabulary.learn(connection, [pair for stored in papers for pair in _defined(stored.paper)])
    known = vocabulary.acronyms(connection)
    come = []
    for stored in papers:
        paper, rowid = stored.paper, first_rowid(stored.date) + stored.id
        come.append(document(paper, known))
        _write(connection, PUT_IN, rowid, come[-1])
        shown = (_storable(paper.arxiv_id), _storable(paper.title), _storable(paper.url))
        connection.execute(
            "INSERT INTO paper VALUES (?, ?, ?, ?, ?, ?)", (rowid, stored.id, *shown, str(come[-1]))
        )
    return come


def _defined(paper: Paper) -> set[tuple[str, str]]:
    return {pair for text in (paper.title, *paper.summary) for pair in acronyms.mined(text)}


def _note_tags(connection: sqlite3.Connection, papers: Iterable[StoredPaper]) -> None:
    tags = {_storable(tag) for stored in papers for tag in stored.paper.tags}
    connection.executemany("INSERT OR IGNORE INTO tag VALUES (?)", [(tag,) for tag in tags])


def _storable(text: str | None) -> str | None:
    return text and text.encode("utf-8", "replace").decode("utf-8")
