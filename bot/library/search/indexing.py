"""How far the index has followed the library, and taking in what came since."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.library.search import acronyms, vocabulary
from bot.library.search.acronyms import Acronyms, Pair
from bot.library.search.documents import FIELDS, Torn, kept, shown, storable
from bot.library.search.file import empty, transaction
from bot.library.search.preparing import Prepared, counted
from bot.model import Paper, StoredPaper

Row = tuple[int, StoredPaper]  # its seq in the library

OVERLAP = 10  # papers before the last one that are looked at again: any of them may have been revised since


@dataclass(frozen=True, slots=True)
class Progress:
    """The last paper that was taken in."""

    seq: int
    paper_id: int | None
    title: str | None

    @property
    def looked_at(self) -> int:
        """From where on the library is looked at, to know it again."""
        return max(self.seq - OVERLAP, 0)


def progress(connection: sqlite3.Connection) -> Progress:
    row = connection.execute("SELECT seq, paper_id, title FROM progress").fetchone()
    if row is None or not isinstance(row[0], int):
        raise Torn(f"progress: {row}")
    return Progress(*row)


def fits(connection: sqlite3.Connection, seen: Progress, rows: Sequence[Row]) -> bool:
    """Whether it is this library that was followed up to `seen`, neither another one nor an older copy.

    `rows`: its papers from `looked_at` on. Those up to `seen` have to be in the index; they are none where
    each was written again since.
    """
    if seen.seq == 0:
        return True
    if not rows or rows[-1][0] < seen.seq:
        return False
    told = {shown(stored) for seq, stored in rows if seq <= seen.seq}
    with transaction(connection, "DEFERRED"):
        if progress(connection) != seen:  # another process went on; what is taken in then is refused
            return True
        among = "id IN (SELECT value FROM json_each(?))"
        asked = f"SELECT id, paper_id, arxiv_id, title, url FROM paper WHERE {among}"  # noqa: S608
        return told <= set(connection.execute(asked, (json.dumps([rowid for rowid, *_ in told]),)))


def start_again(connection: sqlite3.Connection, seen: Progress) -> None:
    """Unless another process did, and went on."""
    with transaction(connection):
        if progress(connection) == seen:
            empty(connection)


@dataclass(frozen=True, slots=True)
class Batch:
    """Papers that come after `seen`, each once, as it is now."""

    seen: Progress
    rows: Sequence[Row]
    pairs: Mapping[Pair, int]  # acronyms, and how many of these papers tell of each

    @classmethod
    def of(cls, seen: Progress, rows: Sequence[Row]) -> Batch:
        return cls(seen, rows, Counter(pair for _, stored in rows for pair in _defined(stored.paper)))

    @property
    def papers(self) -> list[StoredPaper]:
        return [stored for _, stored in self.rows]

    @property
    def end(self) -> Progress:
        seq, newest = self.rows[-1]
        return Progress(seq, newest.id, storable(newest.paper.title))


def acronyms_with(connection: sqlite3.Connection, coming: Iterable[Batch]) -> Acronyms:
    """What acronyms stand for, once these batches are in."""
    together: Counter[Pair] = Counter()
    for batch in coming:
        together.update(batch.pairs)
    found = vocabulary.acronyms(connection, together)
    if not all(isinstance(short, str) for short in found.by_stems.values()):
        raise Torn("an acronym that is no text")  # it would go unnoticed until papers are prepared with it
    return found


def take_in(connection: sqlite3.Connection, batch: Batch, prepared: Prepared) -> int:
    """How many were taken in: none where another process went on from `seen` meanwhile."""
    with transaction(connection):
        if progress(connection) != batch.seen:
            return 0
        gone = _take_out(connection, batch.papers)
        connection.executemany(PUT_IN_TEXT, prepared.text)
        connection.executemany(PUT_IN_HEADING, prepared.heading)
        connection.executemany("INSERT INTO paper VALUES (?, ?, ?, ?, ?, ?)", prepared.paper)
        connection.executemany("INSERT OR IGNORE INTO tag VALUES (?)", [(tag,) for tag in prepared.tags])
        vocabulary.learn(connection, batch.pairs)
        vocabulary.count(connection, prepared.counts, prepared.stems)
        end = batch.end
        connection.execute(
            "UPDATE progress SET seq = ?, paper_id = ?, title = ?, papers = papers + ?",
            (end.seq, end.paper_id, end.title, len(prepared.paper) - gone),
        )
    return len(batch.rows)


def _row(table: str, columns: Sequence[str], *, out: bool = False) -> str:
    """The index keeps no text, and asks what it took in when that is to be taken out."""
    names = ([table] if out else []) + ["rowid", *columns]
    values = (["'delete'"] if out else []) + ["?"] * (1 + len(columns))
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(values)})"  # noqa: S608


PUT_IN_TEXT, PUT_IN_HEADING = _row("text", FIELDS), _row("heading", ["words"])
TAKE_OUT_TEXT, TAKE_OUT_HEADING = _row("text", FIELDS, out=True), _row("heading", ["words"], out=True)


def _take_out(connection: sqlite3.Connection, papers: Iterable[StoredPaper]) -> int:
    found = connection.execute(
        "SELECT id, words FROM paper WHERE paper_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps([stored.id for stored in papers]),),
    ).fetchall()
    gone = [(rowid, kept(text)) for rowid, text in found]
    connection.executemany(TAKE_OUT_TEXT, [(rowid, *one.columns()) for rowid, one in gone])
    connection.executemany(TAKE_OUT_HEADING, [(rowid, one.heading()) for rowid, one in gone])
    connection.executemany("DELETE FROM paper WHERE id = ?", [(rowid,) for rowid, _ in gone])
    vocabulary.discount(connection, counted(one for _, one in gone))
    return len(gone)


def _defined(paper: Paper) -> set[Pair]:
    return {pair for text in (paper.title, *paper.summary) for pair in acronyms.mined(text)}
