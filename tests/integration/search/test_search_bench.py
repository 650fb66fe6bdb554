"""`paperboy bench search`, and a fixed part of the real benchmark that guards how well search finds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from beside import SHARED, needs
from rich.console import Console

from bot.bench.search import Report, run
from bot.errors import BadArgument

REAL = SHARED / "search"
EVERY = 6  # of its queries
MRR, RECALL = 0.729, 0.749  # of that part, as measured; a drop of more than .01 fails
DROP = 0.01

PAPERS = [("1", "Rolling Stones", "Ada Reyes"), ("2", "Walking Robots", "Bo Chen"), ("3", "Robots", "Cy")]
QUERIES = [("a", "rolling", "name", ["1"]), ("b", "wlaking", "typo", ["2"]), ("c", "zeugma", "name", ["3"])]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    papers = [
        {
            "id": number, "digest_date": "2025-04-01", "title": title, "authors": author,
            "summary": "- One. - Two.", "tags": ["Robotics"], "github": [], "hf": [],
        }
        for number, title, author in PAPERS
    ]  # fmt: skip
    queries = [dict(zip(("qid", "query", "class", "rel"), query, strict=True)) for query in QUERIES]
    for name, rows in (("corpus.jsonl", papers), ("queries.jsonl", queries)):
        (tmp_path / name).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return tmp_path


def test_the_report_has_each_kind_beside_two_baselines(folder: Path) -> None:
    report = run(folder, repeat=2)
    assert report.papers == 3
    scores = [report.score(one) for one in report.runs]
    assert [round(score.mrr, 2) for score in scores] == [0.67, 0.33, 0.33]
    assert report.score(report.runs[0], "typo").recall == 1
    assert list(report.lines())[:2] == ["a\t1\n", "b\t2\n"]
    console = Console(width=80)
    with console.capture() as shown:
        console.print(report)
    for word in ("3 papers", "name", "typo", "all", "FTS5 AND", "FTS5 OR"):
        assert word in shown.get()
    assert "…" not in shown.get()  # of eighty columns


def test_no_queries_are_said_to_be_missing(folder: Path) -> None:
    (folder / "queries.jsonl").write_text("", "utf-8")
    with pytest.raises(BadArgument, match=r"queries\.jsonl has no queries"):
        run(folder)


@needs(REAL)
def test_search_finds_as_well_as_it_did() -> None:
    report: Report = run(REAL, baselines=False, sample=EVERY)
    score = report.score(report.runs[0])
    assert score.mrr >= MRR - DROP
    assert score.recall >= RECALL - DROP
