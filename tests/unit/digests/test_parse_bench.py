"""`paperboy bench parse` tells speed beside its baseline, and what hostile text costs. It asserts no time."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from bot.bench.parse import HOSTILE, run

DATA = Path(__file__).parents[2] / "data" / "digests"


def test_the_report_has_parsing_its_baseline_and_every_hostile_text() -> None:
    report = run([DATA / "six-columns-2025-03-04.md", DATA / "many-days.md"], repeat=2)
    assert report.papers == 7
    console = Console(width=120)
    with console.capture() as shown:
        console.print(report)
    for name in ("parse", "split lines on bars", *HOSTILE):
        assert name in shown.get()
