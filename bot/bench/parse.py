"""How fast digests are parsed beside a bare split on bars, and whether hostile text costs only its length."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Group
from rich.table import Table

from bot.digests.parser import parse

HOSTILE_TEXT = """{much}
| Title | Authors | Summary | GitHub URLs |
|---|---|---|---|
| [{much}](https://arxiv.org/abs/2501.00001) | A | One. | N/A |
| [Two](https://arxiv.org/abs/2501.00002) | A | - {much} | N/A |
| [Three](https://arxiv.org/abs/2501.00003) | A | Three. | [x]({much}) |
| {much}"""
HOSTILE_SIZE = 50_000  # characters, in each of the five places
HOSTILE = {
    "bars": "|",
    "lines that are only a bar": "|\n",
    "open brackets": "[",
    "links never closed": "[x](",
    "backslashes": "\\",
    "dollars": "$",
    "carets": "^",
    "braces": "{",
    "LaTeX commands": r"\hat{a}",
    "LaTeX fonts, nested": r"\textbf{",
    "formulas": "$a^2$",
    "entities": "&amp;",
    "broken encodings": "Î”",
    "marks of points": "- ",
    "quotes": '"',
    "spaces": " ",
    "commas": ", ",
}


@dataclass(frozen=True, slots=True)
class Hostile:
    name: str
    megabytes_a_second: float
    ratio: float  # of the time for twice the text: 2 where time is linear


@dataclass(frozen=True, slots=True)
class Report:
    megabytes: float
    papers: int
    parse_seconds: float
    split_seconds: float
    hostile: tuple[Hostile, ...]

    @property
    def megabytes_a_second(self) -> float:
        return self.megabytes / self.parse_seconds

    def __rich__(self) -> Group:
        speed = Table(title=f"{self.megabytes:.2f} MB, {self.papers} papers")
        for column in ("", "MB/s", "times the baseline's time"):
            speed.add_column(column, justify="right" if column else "left")
        speed.add_row(
            "parse", f"{self.megabytes_a_second:.1f}", f"{self.parse_seconds / self.split_seconds:.0f}"
        )
        speed.add_row("split lines on bars", f"{self.megabytes / self.split_seconds:.0f}", "1")
        hostile = Table(title="Hostile text")
        for column in ("much of one thing", "MB/s", "twice as much takes"):
            hostile.add_column(column, justify="left" if " of " in column else "right")
        for case in self.hostile:
            hostile.add_row(case.name, f"{case.megabytes_a_second:.1f}", f"{case.ratio:.1f} times")
        return Group(speed, hostile)


def run(paths: Sequence[Path], repeat: int) -> Report:
    """Medians over `repeat` runs, parse and baseline by turns. The files are read before the clock starts."""
    texts = [path.read_bytes().decode("utf-8", "replace") for path in paths]
    parsed, split = [], []
    for _ in range(repeat):
        parsed.append(_seconds(lambda: [parse(text, source="bench") for text in texts]))
        split.append(_seconds(lambda: [[line.split("|") for line in text.split("\n")] for text in texts]))
    digests = [digest for text in texts for digest in parse(text, source="bench")]
    return Report(
        megabytes=sum(len(text.encode()) for text in texts) / 1e6,
        papers=sum(len(digest.papers) for digest in digests),
        parse_seconds=statistics.median(parsed),
        split_seconds=statistics.median(split),
        hostile=tuple(_hostile(name, unit) for name, unit in HOSTILE.items()),
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _hostile(name: str, unit: str) -> Hostile:
    once, twice = (
        HOSTILE_TEXT.replace("{much}", unit * (size // len(unit)))
        for size in (HOSTILE_SIZE, 2 * HOSTILE_SIZE)
    )
    first = _seconds(lambda: parse(once, source="bench"))
    second = _seconds(lambda: parse(twice, source="bench"))
    return Hostile(name, len(once) / 1e6 / first, second / first)
