"""`paperboy preview`: a day's post, of a file or of the library, in each layout and at any width."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from premises import Premises
from rich.cells import cell_len

ROOT = Path(__file__).parents[3]
LAYOUTS = "thread", "full", "compact"
DAY, PATH = "2025-04-29", "digests/2025-04-29.md"


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("what", "source"), [(DAY, "digests"), (PATH, "digests")], ids=["date", "path"])
def test_it_is_drawn_under_a_title_that_says_what_it_is(
    stocked: Premises, what: str, source: str, layout: str
) -> None:
    done = stocked.paperboy("preview", what, "--layout", layout)
    sent = "1 message, 2 in the thread" if layout == "thread" else "1 message"
    title, *drawn = done.out.splitlines()
    assert title == f"Tuesday, 29 April 2025 from {source}, layout “{layout}”: {sent}"
    assert any("Walking Far" in line for line in drawn)
    assert any("It moves an arm." in line for line in drawn) == (layout != "compact")
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("what", [DAY, PATH], ids=["date", "path"])
def test_json_is_the_messages_as_slack_gets_them(stocked: Premises, what: str, layout: str) -> None:
    done = stocked.paperboy("preview", what, "--layout", layout, "--json")
    messages = done.objects
    assert [one["reply"] for one in messages] == [False, True, True][: len(messages)]
    assert len(messages) == (3 if layout == "thread" else 1)
    for message in messages:
        assert message["text"]
        assert all("type" in block for block in message["blocks"])


@pytest.mark.parametrize("width", [1, 12, 40, 200])
def test_any_width(stocked: Premises, width: int) -> None:
    done = stocked.paperboy("preview", PATH, COLUMNS=str(width))
    assert done.code == 0, done.err
    title, *drawn = done.out.splitlines()
    assert title.startswith("Tuesday, 29 April 2025")
    assert max(cell_len(line) for line in drawn) <= max(width, 12)


def test_the_readme_shows_it_as_it_is(bare: Premises) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    given, sample = re.findall(r"`paperboy preview (\S+)` draws it[^`]*```\n(.*?)```", readme, re.DOTALL)[0]
    drawn = bare.paperboy("preview", str(ROOT / given), COLUMNS="90").out.splitlines()
    lines = iter(line.rstrip() for line in drawn)
    for shown in sample.splitlines():
        if not shown.endswith("…") and "APP" not in shown:
            assert shown in lines, "in this order"


def test_a_file_without_papers(bare: Premises) -> None:
    bare.write("notes.md", "Nothing to see here.")
    done = bare.paperboy("preview", "notes.md")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("notes.md holds no papers. No table of papers was found")


def test_a_day_that_the_library_has_not(stocked: Premises) -> None:
    done = stocked.paperboy("preview", "2020-01-01")
    assert (done.code, done.out) == (1, "")
    assert done.err == "The library has no digest of 2020-01-01. `paperboy ingest` takes digests in.\n"


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("what", [DAY, PATH], ids=["date", "path"])
def test_html_is_a_file_that_needs_nothing_else(stocked: Premises, what: str, layout: str) -> None:
    done = stocked.paperboy("preview", what, "--layout", layout, "--html", "day.html")
    assert (done.code, done.out, done.err) == (0, "", "")
    page = (stocked.folder / "day.html").read_text("utf-8")
    assert f"<h1>Tuesday, 29 April 2025 from digests, layout “{layout}”" in page
    assert "Walking Far" in page
    assert ("It moves an arm." in page) == (layout != "compact")
    assert not re.search(r"<script|<link|<form|@import|url\(", page)


def test_html_where_nothing_can_be_written(stocked: Premises) -> None:
    done = stocked.paperboy("preview", DAY, "--html", "no/such/folder.html")
    assert (done.code, done.out) == (2, "")
    assert done.err == "no/such/folder.html can't be written (No such file or directory).\n"
