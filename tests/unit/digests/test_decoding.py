"""A digest's bytes: any usual encoding is read, and what is no text is a problem, never an exception."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from bot.digests.decoding import BINARY, EMPTY, MAX_BYTES, NOT_UTF8
from bot.digests.parser import parse_bytes

TEXT = """## Papers for 2025-01-02

| Title | Authors | Summary | Link |
|---|---|---|---|
| Émile’s Δ | Zoë Šimić | Short. | [x](https://arxiv.org/abs/2501.00001) |
"""
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + random.Random(7).randbytes(4000)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_usual_encodings_are_read(encoding: str) -> None:
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    (digest,) = parse_bytes((mark + TEXT).encode(encoding), source="s")
    assert digest.problems == ()
    assert digest.papers[0].title == "Émile’s Δ"
    assert digest.papers[0].authors == ("Zoë Šimić",)


def test_an_old_windows_file_is_read_with_a_word_about_it() -> None:
    (digest,) = parse_bytes(TEXT.replace("Δ", "D").replace("Šimić", "Simic").encode("cp1252"), source="s")
    assert [problem.message for problem in digest.problems] == [NOT_UTF8]
    assert digest.papers[0].title == "Émile’s D"


def test_a_few_broken_bytes_cost_only_their_letters() -> None:
    data = TEXT.encode().replace(b"Short.", b"Sh\xffort.")
    (digest,) = parse_bytes(data, source="s")
    assert [problem.message for problem in digest.problems] == [NOT_UTF8]
    assert digest.papers[0].title == "Émile’s Δ"


def test_a_stray_nul_in_text_is_mended() -> None:
    (digest,) = parse_bytes(TEXT.replace("mile", "mi\x00le").encode(), source="s")
    assert digest.problems == ()
    assert digest.papers[0].title == "Émile’s Δ"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", EMPTY),
        (b" \r\n\t\n", EMPTY),
        (PICTURE, BINARY),
        (b"\0" * 5000, BINARY),
        (TEXT.encode("utf-16-le"), BINARY),
        (bytes(range(256)) * 20, BINARY),
    ],
    ids=["empty", "blank", "picture", "NULs", "UTF-16 without its mark", "every byte"],
)
def test_an_empty_or_binary_file_is_a_problem(data: bytes, message: str) -> None:
    (digest,) = parse_bytes(data, source="s", path="2025-01-02.md")
    assert digest.date == dt.date(2025, 1, 2)
    assert digest.papers == ()
    assert [(problem.line, problem.message) for problem in digest.problems] == [(1, message)]


def test_a_file_above_20_mb_is_a_problem_that_says_its_size() -> None:
    (digest,) = parse_bytes(TEXT.encode() + b"x" * MAX_BYTES, source="s")
    assert digest.papers == ()
    assert "20.0 MB" in digest.problems[0].message
    assert "split it" in digest.problems[0].message
