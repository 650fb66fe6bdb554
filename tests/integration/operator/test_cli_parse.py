"""`paperboy parse`: what is read of digests, for people and for programs."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from premises import HEADER, Premises, digest, row

ROWS = (
    row("Grasping: A Study", "2504.00001v2", "'Robotics', 'Audio'"),
    "| Loose Ends | Ada Reyes | It ends. | | | |",
)


def test_json_has_the_shape_that_is_promised(bare: Premises) -> None:
    bare.write("local/2025-04-28.md", digest("2025-04-28", *ROWS))
    done = bare.paperboy("parse", "local/2025-04-28.md", "--json")
    (read,) = done.objects
    problems = read.pop("problems")
    assert read == {
        "date": "2025-04-28",
        "source": "local",
        "papers": [
            {
                "arxiv_id": "2504.00001",
                "title": "Grasping: A Study",
                "url": "https://arxiv.org/abs/2504.00001v2",
                "authors": ["Ada Reyes", "Bo Chen"],
                "summary": ["It moves an arm.", "It is quick."],
                "tags": ["Robotics", "Audio"],
                "github_urls": [],
                "huggingface_urls": [],
            },
            {
                "arxiv_id": None,
                "title": "Loose Ends",
                "url": None,
                "authors": ["Ada Reyes"],
                "summary": ["It ends."],
                "tags": [],
                "github_urls": [],
                "huggingface_urls": [],
            },
        ],
    }
    assert problems
    assert all(problem.keys() == {"line", "paper", "message"} for problem in problems)
    assert (done.code, done.err) == (0, "")


def test_people_get_papers_on_one_stream_and_problems_on_the_other(bare: Premises) -> None:
    bare.write("2025-04-28.md", digest("2025-04-28", *ROWS))
    done = bare.paperboy("parse", "2025-04-28.md")
    assert done.out.splitlines() == [
        "2025-04-28  2 papers  2025-04-28.md",
        "  Grasping: A Study  2504.00001",
        "  Loose Ends",
    ]
    assert done.err.startswith("  2025-04-28.md:6: This paper has no link")


def test_a_folder_is_read_oldest_first_with_a_line_a_digest(bare: Premises, archive: Path) -> None:
    read = bare.paperboy("parse", str(archive), "--json").objects
    assert len(read) == 300
    assert [one["date"] for one in read] == sorted(one["date"] for one in read)


def test_a_file_of_many_days_is_a_line_a_day(bare: Premises) -> None:
    days = [digest(f"2025-04-{day}", row(f"Of the {day}th", f"2504.000{day}")) for day in (28, 27)]
    bare.write("README.md", "\n".join(days))
    assert [one["date"] for one in bare.paperboy("parse", "README.md", "--json").objects] == [
        "2025-04-28",
        "2025-04-27",
    ]


def test_a_file_that_is_no_digest_fails_and_costs_no_other(bare: Premises) -> None:
    bare.write("2025-04-27.md", "Just some notes.")
    bare.write("2025-04-28.md", digest("2025-04-28", *ROWS))
    done = bare.paperboy("parse", ".", "--json")
    assert done.code == 1
    assert [len(one["papers"]) for one in done.objects] == [0, 2]


def test_what_can_not_be_read_costs_no_other(bare: Premises) -> None:
    bare.write("2025-04-28.md", digest("2025-04-28", *ROWS))
    (bare.folder / "2025-04-29.md").symlink_to("/proc/self/mem")
    (bare.folder / "2025-04-30.md").symlink_to("nowhere")
    done = bare.paperboy("parse", ".", "--json")
    assert (done.code, len(done.objects)) == (1, 1)
    assert done.err == "2025-04-29.md can't be read (Input/output error).\n"


def test_a_file_name_that_is_no_utf_8(bare: Premises) -> None:
    name = b"caf\xe9/\x9b31m 2025-04-28.md"
    path = Path(os.fsdecode(os.fsencode(bare.folder) + b"/" + name))
    path.parent.mkdir()
    path.write_text(f"{HEADER}\n|---|---|---|---|---|---|\n{ROWS[0]}\n")
    (read,) = bare.paperboy("parse", name, "--json").objects
    assert (read["source"], read["date"]) == ("caf\ufffd", "2025-04-28")
    assert bare.paperboy("parse", name).out.startswith("2025-04-28  1 papers  caf\ufffd/")


def test_it_reads_a_pipe(bare: Premises) -> None:
    pipe = bare.folder / "2025-04-28.md"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=[digest("2025-04-28", *ROWS)])
    writer.start()
    assert "Grasping" in bare.paperboy("parse", "2025-04-28.md").out
    writer.join()
