"""Digests of any dialect, one day a file or many, read into papers. A bad row costs no other row."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.digests.dates import date_in_path
from bot.digests.decoding import EMPTY, decode
from bot.digests.layout import Day, days
from bot.digests.paper import read
from bot.digests.repair import strip_unsafe
from bot.model import Digest, Paper, Problem

NO_TABLE = "No table of papers was found: begin it with a header such as | Title | Authors | Summary |."
NO_DATE = "This digest has no date: write one into its heading (## Papers for 2024-09-28) or its file's name."
REPEATED = "This is the paper of line {line} again, so this row was left out: remove one of the two."
MORE_PROBLEMS = "{count} more problems like these follow: mend the ones above first."
MAX_PROBLEMS = 1000


def parse(text: str, *, source: str, path: str = "") -> tuple[Digest, ...]:
    """A digest for each day of the file, in its order; one with a Problem where there is no table to read."""
    text = strip_unsafe(text.replace("\r\n", "\n").replace("\r", "\n"))
    path_date = date_in_path(path)
    by_date: dict[dt.date | None, list[Day]] = {}
    for day in days(text):
        by_date.setdefault(day.date or path_date, []).append(day)
    if not by_date:
        return (_unreadable(NO_TABLE if text.strip() else EMPTY, path_date, source),)
    return tuple(_digest(date, parts, source) for date, parts in by_date.items())


def parse_bytes(data: bytes, *, source: str, path: str = "") -> tuple[Digest, ...]:
    """As `parse`, of a file's bytes: what is empty, too big or not text is a digest with a Problem."""
    decoded = decode(data)
    if decoded.refused:
        return (_unreadable(decoded.problem or "", date_in_path(path), source),)
    first, *others = parse(decoded.text, source=source, path=path)
    if decoded.problem:
        first = replace(first, problems=(Problem(1, decoded.problem), *first.problems))
    return (first, *others)


def _unreadable(message: str, date: dt.date | None, source: str) -> Digest:
    return Digest(date, source, problems=(Problem(1, message),))


def _digest(date: dt.date | None, parts: list[Day], source: str) -> Digest:
    papers: dict[str, Paper] = {}
    lines: dict[str, int] = {}
    problems = [Problem(parts[0].line, NO_DATE)] if date is None else []
    tables = [table for part in parts for table in part.tables]
    if not tables:
        problems.append(Problem(parts[0].line, NO_TABLE))
    for table in tables:
        for row in table.rows:
            paper, met = read(row, table.header)
            problems += met
            if paper is None:
                continue
            key = paper.key
            if key in papers:
                problems.append(Problem(row.line, REPEATED.format(line=lines[key]), paper.title))
            else:
                papers[key], lines[key] = paper, row.line
    return Digest(date, source, tuple(papers.values()), _bounded(problems))


def _bounded(problems: list[Problem]) -> tuple[Problem, ...]:
    """A file of a million broken rows has a thousand problems and a sentence."""
    rest = problems[MAX_PROBLEMS:]
    if not rest:
        return tuple(problems)
    return (*problems[:MAX_PROBLEMS], Problem(rest[0].line, MORE_PROBLEMS.format(count=len(rest))))
