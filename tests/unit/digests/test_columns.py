"""Columns are found by name, and bars that are text stay in the cell that they were written in."""

from __future__ import annotations

import pytest

from bot.digests.columns import Column, cut, header

SIX = "| Title | Authors | Summary | Classification | GitHub URLs | HuggingFace URLs |"
FOUR = "| Title | Authors | Summary | Link |"
THREE = "| Title | Authors | Summary |"


@pytest.mark.parametrize(
    "line",
    [
        "| Title | Authors | Summary |",
        "|Title|Authors|Summary|",
        "| **Title** | __AUTHORS__ | `summary` |",
        "Title | Authors | Summary",
        "  |  Title  | Author | Abstract |  ",
    ],
)
def test_a_header_is_known_by_its_names(line: str) -> None:
    found = header(line)
    assert found is not None
    assert found.columns == (Column.TITLE, Column.AUTHORS, Column.SUMMARY)


@pytest.mark.parametrize(
    "line", ["| Model | Score |", "| Authors | Summary |", "| Title |", "Title, Authors", "|||", ""]
)
def test_other_tables_are_not_of_papers(line: str) -> None:
    assert header(line) is None


@pytest.mark.parametrize(
    ("columns", "row", "cells"),
    [
        (SIX, "| T | A | S | ['X'] | G | H |", ["T", "A", "S", "['X']", "G", "H"]),
        (SIX, "T | A | S | ['X'] | G | H", ["T", "A", "S", "['X']", "G", "H"]),
        (SIX, "| T | A | P(a|b), |G-1| | ['X'] | G | H |", ["T", "A", "P(a|b), |G-1|", "['X']", "G", "H"]),
        (SIX, r"| T | A | P(a\|b) | ['X'] | G | H |", ["T", "A", "P(a|b)", "['X']", "G", "H"]),
        (SIX, "| T | A | a|b | ['X'] | G | |", ["T", "A", "a|b", "['X']", "G", ""]),
        (SIX, "| T | A | S | ['X'] | G | H | | |", ["T", "A", "S", "['X']", "G", "H"]),
        (SIX, "| [T|t](u) | A | a|b | ['X'] | G | H |", ["[T|t](u)", "A", "a|b", "['X']", "G", "H"]),
        (THREE, "| T | A | P(a|b) and |c| |", ["T", "A", "P(a|b) and |c|"]),
        (THREE, "| T|t (Read more on [arXiv](u))| A | a|b |", ["T|t (Read more on [arXiv](u))", "A", "a|b"]),
        (THREE, "| T | A | S | |", ["T", "A", "S"]),
        (FOUR, "| T | A | a|b | [L](u) |", ["T", "A", "a|b", "[L](u)"]),
        (FOUR, "| T | A | S | [L](u) | |", ["T", "A", "S", "[L](u)"]),
        (THREE, "| T | A |", ["T", "A"]),
        ("| Title | Score | Authors |", "| T | 5 | A | more |", ["T", "A"]),
        ("| Summary | Title |", "| a|b | T |", ["a|b", "T"]),
    ],
)
def test_a_row_is_cut_into_its_columns(columns: str, row: str, cells: list[str]) -> None:
    found = header(columns)
    assert found is not None
    assert [cell.strip() for cell in cut(row, found).values.values()] == cells
