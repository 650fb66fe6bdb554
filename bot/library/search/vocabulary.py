"""The words that papers use: how many have them, how they are written, what is spelt nearly like them."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from bot.library.search import spelling
from bot.library.search.acronyms import Acronyms
from bot.library.search.documents import Document
from bot.library.search.rewriting import Term
from bot.library.words import SEPARATOR, stem

LONGEST = 64  # letters of a word that is counted
SURE = 2  # papers that have to tell what an acronym stands for
LARGE = (
    20_000  # papers from which on a word of one paper's running text is no correction: it is mostly a typo
)

DUE, FOUND, LEFT_OUT = 0, 1, 2  # of a term's spelling


COLUMNS = "term.term, term.stem, term.papers, term.titles"


class Vocabulary:
    """Reads one state of the index, on its connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        (self.papers,) = connection.execute("SELECT papers FROM progress").fetchone()

    def known(self, words: Collection[str]) -> dict[str, Term]:
        """Those that papers have, in every form of their stems, by how they are written."""
        stems = json.dumps(sorted({stem(word) for word in words}))
        return self._terms(
            "WHERE stem <> term AND stem IN (SELECT value FROM json_each(?)) AND papers > 0", stems
        ) | self._terms(
            "WHERE stem = term AND term IN (SELECT value FROM json_each(?)) AND papers > 0", stems
        )

    def written(self, words: Iterable[str]) -> dict[str, Term]:
        return self._terms(
            "WHERE term IN (SELECT value FROM json_each(?)) AND papers > 0", json.dumps(list(words))
        )

    def near(self, word: str) -> list[tuple[int, Term]]:
        """With their distances; none for what is too short or too long to tell."""
        most = spelling.reach(word)
        keys = spelling.keys(word) if most else []
        found = self._terms(
            "WHERE papers > 0 AND id IN (SELECT deletion.id & 0x7fffffff FROM json_each(?) AS key"
            " JOIN deletion ON deletion.id BETWEEN key.value AND key.value + 0x7fffffff)",
            json.dumps(keys),
        )
        scored = [(spelling.distance(word, text, most), term) for text, term in found.items() if text != word]
        return [one for one in scored if one[0] <= most]

    def starting(self, prefix: str, limit: int) -> list[Term]:
        """The most common ones; of many rare ones, some."""
        end = prefix + "\U0010ffff"
        common = self._terms("WHERE papers >= 10 AND term > ? AND term < ? LIMIT 2000", prefix, end)
        if len(common) < limit:
            common |= self._terms("WHERE papers > 0 AND term > ? AND term < ? LIMIT 2000", prefix, end)
        return sorted(common.values(), key=lambda term: -term.papers)[:limit]

    def short(self, spelt_out: Collection[str]) -> dict[str, list[str]]:
        """The acronyms of words that are given by their stems."""
        found: dict[str, list[str]] = {}
        rows = self._connection.execute(
            "SELECT long, short FROM acronym WHERE long IN (SELECT value FROM json_each(?)) AND papers >= ?",
            (json.dumps(list(spelt_out)), SURE),
        )
        for long, short in rows:
            found.setdefault(long, []).append(short)
        return found

    def _terms(self, where: str, *values: str) -> dict[str, Term]:
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM term {where}", values)  # noqa: S608
        return {row[0]: Term(*row) for row in rows}


def acronyms(connection: sqlite3.Connection) -> Acronyms:
    pairs = "SELECT short, long FROM acronym WHERE papers >= ? ORDER BY papers DESC"
    return Acronyms.of(connection.execute(pairs, (SURE,)))


# --- counting -----------------------------------------------------------------------------------


def count(connection: sqlite3.Connection, come: Iterable[Document], gone: Iterable[Document]) -> None:
    papers: Counter[str] = Counter()
    titles: Counter[str] = Counter()
    for documents, tell, tell_title in (
        (come, papers.update, titles.update),
        (gone, papers.subtract, titles.subtract),
    ):
        for one in documents:
            title = _words(one.title, one.title_alias)
            tell_title(title)
            tell(title | _words(one.authors, one.summary, one.tags, one.code, one.summary_alias))
    connection.executemany(
        "INSERT INTO term (term, stem, papers, titles) VALUES (?, ?, ?, ?) ON CONFLICT (term)"
        " DO UPDATE SET papers = papers + excluded.papers, titles = titles + excluded.titles,"
        " spelling = iif(spelling = ?, ?, spelling)",
        [
            (word, stem(word), number, titles[word], LEFT_OUT, DUE)
            for word, number in sorted(papers.items())
            if len(word) <= LONGEST and word != SEPARATOR
        ],
    )


def _words(*fields: str) -> set[str]:
    return set(" ".join(fields).split())


def learn(connection: sqlite3.Connection, pairs: Sequence[tuple[str, str]]) -> None:
    connection.executemany(
        "INSERT INTO acronym VALUES (?, ?, 1) ON CONFLICT (long, short) DO UPDATE SET papers = papers + 1",
        pairs,
    )


def spell(connection: sqlite3.Connection, limit: int) -> int:
    """Let some more words be found by what is spelt nearly like them; how many were left to do."""
    (papers,) = connection.execute("SELECT papers FROM progress").fetchone()
    due = connection.execute(
        f"SELECT id, term, titles > 0 OR papers > 1 FROM term WHERE spelling = {DUE} LIMIT ?",  # noqa: S608
        (limit,),
    ).fetchall()
    wanted = [(number, word) for number, word, known in due if known or papers < LARGE]
    entries = [key + number for number, word in wanted for key in spelling.keys(word)]
    connection.execute(  # at once: SQLite sorts and writes them in two thirds of the time that Python takes
        "INSERT OR IGNORE INTO deletion SELECT value FROM json_each(?) ORDER BY value", (json.dumps(entries),)
    )
    for state, numbers in ((LEFT_OUT, due), (FOUND, wanted)):
        connection.execute(
            "UPDATE term SET spelling = ? WHERE id IN (SELECT value FROM json_each(?))",
            (state, json.dumps([number for number, *_ in numbers])),
        )
    return len(due)
