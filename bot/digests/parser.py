"""Digests of any dialect, one day a file or many, read into papers. A bad row costs no other row."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.digests.dates import date_in_path
from bot.digests.decoding import EMPTY, decode
from bot.digests.layout import Day, Row, Table, scan
from bot.digests.paper import read
from bot.digests.repair import strip_unsafe
from bot.model import Digest, Paper, Problem

NO_TABLE = "No table of papers was found: begin it with a header such as | Title | Authors | Summary |."
NO_DATE = "This digest has no date: write one into its heading (## Papers for 2024-09-28) or its file's name."
REPEATED = "This is the paper of line {line} again, so this row was left out: remove one of the two."
MORE_PROBLEMS = "{count} more problems follow: mend the ones above first."
MAX_PROBLEMS = 1000


def parse(text: str, *, source: str, path: str = "") -> tuple[Digest, ...]:
    """A digest for each day of the file, in its order; one with a Problem where there is no table to read."""
    text = strip_unsafe(text.replace("\r\n", "\n").replace("\r", "\n"))
    path_date = date_in_path(path)
    days: dict[dt.date | None, _Day] = {}
    day: _Day | None = None
    for found in scan(text):
        if isinstance(found, Row) and day:
            day.read(found)
        elif isinstance(found, Day):
            day = days.setdefault(found.date, _Day(found.line))
        elif isinstance(found, Table):
            day = day or days.setdefault(path_date, _Day(found.line))
            day.has_table = True
    if not days:
        return (_unreadable(NO_TABLE if text.strip() else EMPTY, path_date, source),)
    return tuple(day.digest(date, source) for date, day in days.items())


def parse_bytes(data: bytes, *, source: str, path: str = "") -> tuple[Digest, ...]:
    """As `parse`, of a file's bytes: what is empty, too big or not text is a digest with a Problem."""
    decoded = decode(data)
    if decoded.text is None:
        return (_unreadable(decoded.problem, date_in_path(path), source),)
    first, *others = parse(decoded.text, source=source, path=path)
    if decoded.problem:
        first = replace(first, problems=(Problem(1, decoded.problem), *first.problems))
    return (first, *others)


def _unreadable(message: str, date: dt.date | None, source: str) -> Digest:
    return Digest(date, source, problems=(Problem(1, message),))


class _Day:
    """What was read so far of one day, which may have several tables."""

    def __init__(self, line: int) -> None:
        self.has_table = False
        self._line = line
        self._papers: dict[str, Paper] = {}
        self._lines: dict[str, int] = {}
        self._problems: list[Problem] = []
        self._unsaid = 0

    def read(self, row: Row) -> None:
        paper, problems = read(row)
        for problem in problems:
            self._say(problem)
        if paper is None:
            return
        first = self._lines.setdefault(paper.key, row.line)
        if first == row.line:
            self._papers[paper.key] = paper
        else:
            self._say(Problem(row.line, REPEATED.format(line=first), paper.title))

    def digest(self, date: dt.date | None, source: str) -> Digest:
        problems = self._problems
        if not self.has_table:
            problems = [Problem(self._line, NO_TABLE)]
        elif date is None:
            problems = [Problem(self._line, NO_DATE), *problems]
        if self._unsaid:
            problems = [*problems, Problem(problems[-1].line, MORE_PROBLEMS.format(count=self._unsaid))]
        return Digest(date, source, tuple(self._papers.values()), tuple(problems))

    def _say(self, problem: Problem) -> None:
        """A file of a million broken rows has a thousand problems and a sentence."""
        if len(self._problems) < MAX_PROBLEMS:
            self._problems.append(problem)
        else:
            self._unsaid += 1
