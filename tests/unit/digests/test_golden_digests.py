"""Each case.md in tests/data/digests reads as its case.json says: a case more is two files more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.digests.encode import as_json
from bot.digests.parser import parse_bytes

DATA = Path(__file__).parents[2] / "data" / "digests"


@pytest.mark.parametrize("case", sorted(DATA.glob("*.md")), ids=lambda path: path.stem)
def test_a_digest_reads_as_its_golden_twin(case: Path) -> None:
    digests = parse_bytes(case.read_bytes(), source="golden", path=case.name)
    assert [as_json(digest) for digest in digests] == json.loads(case.with_suffix(".json").read_text("utf-8"))


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
@pytest.mark.parametrize("case", sorted(DATA.glob("*.md")), ids=lambda path: path.stem)
def test_line_endings_change_nothing(case: Path, ending: str) -> None:
    data = case.read_bytes()
    other = parse_bytes(data.replace(b"\n", ending.encode()), source="golden", path=case.name)
    assert other == parse_bytes(data, source="golden", path=case.name)


def test_the_raw_text_is_kept_beside_the_repaired() -> None:
    (digest,) = parse_bytes((DATA / "text-2025-06-07.md").read_bytes(), source="golden")
    paper = digest.papers[0]
    assert paper.raw_title == r"$\textbf{Stop-At}$: R^3 and Free$^2$Fall on 360^circ Tracks"
    assert paper.raw_summary.startswith(r"- It scores 70% (Î”3%) with $\alpha$-decay. - It")


def test_a_wrapped_title_is_kept_raw_on_one_line() -> None:
    (digest,) = parse_bytes((DATA / "six-columns-2025-03-04.md").read_bytes(), source="golden")
    assert digest.papers[1].raw_title == "Slow Reading: Why a Careful Model Answers Better than a Quick One"
