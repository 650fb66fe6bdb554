"""A folder: every Markdown file below it, as often as it changes."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from webhost import NOW, Reader

from bot.errors import SourceError
from bot.sources import FolderSource

WEEK = dt.timedelta(days=7)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "digests"
    path.mkdir()
    return path


def put(folder: Path, name: str, text: str = "") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text or name)
    return file


def reader(folder: Path, backfill: dt.timedelta | None = None) -> Reader:
    return Reader(FolderSource("local", folder, backfill, limit=1000))


async def test_files_at_any_depth_come_oldest_day_first(folder: Path) -> None:
    names = ["2025-04-30.md", "b/2025/04/28.md", "a/20250429.MD"]
    for name in names:
        put(folder, name)
    put(folder, "notes.txt")
    put(folder, ".hidden.md")
    put(folder, ".git/2025-04-27.md")
    assert await reader(folder).read() == ["b/2025/04/28.md", "a/20250429.MD", "2025-04-30.md"]


async def test_a_file_without_a_date_is_as_old_as_it_was_written(folder: Path) -> None:
    put(folder, "2025-04-30.md")
    file = put(folder, "papers.md")
    written = dt.datetime(2025, 4, 29, tzinfo=dt.UTC).timestamp()
    os.utime(file, (written, written))
    assert await reader(folder).read() == ["papers.md", "2025-04-30.md"]


async def test_a_document_says_where_it_lies(folder: Path) -> None:
    file = put(folder, "2025-04-30.md")
    (document,) = await reader(folder).documents()
    assert document.path == str(file)


async def test_a_file_comes_once_and_again_when_it_changes(folder: Path) -> None:
    file = put(folder, "2025-04-30.md", "one")
    papers = reader(folder)
    assert await papers.read() == ["one"]
    assert await papers.read() == []
    file.write_text("two")  # as many bytes
    assert await papers.read() == ["two"]
    put(folder, "2025-05-01.md", "new")
    assert await papers.read() == ["new"]


async def test_a_file_put_in_place_of_another_comes_again(folder: Path) -> None:
    file = put(folder, "2025-04-30.md", "one")
    papers = reader(folder)
    await papers.read()
    put(folder, "draft", "two").replace(file)
    assert await papers.read() == ["two"]


async def test_a_file_that_goes_away_is_no_trouble(folder: Path) -> None:
    file = put(folder, "2025-04-30.md")
    papers = reader(folder)
    await papers.read()
    file.unlink()
    assert await papers.read() == []
    assert papers.problems == []


async def test_a_file_that_goes_away_in_between_is_no_trouble(folder: Path) -> None:
    put(folder, "2025-04-28.md")
    gone = put(folder, "2025-04-29.md")
    found = []
    async for item in FolderSource("local", folder, None).changed({}, NOW):
        gone.unlink(missing_ok=True)
        found.append(item.path)
    assert found == [str(folder / "2025-04-28.md")]


async def test_a_file_that_is_being_written_waits_for_the_next_look(folder: Path) -> None:
    first = put(folder, "2025-04-28.md")
    growing = put(folder, "2025-04-29.md", "half")
    source = FolderSource("local", folder, None)
    seen: dict[str, str] = {}
    async for item in source.changed({}, NOW):
        seen[item.path] = item.validator
        growing.write_text("half and half")  # after it was looked at, before it is read
    assert list(seen) == [str(first)]
    papers = reader(folder)
    papers.seen = seen
    assert await papers.read() == ["half and half"]


async def test_backfill_leaves_out_older_days_for_good(folder: Path) -> None:
    put(folder, "2025-04-20.md", "old")
    put(folder, "2025-04-28.md", "recent")
    put(folder, "undated.md", "undated")
    papers = reader(folder, WEEK)
    assert await papers.read() == ["recent", "undated"]
    assert await papers.read() == []
    assert papers.problems == []
    put(folder, "2025-04-19.md", "put there on purpose")
    assert await papers.read() == ["put there on purpose"]


async def test_without_backfill_all_there_is_comes(folder: Path) -> None:
    put(folder, "1999-12-31.md")
    assert await reader(folder).read() == ["1999-12-31.md"]


async def test_links_that_lead_in_a_circle_end(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    put(elsewhere, "2025-04-29.md", "elsewhere")
    put(folder, "a/2025-04-30.md", "here")
    (folder / "a/up").symlink_to(folder)
    (folder / "a/self").symlink_to("self")
    (folder / "linked").symlink_to(elsewhere)
    (folder / "linked again").symlink_to(elsewhere)
    (elsewhere / "back").symlink_to(folder)
    (folder / "nowhere.md").symlink_to("none")
    papers = reader(folder)
    assert await papers.read() == ["elsewhere", "here"]
    assert await papers.read() == []


async def test_what_is_no_file_is_left_alone(folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")  # reading it would wait for ever
    (folder / "folder.md").mkdir()
    (folder / "device.md").symlink_to("/dev/zero")
    papers = reader(folder)
    assert await papers.read() == []
    assert papers.problems == []


async def test_one_file_that_is_too_large_costs_no_other(folder: Path) -> None:
    put(folder, "2025-04-29.md", "x" * 1001)
    put(folder, "2025-04-30.md", "fine")
    papers = reader(folder)
    assert await papers.read() == ["fine"]
    assert await papers.read() == []
    assert papers.problems == [
        f"{folder}/2025-04-29.md is larger than 0.000954 MB and was left out."
        " If it is a digest, split it into a file a day"
    ]


async def test_one_file_that_cannot_be_read_costs_no_other(folder: Path) -> None:
    (folder / "2025-04-29.md").symlink_to("/proc/self/mem")  # a file that even root can't read
    put(folder, "2025-04-30.md", "fine")
    papers = reader(folder)
    assert await papers.read() == ["fine"]
    assert papers.problems == [
        f"{folder}/2025-04-29.md can't be read (Input/output error) and was left out."
        " Check its owner and rights"
    ]


async def test_a_file_that_may_be_read_again_is(folder: Path) -> None:
    file = put(folder, "2025-04-30.md")
    papers = reader(folder)
    await papers.read()
    file.chmod(0o600)
    assert await papers.read() == ["2025-04-30.md"]


async def test_names_that_are_no_text_and_times_that_are_no_date(folder: Path) -> None:
    put(folder, os.fsdecode(b"caf\xe9 2025-04-30.md"), "latin")
    os.utime(put(folder, "far.md"), (2**40, 2**40))
    papers = reader(folder)
    assert await papers.read() == ["latin", "far.md"]
    assert next(iter(papers.seen)) == f"{folder}/caf\ufffd 2025-04-30.md"
    assert await papers.read() == []


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        await reader(tmp_path / "none").read()
    assert not caught.value.transient
    assert caught.value.user_message == (
        f"There is no folder {tmp_path}/none. Create it, or mend `path` in the settings"
    )


async def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    file = put(tmp_path, "2025-04-30.md")
    with pytest.raises(SourceError) as caught:
        await reader(file).read()
    assert caught.value.user_message == (
        f"{file} is a file. Name the folder it lies in as `path` in the settings"
    )
