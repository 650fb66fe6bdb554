"""The words that papers use: how many have them, how they are written, what is spelt nearly like them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping

from bot.library.search import spelling
from bot.library.search.acronyms import Acronyms, Pair
from bot.library.search.preparing import Counts
from bot.library.search.rewriting import Term
from bot.library.words import stem

SURE = 2  # papers that have to tell what an acronym stands for
COMMON = 10  # papers; words of so many come first where a beginning is asked for
LARGE = 20_000  # papers; in so many, a word of one paper's running text is mostly a typo, so no correction

# Handed over in one row: most of what starts alike is too far away in the end.
BEGUN = """SELECT json_group_array(term.term) FROM json_each(?) AS start
    JOIN term ON term >= start.value AND term < start.value || char(0x10ffff)
    WHERE length(term) BETWEEN ? AND ?"""
COLUMNS = "term.term, coalesce(term.stem, term.term), term.papers, term.titles"


class Vocabulary:
    """Reads one state of the index, on its connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        (self.papers,) = connection.execute("SELECT papers FROM progress").fetchone()
        self._meant = "papers > 0" + (" AND (papers > 1 OR titles > 0)" if self.papers >= LARGE else "")

    def known(self, words: Collection[str]) -> dict[str, Term]:
        """Those that papers have, in every form of their stems, by how they are written."""
        stems = json.dumps(sorted({stem(word) for word in words}))
        return self._terms(
            "WHERE stem IN (SELECT value FROM json_each(?)) AND papers > 0", stems
        ) | self._terms(
            "WHERE stem IS NULL AND term IN (SELECT value FROM json_each(?)) AND papers > 0", stems
        )

    def written(self, words: Iterable[str]) -> dict[str, Term]:
        return self._terms(
            "WHERE term IN (SELECT value FROM json_each(?)) AND papers > 0", json.dumps(list(words))
        )

    def near(self, word: str) -> list[tuple[int, Term]]:
        """With their distances, the word itself too; none for what is too short or too long to tell."""
        most, start = spelling.reach(word), spelling.start(word)
        if not most or not start:
            return []
        left = " OR ".join(f'"{one}"' for one in set(spelling.leftovers(start).split()))
        rows = self._connection.execute("SELECT rowid FROM leftover WHERE leftover MATCH ?", (left,))
        starts = [spelling.numbered(number) for (number,) in rows]
        lengths = len(word) - most, len(word) + most
        (begun,) = self._connection.execute(BEGUN, (json.dumps(starts), *lengths)).fetchone()
        distances = spelling.within(word, json.loads(begun), most)
        among = "term IN (SELECT value FROM json_each(?))"
        found = self._terms(f"WHERE {self._meant} AND {among} ORDER BY term", json.dumps(list(distances)))
        return [(distances[text], term) for text, term in found.items()]

    def starting(self, prefix: str, limit: int) -> list[Term]:
        """The most common ones; of many rare ones, some."""
        end = prefix + "\U0010ffff"
        many = "SELECT term FROM common WHERE term > ? AND term < ? LIMIT 2000"
        common = self._terms(f"WHERE papers > 0 AND term IN ({many})", prefix, end)
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

    def _terms(self, where: str, *values: str | int) -> dict[str, Term]:
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM term {where}", values)  # noqa: S608
        return {row[0]: Term(*row) for row in rows}


def acronyms(connection: sqlite3.Connection, coming: Mapping[Pair, int]) -> Acronyms:
    """Those that can be relied on once the papers that tell of `coming` are in, so often each, are in."""
    every = "SELECT short, long, papers FROM acronym WHERE papers >= ?"
    sure = {(short, long): papers for short, long, papers in connection.execute(every, (SURE,))}
    for pair, papers in coming.items():
        if pair not in sure:
            known = connection.execute("SELECT papers FROM acronym WHERE (short, long) = (?, ?)", pair)
            papers += sum(before for (before,) in known)
        else:
            papers += sure[pair]
        if papers >= SURE:
            sure[pair] = papers
    return Acronyms.of(sorted(sure, key=lambda pair: (-sure[pair], pair)))


# --- counting -----------------------------------------------------------------------------------


def learn(connection: sqlite3.Connection, pairs: Mapping[Pair, int]) -> None:
    connection.executemany(
        "INSERT INTO acronym VALUES (?, ?, ?)"
        " ON CONFLICT (long, short) DO UPDATE SET papers = papers + excluded.papers",
        [(short, long, papers) for (short, long), papers in pairs.items()],
    )


def count(connection: sqlite3.Connection, come: Counts, stems: Mapping[str, str]) -> None:
    known = {
        word: counts
        for word, *counts in connection.execute(
            "SELECT term, papers, titles FROM term WHERE term IN (SELECT value FROM json_each(?))",
            (json.dumps(list(come.papers)),),
        )
    }
    connection.executemany(
        "UPDATE term SET papers = papers + ?, titles = titles + ? WHERE term = ?",
        [(come.papers[word], come.titles.get(word, 0), word) for word in known],
    )
    new = sorted(come.papers.keys() - known.keys())
    connection.executemany(
        "INSERT INTO term VALUES (?, ?, ?, ?)",
        [
            (word, stems[word] if stems[word] != word else None, come.papers[word], come.titles.get(word, 0))
            for word in new
        ],
    )
    before = {word: papers for word, (papers, _) in known.items()}
    common = [
        word
        for word, more in come.papers.items()
        if before.get(word, 0) < COMMON <= before.get(word, 0) + more
    ]
    connection.executemany("INSERT OR IGNORE INTO common VALUES (?)", [(word,) for word in sorted(common)])
    (papers,) = connection.execute("SELECT papers FROM progress").fetchone()
    if papers < LARGE:
        _spell(connection, new)
    else:
        _spell(connection, [word for word in new if come.papers[word] > 1 or word in come.titles])
        _spell(connection, [word for word, counts in known.items() if counts in ([0, 0], [1, 0])])


def discount(connection: sqlite3.Connection, gone: Counts) -> None:
    connection.executemany(
        "UPDATE term SET papers = papers - ?, titles = titles - ? WHERE term = ?",
        [(papers, gone.titles.get(word, 0), word) for word, papers in gone.papers.items()],
    )


def _spell(connection: sqlite3.Connection, words: Iterable[str]) -> None:
    """Let words that may be corrections be found by what is spelt nearly like them."""
    starts = {spelling.number(start) for word in words if (start := spelling.start(word))}
    new = connection.execute(
        "INSERT OR IGNORE INTO start SELECT value FROM json_each(?) RETURNING id",
        (json.dumps(sorted(starts)),),
    ).fetchall()
    connection.executemany(
        "INSERT INTO leftover (rowid, tokens) VALUES (?, ?)",
        [(number, spelling.leftovers(spelling.numbered(number))) for (number,) in new],
    )
