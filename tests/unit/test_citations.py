"""Papers for reference managers: read back by the formats' own parsers, whatever the papers say."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import re

import bibtexparser
import rispy
from hypothesis import given
from hypothesis import strategies as st

from bot.library.citations import COLUMNS, JOINT, LONGEST, Format, records
from bot.model import Paper, StoredPaper

DAY = dt.date(2025, 4, 28)
HOSTILE = [
    "Plain {Title} with \\input{/etc/passwd} & 100% of $x^2$ #1_a ~",
    "} @misc{evil, title={gone",
    '=HYPERLINK("http://evil","x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "A title\nTY  - JOUR\nER  - ",
    "測試論文🧪" * 60,
    "{{{{",
    "\\",
    "",
]
texts = st.sampled_from(HOSTILE) | st.text(max_size=400)
stored = st.builds(
    lambda number, title, names, tags, arxiv: StoredPaper(
        number,
        Paper(
            title, arxiv_id=arxiv, url="https://example.org/{x}?a_b=1", authors=tuple(names), tags=tuple(tags)
        ),
        DAY,
    ),
    st.integers(1, 10**6),
    texts,
    st.lists(texts, max_size=5),
    st.lists(texts, max_size=3),
    st.sampled_from([None, "2504.15376", "cs/9901017"]),
)
days = st.lists(stored, max_size=6, unique_by=lambda one: one.id)


def paper(number: int = 1, title: str = "BitNet v2: Native Activations", **given: object) -> StoredPaper:
    facts = {"arxiv_id": "2504.15376", "authors": ("Ada Reyes", "Bo Chen"), "tags": ("Robotics",)}
    return StoredPaper(number, Paper(title, **(facts | given)), DAY)  # type: ignore[arg-type]


def test_a_paper_as_bibtex() -> None:
    assert records([paper(title="Müller & {Co}: 100%")], Format.BIBTEX) == [
        "@misc{reyes2025muller,\n"
        '  title = {{M\\"uller \\& {\\textbraceleft}Co{\\textbraceright}: 100\\%}},\n'
        "  author = {Ada Reyes and Bo Chen},\n"
        "  year = {2025},\n"
        "  eprint = {2504.15376},\n"
        "  archivePrefix = {arXiv},\n"
        "  url = {https://arxiv.org/abs/2504.15376}\n"
        "}"
    ]


def test_keys_are_unique_and_the_year_is_the_arxiv_number_s() -> None:
    keys = [text.split("{")[1].split(",")[0] for text in records([paper(n) for n in range(3)], Format.BIBTEX)]
    assert keys == ["reyes2025bitnet", "reyes2025bitnet-2", "reyes2025bitnet-3"]
    assert "year = {1999}" in records([paper(arxiv_id="cs/9901017")], Format.BIBTEX)[0]


def test_a_name_that_bibtex_would_take_apart_stays_whole() -> None:
    (text,) = records([paper(authors=("Black and White, Inc.", "Others Team"))], Format.BIBTEX)
    assert "author = {{Black and White, Inc.} and {Others Team}}" in text


def test_a_paper_as_ris() -> None:
    assert records([paper()], Format.RIS)[0].splitlines() == [
        "TY  - UNPB",
        "TI  - BitNet v2: Native Activations",
        "AU  - Reyes, Ada",
        "AU  - Chen, Bo",
        "PY  - 2025",
        "KW  - Robotics",
        "AN  - arXiv:2504.15376",
        "UR  - https://arxiv.org/abs/2504.15376",
        "ER  -",
    ]


def test_a_cell_starts_no_formula() -> None:
    _, line = records([paper(title="=1+1", authors=("@ada",))], Format.CSV)
    assert line.startswith("'=1+1,'@ada,2025")


@given(days)
def test_any_papers_come_back_from_bibtex(papers: list[StoredPaper]) -> None:
    text = JOINT[Format.BIBTEX].join(records(papers, Format.BIBTEX))
    library = bibtexparser.parse_string(text)
    assert len(library.entries) == len(papers) and not library.failed_blocks
    for one in library.entries:
        for field in one.fields:
            depths = list(itertools.accumulate({"{": 1, "}": -1}.get(char, 0) for char in field.value))
            assert not depths or (min(depths) >= 0 and depths[-1] == 0), "BibTeX counts every brace"
    assert not re.search(r"\\input", text)


@given(days)
def test_any_papers_come_back_from_ris(papers: list[StoredPaper]) -> None:
    text = JOINT[Format.RIS].join(records(papers, Format.RIS))
    assert len(rispy.loads(text)) == len(papers) if papers else text == ""


@given(days)
def test_any_papers_come_back_from_csv(papers: list[StoredPaper]) -> None:
    head, *rows = csv.reader(io.StringIO(JOINT[Format.CSV].join(records(papers, Format.CSV))))
    assert tuple(head) == COLUMNS and len(rows) == len(papers)
    assert all(
        len(row) == len(COLUMNS) and not cell.startswith(tuple("=+-@")) for row in rows for cell in row
    )


def test_the_heaviest_paper_has_a_bound() -> None:
    heavy = paper(title="α≤β" * 5_000, authors=tuple("é" * 500 for _ in range(500)), tags=("🧪" * 300,) * 50)
    for wanted in Format:
        assert all(len(text.encode()) <= LONGEST for text in records([heavy], wanted))
