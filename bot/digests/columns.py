"""Which column of a table holds what, by the names in its header; and a row cut into those columns.

A bar inside a summary is not always escaped, so a row may have more cells than its header: the columns before
the summary are counted from the left, those after it from the right, and the summary takes what is between.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple


class Column(StrEnum):
    TITLE = "title"
    AUTHORS = "authors"
    SUMMARY = "summary"
    TAGS = "tags"
    GITHUB = "github"
    HUGGING_FACE = "huggingface"
    LINK = "link"


_NAMES = {
    Column.TITLE: "title paper papertitle papername",
    Column.AUTHORS: "author authors",
    Column.SUMMARY: "summary abstract tldr description",
    Column.TAGS: "classification classifications tag tags category categories topic topics task tasks",
    Column.GITHUB: "github githuburl githuburls githublink githublinks code",
    Column.HUGGING_FACE: "huggingface huggingfaceurl huggingfaceurls huggingfacelinks hf models",
    Column.LINK: "link links url paperlink paperurl arxiv arxivlink arxivurl",
}
_COLUMN = {name: column for column, names in _NAMES.items() for name in names.split()}
_LONGEST_HEADER = 1000
_ESCAPED_BAR = "\x00"  # no cell holds one: the parser drops control characters first


class Header(NamedTuple):
    columns: tuple[Column | None, ...]  # None: a column nobody here needs

    @property
    def width(self) -> int:
        return len(self.columns)


class Cells(NamedTuple):
    values: dict[Column, str]  # as the file has them: unescaped, not stripped
    found: int  # how many the row has


def header(line: str) -> Header | None:
    """The columns that a line names, if it is the header of a table of papers."""
    if "|" not in line or len(line) > _LONGEST_HEADER:
        return None
    names = (re.sub(r"[\W\d_]+", "", cell).lower() for cell in split(line))
    columns: list[Column | None] = []
    for name in names:
        column = _COLUMN.get(name)
        columns.append(None if column in columns else column)
    known = len(columns) - columns.count(None)
    return Header(tuple(columns)) if Column.TITLE in columns and known > 1 else None


def is_rule(line: str) -> bool:
    """The |---|---| under a header."""
    return "-" in line and "|" in line and not line.strip("|-: \t")


def split(row: str) -> list[str]:
    row = row.strip()
    escaped = "\\|" in row
    if escaped:
        row = row.replace("\\|", _ESCAPED_BAR)
    cells = row.removeprefix("|").removesuffix("|").split("|")
    return [cell.replace(_ESCAPED_BAR, "|") for cell in cells] if escaped else cells


def cut(row: str, header: Header) -> Cells:
    cells = split(row)
    count = len(cells)
    if count > header.width:
        cells = _gathered(cells, header.columns)
    values = {column: cell for column, cell in zip(header.columns, cells, strict=False) if column}
    return Cells(values, count)


def _gathered(cells: list[str], columns: tuple[Column | None, ...]) -> list[str]:
    """As many cells as columns: bars that are text are given back to the title and the summary."""
    if Column.SUMMARY not in columns:
        return cells[: len(columns)]
    summary, title = columns.index(Column.SUMMARY), columns.index(Column.TITLE)
    cells = _without_empty_tail(cells, columns)
    if title < summary:
        cells = _closed_title(cells, title, surplus=len(cells) - len(columns))
    after = len(columns) - summary - 1
    end = len(cells) - after
    return [*cells[:summary], "|".join(cells[summary:end]), *cells[end:]]


def _without_empty_tail(cells: list[str], columns: tuple[Column | None, ...]) -> list[str]:
    """Bars too many at the end, told from an empty last cell by where the brackets of tags or link stand."""
    after = columns[columns.index(Column.SUMMARY) + 1 :]
    bracketed = next((column for column in (Column.TAGS, Column.LINK) if column in after), None)
    if after and not bracketed:
        return cells
    place = after.index(bracketed) - len(after) if bracketed else 0
    end = len(cells)
    while end > len(columns) and not cells[end - 1].strip():
        if cells[end + place].lstrip().startswith("[") if bracketed else not cells[end - 2][-1:].isspace():
            break  # so it is that cell, or the bar belongs to |G| at the end of a summary
        end -= 1
    return cells[:end]


def _closed_title(cells: list[str], title: int, surplus: int) -> list[str]:
    """A title goes on until its link closes, bars or not."""
    linked = cells[title].lstrip().startswith("[")
    for last in range(title, title + surplus + 1):
        if ("](" if linked else "(Read more on [") in cells[last]:
            return [*cells[:title], "|".join(cells[title : last + 1]), *cells[last + 1 :]]
    return cells
