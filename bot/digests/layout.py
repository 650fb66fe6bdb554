"""Where the days, tables and rows of a file are. A row is what stands from one leading bar to the next.

Titles wrap inside their cells, so a line that does not begin with a bar goes on with the row above it, until
that row has all its cells. A line that begins with one starts a new row, whatever became of the row before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from bot.digests.columns import Header, header, is_rule
from bot.digests.dates import date_in_heading


class Day(NamedTuple):
    line: int  # of the heading that dates it
    date: dt.date


class Table(NamedTuple):
    line: int  # of its header


class Row(NamedTuple):
    line: int  # its first
    text: str  # all its lines
    header: Header


def scan(text: str) -> Iterator[Day | Table | Row]:
    """What a file holds, in its order: a row is in the table before it, a table in the day before it."""
    scanner = _Scanner()
    for number, line in enumerate(text.split("\n"), 1):
        scanner.read(number, line)
        if scanner.found:
            yield from scanner.found
            scanner.found.clear()
    scanner.end_row()
    yield from scanner.found


class _Scanner:
    def __init__(self) -> None:
        self.found: list[Day | Table | Row] = []
        self._header: Header | None = None
        self._row: _OpenRow | None = None
        self._previous = ""

    def read(self, number: int, line: str) -> None:
        start = line.lstrip()
        if start.startswith("#") and start.lstrip("#")[:1] in ("", " ", "\t"):
            self._heading(number, start)
        elif self._header is None:
            self._open_table(number, line)
        elif is_rule(line):
            self._rule(number)
        elif start.startswith("|"):
            self._open_row(number, line, self._header)
        elif not start:
            self._blank()
        else:
            self._loose(number, line, self._header)
        self._previous = line

    def end_row(self) -> None:
        if self._row:
            self.found.append(self._row.closed())
            self._row = None

    def _open_row(self, number: int, line: str, columns: Header) -> None:
        self.end_row()
        self._row = _OpenRow(number, line, columns)

    def _heading(self, number: int, heading: str) -> None:
        self.end_row()
        self._header = None
        date = date_in_heading(heading)
        if date:
            self.found.append(Day(number, date))

    def _open_table(self, number: int, line: str) -> None:
        columns = header(line)
        if columns:
            self._header = columns
            self.found.append(Table(number))

    def _rule(self, number: int) -> None:
        """Under the header of the table it says nothing new; under another header a table begins."""
        if self._row and header(self._previous):
            if self._row.lose_last_line():
                self._row = None
            self.end_row()
            self._open_table(number - 1, self._previous)

    def _blank(self) -> None:
        if self._row and not self._row.complete:
            self._row.add("")

    def _loose(self, number: int, line: str, columns: Header) -> None:
        """A line below a header that begins with no bar: the row goes on, or begins without one, or ended."""
        if self._row and not self._row.complete and (self._row.barred or "|" not in line):
            self._row.add(line)
        elif "|" in line:
            self._open_row(number, line, columns)


class _OpenRow:
    def __init__(self, number: int, line: str, columns: Header) -> None:
        self.barred = line.lstrip().startswith("|")
        self._number, self._header = number, columns
        self._lines = [line]
        self._bars = _bars(line)
        self._blank_at: int | None = None  # where the row ends if it never gets all its cells

    @property
    def complete(self) -> bool:
        needed = self._header.width + self.barred
        return self._bars >= needed and self._lines[-1].rstrip().endswith("|")

    def add(self, line: str) -> None:
        if not line and self._blank_at is None:
            self._blank_at = len(self._lines)
        self._lines.append(line)
        self._bars += _bars(line)

    def lose_last_line(self) -> bool:
        """Whether that was all of the row."""
        self._lines.pop()
        return not self._lines

    def closed(self) -> Row:
        lines = self._lines if len(self._lines) == 1 or self.complete else self._lines[: self._blank_at]
        return Row(self._number, "\n".join(lines), self._header)


def _bars(line: str) -> int:
    return line.count("|") - line.count("\\|")
