"""`paperboy ingest`: what it takes in, what it says of it, and where."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from premises import Premises, digest, row

DAY = digest("2025-04-28", row("Grasping: A Study", "2504.00001"))


def test_a_folder_is_taken_in_once(premises: Premises) -> None:
    premises.write("digests/2025/04/28.md", DAY)
    first, second = premises.paperboy("ingest", "digests"), premises.paperboy("ingest", "digests")
    assert first.out == "digests: 1 new, 0 revised, 0 unchanged digests; 1 papers written.\n"
    assert second.out == "digests: 0 new, 0 revised, 1 unchanged digests; 0 papers written.\n"
    assert (first.code, first.err, second.code) == (0, "", 0)


def test_two_archives_that_share_a_day_are_two_sources(premises: Premises) -> None:
    premises.write("here/2025/04/28.md", DAY)
    premises.write("there/2025-04-28.md", DAY)
    premises.paperboy("ingest", ".")
    assert premises.paperboy("ingest", ".").out.splitlines() == [
        "here: 0 new, 0 revised, 1 unchanged digests; 0 papers written.",
        "there: 0 new, 0 revised, 1 unchanged digests; 0 papers written.",
    ]


def test_a_changed_file_is_a_revision(premises: Premises) -> None:
    premises.write("2025-04-28.md", DAY)
    premises.paperboy("ingest", "2025-04-28.md")
    premises.write("2025-04-28.md", digest("2025-04-28", row("Grasping: A Study, Corrected", "2504.00001")))
    done = premises.paperboy("ingest", "2025-04-28.md")
    assert done.out.endswith(": 0 new, 1 revised, 0 unchanged digests; 1 papers written.\n")


def test_it_makes_the_database(bare: Premises) -> None:
    bare.write("2025-04-28.md", DAY)
    assert bare.paperboy("ingest", ".").code == 0
    assert bare.paperboy("search", "grasping", "--json").objects[0]["total"] == 1


def test_into_postgresql(premises: Premises, postgres_url: str) -> None:
    premises.write("2025-04-28.md", DAY)
    premises.env["DATABASE_URL"] = postgres_url
    assert premises.paperboy("ingest", "2025-04-28.md").code == 0
    assert premises.paperboy("search", "grasping", "--json").objects[0]["total"] == 1
    assert "Grasping" in premises.paperboy("preview", "2025-04-28", "--json").out
    assert premises.paperboy("deliveries").code == 0


def test_without_paths_every_source_is_read(premises: Premises) -> None:
    premises.config(
        '[[sources]]\nname = "a"\nkind = "folder"\npath = "a"\n'
        '[[sources]]\nname = "b"\nkind = "folder"\npath = "b"\n'
    )
    premises.write("a/2025-04-28.md", DAY)
    done = premises.paperboy("ingest")
    assert done.out.splitlines() == [
        "a: 1 new, 0 revised, 0 unchanged digests; 1 papers written.",
        "b: 0 new, 0 revised, 0 unchanged digests; 0 papers written.",
    ]
    assert done.code == 1
    assert done.err.endswith("There is no folder b. Create it, or mend `path` in the settings\n")


def test_a_file_of_a_source_is_taken_in_under_its_name(premises: Premises) -> None:
    premises.config('[[sources]]\nname = "local"\nkind = "folder"\npath = "digests"\n')
    premises.write("digests/2025-04-28.md", DAY)
    assert premises.paperboy("ingest", "digests/2025-04-28.md").out.startswith("local: 1 new")
    assert premises.paperboy("ingest").out.startswith("local: 0 new, 0 revised, 1 unchanged")
    assert premises.paperboy("ingest", "digests", "--source", "other").out.startswith("other: 1 new")


def test_a_file_that_can_not_be_read_costs_no_other(premises: Premises) -> None:
    premises.write("digests/2025-04-28.md", DAY)
    (premises.folder / "digests" / "2025-04-29.md").symlink_to("/proc/self/mem")  # opens, and never reads
    done = premises.paperboy("ingest", "digests")
    assert done.code == 1
    assert done.err == "digests/2025-04-29.md can't be read (Input/output error).\n"
    assert done.out == "digests: 1 new, 0 revised, 0 unchanged digests; 1 papers written; 1 left out.\n"


def test_a_missing_path_is_said_before_anything_is_taken_in(premises: Premises) -> None:
    premises.write("2025-04-28.md", DAY)
    done = premises.paperboy("ingest", "2025-04-28.md", "nowhere.md")
    assert (done.code, done.out) == (2, "")
    assert done.err == "There is no file or folder nowhere.md.\n"


def test_names_that_are_no_utf_8(premises: Premises) -> None:
    name = b"digests/2025-04-28 caf\xe9 \x1b[31m.md"
    premises.write("digests/x", "")
    path = Path(os.fsdecode(os.fsencode(premises.folder) + b"/" + name))
    path.write_text(digest("2025-04-28", row("Sound", "2504.1"), "| broken |"))
    done = premises.paperboy("ingest", name)
    assert done.code == 0, done.err
    assert "path='digests/2025-04-28 caf\ufffd \ufffd[31m.md'" in done.err
    assert premises.paperboy("ingest", "digests").out.startswith("digests: 0 new, 0 revised, 1")


def test_a_problem_is_told_with_its_line_on_standard_error(premises: Premises) -> None:
    premises.write(
        "2025-04-28.md", digest("2025-04-28", row("Sound", "2504.1"), "| No Link | Ada | It. | | | |")
    )
    done = premises.paperboy("ingest", "2025-04-28.md")
    assert done.code == 0
    assert re.search(r"path=2025-04-28.md line=6 paper='No Link' problem='This paper has no link", done.err)


# --- an archive of 300 files --------------------------------------------------------------------


def test_an_archive_without_a_terminal_is_taken_in_silently(premises: Premises, archive: Path) -> None:
    done = premises.paperboy("ingest", str(archive))
    assert done.out == f"{archive.name}: 300 new, 0 revised, 0 unchanged digests; 600 papers written.\n"
    assert done.err == ""


@pytest.mark.parametrize("named", [True, False], ids=["files", "a source"])
def test_an_archive_in_a_terminal_has_a_progress_bar(premises: Premises, archive: Path, named: bool) -> None:
    premises.config(f'[[sources]]\nname = "old"\nkind = "folder"\npath = "{archive}"\n')
    out, shown = in_a_terminal(premises, "ingest", *([str(archive)] if named else []))
    assert re.fullmatch(r"\w+: 300 new, .*\n", out)
    assert re.search(r"(Reading|Fetching old) .*━", shown)
    assert re.search(r"\d+/(300|\?)", shown)


def in_a_terminal(premises: Premises, *arguments: str) -> tuple[str, str]:
    """Standard output, and what a terminal gets on standard error."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        cwd=premises.folder,
        env=premises.environment | {"TERM": "xterm-256color"},
        stdout=subprocess.PIPE,
        stderr=follower,
    )
    os.close(follower)
    shown = b""
    try:
        while read := os.read(leader, 65536):
            shown += read
    except OSError:  # how a pty says that nobody holds its other end any more
        pass
    out, _ = process.communicate()
    os.close(leader)
    return out.decode(), shown.decode()
