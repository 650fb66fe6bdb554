"""Where the days, tables and rows of a file are. A row is what stands from one leading bar to the next.

Titles wrap inside their cells, so a line that does not begin with a bar goes on with the row above it, until
that row has all its cells. A line that begins with one starts a new row, whatever became of the row before.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.digests.columns import Header, header, is_rule
from bot.digests.dates import date_in_heading


class Row(NamedTuple):
    line: int  # from 1
    text: str  # all its lines


@dataclass(slots=True)
class Table:
    header: Header
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Day:
    line: int
    date: dt.date | None
    tables: list[Table] = field(default_factory=list)


def days(text: str) -> list[Day]:
    """The days of a file in its order; one without a date where a table stands under no dated heading."""
    reader = _Reader()
    for number, line in enumerate(text.split("\n"), 1):
        reader.read(number, line)
    reader.end_row()
    return reader.days


class _Reader:
    def __init__(self) -> None:
        self.days: list[Day] = []
        self._table: Table | None = None
        self._row: _OpenRow | None = None
        self._previous = ""

    def read(self, number: int, line: str) -> None:
        start = line.lstrip()
        if start.startswith("|"):
            self._bar(number, line)
        elif start.startswith("#") and start.lstrip("#")[:1] in ("", " ", "\t"):
            self._heading(number, start)
        elif self._table is None:
            self._open_table(number, line)
        elif not start:
            self._blank()
        else:
            self._loose(number, line)
        self._previous = line

    def end_row(self) -> None:
        if self._row and self._table:
            self._table.rows.append(self._row.closed())
        self._row = None

    def _bar(self, number: int, line: str) -> None:
        if self._table is None:
            self._open_table(number, line)
        elif is_rule(line):
            self._rule(number)
        else:
            self.end_row()
            self._row = _OpenRow(number, line, self._table.header.width)

    def _heading(self, number: int, heading: str) -> None:
        self.end_row()
        self._table = None
        date = date_in_heading(heading)
        if date:
            self.days.append(Day(number, date))

    def _open_table(self, number: int, line: str) -> None:
        columns = header(line)
        if columns is None:
            return
        if not self.days:
            self.days.append(Day(number, None))
        self._table = Table(columns)
        self.days[-1].tables.append(self._table)

    def _rule(self, number: int) -> None:
        """Under the header of the table it says nothing new; under another header a table begins."""
        if self._row and header(self._previous):
            if self._row.lose_last_line():
                self._row = None
            self.end_row()
            self._open_table(number, self._previous)

    def _blank(self) -> None:
        if self._row and not self._row.complete:
            self._row.add("")

    def _loose(self, number: int, line: str) -> None:
        """A line that begins with no bar, below a header."""
        if is_rule(line):
            self._rule(number)
        elif self._row and not self._row.complete and (self._row.barred or "|" not in line):
            self._row.add(line)
        elif "|" in line and self._table:
            self.end_row()
            self._row = _OpenRow(number, line, self._table.header.width)


class _OpenRow:
    def __init__(self, number: int, line: str, width: int) -> None:
        self.barred = line.lstrip().startswith("|")
        self._number, self._width = number, width
        self._lines = [line]
        self._bars = line.count("|") - line.count("\\|")
        self._blank_at: int | None = None  # where the row ends if it never gets all its cells

    @property
    def complete(self) -> bool:
        needed = self._width + 1 if self.barred else self._width
        return self._bars >= needed and self._lines[-1].rstrip().endswith("|")

    def add(self, line: str) -> None:
        if not line and self._blank_at is None:
            self._blank_at = len(self._lines)
        self._lines.append(line)
        self._bars += line.count("|") - line.count("\\|")

    def lose_last_line(self) -> bool:
        """Whether that was all of the row."""
        self._lines.pop()
        return not self._lines

    def closed(self) -> Row:
        lines = self._lines if self.complete else self._lines[: self._blank_at]
        return Row(self._number, lines[0] if len(lines) == 1 else "\n".join(lines))
