"""What holds for every command: help with an example, exit codes, data and messages on two streams."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from premises import Premises
from typer.testing import CliRunner
from warm import Warm

from bot.cli import app

COMMANDS = (
    "demo",
    "run",
    "ingest",
    "parse",
    "search",
    "preview",
    "deliveries",
    "doctor",
    "bench parse",
    "db upgrade",
)


# Root may enter any folder. What is needed is imported before, since it may be in one of root's.
AS_NOBODY = """
import os
from bot.cli import COMMANDS, load, main
for name in COMMANDS:
    load(name)
if os.geteuid() == 0:
    os.setuid(65534)
main()
"""


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(command: str) -> None:
    told = CliRunner().invoke(app, [*command.split(), "--help"])
    assert told.exit_code == 0
    assert re.search(rf"Example: .*paperboy {command}", told.output)


@pytest.mark.parametrize(
    ("arguments", "without"),
    [
        (["--version"], {"bot.settings", "pydantic", "aiohttp", "sqlalchemy", "slack_sdk"}),
        (["--help"], {"bot.settings", "pydantic", "aiohttp", "sqlalchemy", "slack_sdk"}),
        (["parse", "nowhere.md"], {"sqlalchemy", "slack_sdk"}),
        (["search", "robots"], {"apscheduler", "pgqueuer", "slack_sdk", "bot.sandbox"}),
    ],
    ids=["version", "help", "parse", "search"],
)
def test_a_command_starts_with_what_it_needs(bare: Premises, arguments: list[str], without: set[str]) -> None:
    program = "import sys; from bot.cli import main\ntry: main()\nfinally: print(*sys.modules)"
    loaded = bare.paperboy_anew(*arguments, code=program).out.split()
    assert "bot.cli" in loaded
    assert without.isdisjoint(loaded)


def test_the_installed_command_is_the_module() -> None:
    paperboy = Path(sys.executable).with_name("paperboy")
    done = subprocess.run([paperboy, "--version"], capture_output=True, text=True)
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", done.stdout)


@pytest.mark.parametrize(
    "arguments",
    [
        ["preview"],
        ["preview", "yesterday's"],
        ["parse", "nowhere.md"],
        ["ingest", "nowhere"],
        ["ingest"],  # no source is set, either
        ["search"],
        ["search", "robots", "--jsn"],
        ["search", "--batch", "nowhere.jsonl"],
        ["search", "robots", "--limit", "0"],
        ["deliveries", "--state", "lost"],
        ["run"],  # without tokens
    ],
    ids=" ".join,
)
def test_a_wrong_argument_or_setting_is_exit_code_2(premises: Premises, arguments: list[str]) -> None:
    done = premises.paperboy(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.strip()
    assert "Traceback" not in done.err


def test_an_address_of_no_database_is_a_wrong_setting(bare: Premises) -> None:
    for command in ["search", "robots"], ["deliveries"], ["ingest", "."], ["db", "upgrade"]:
        done = bare.paperboy(*command, DATABASE_URL="mysql://me:hush@nowhere/nothing")
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("DATABASE_URL names no database that Paperboy knows. Write sqlite")


IN_A_FOLDER = (
    ["search", "robots"],
    ["deliveries"],
    ["preview", "2025-04-28"],
    ["ingest", "digests"],
    ["db", "upgrade"],
    ["run"],
)


@pytest.mark.parametrize("data", ["notes", "notes/data"])
def test_data_that_can_be_no_folder(bare: Premises, data: str) -> None:
    notes = bare.write("notes", "a file")
    bare.write("digests/notes.md", "")
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    for command in IN_A_FOLDER:
        done = bare.paperboy(*command, PAPERBOY_DATA=data, **tokens)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith(f"PAPERBOY_DATA is {data}, and {notes} is no folder. Mend that")


@pytest.mark.parametrize("data", ["closed", "closed/data"])
def test_data_in_a_folder_without_a_right_to_it(warm: Warm, data: str) -> None:
    with TemporaryDirectory() as folder:  # pytest's own are closed to others
        Path(folder).chmod(0o755)
        closed = Path(folder, "closed")
        closed.mkdir(0)
        for command in ["search", "robots"], ["deliveries"], ["db", "upgrade"]:
            done = Premises(Path(folder), warm).paperboy_anew(*command, code=AS_NOBODY, PAPERBOY_DATA=data)
            assert (done.code, done.out) == (2, ""), done.err
            assert done.err.startswith(f"PAPERBOY_DATA is {data}, and this user has no right to {closed}. ")


def test_a_name_longer_than_any_is_only_not_there(premises: Premises) -> None:
    done = premises.paperboy("parse", "x" * 5000)
    assert done.code == 2
    assert done.err.startswith("There is no file or folder xxx")


def test_a_mistake_in_the_configuration_names_the_key_and_the_nearest_right_one(bare: Premises) -> None:
    bare.config('[[feeds]]\nchanel = "C0123456789"\n')
    done = bare.paperboy("search", "robots")
    assert done.code == 2
    assert 'chanel: there is no such key; did you mean "channel"?' in done.err


def test_a_database_that_was_never_made_is_not_made_by_looking(bare: Premises) -> None:
    for command in ["search", "robots"], ["deliveries"], ["preview", "2025-04-28"]:
        done = bare.paperboy(*command)
        assert done.code == 1
        assert done.err.endswith("Run `paperboy db upgrade`, then try again.\n")
    assert list(bare.folder.iterdir()) == []


def test_db_upgrade_makes_it_and_may_be_repeated(bare: Premises) -> None:
    first, second = bare.paperboy("db", "upgrade"), bare.paperboy("db", "upgrade")
    assert re.fullmatch(r"The database is now at \w+\.\nThe search index was up to date\.\n", first.out)
    assert second.out == "The database was up to date.\nThe search index was up to date.\n"
    assert (first.code, second.code) == (0, 0)


def test_db_upgrade_of_postgresql(bare: Premises, bare_postgres_url: str) -> None:
    done = bare.paperboy("db", "upgrade", DATABASE_URL=bare_postgres_url)
    assert done.code == 0, done.err


def test_the_demo_is_done_with_exit_code_0(bare: Premises) -> None:
    done = bare.paperboy("demo")
    assert done.code == 0, done.err
    assert "The next morning" in done.out
    assert done.err == ""


@pytest.mark.parametrize("command", ["parse {} --json", "parse {}", "demo"])
def test_a_reader_that_has_seen_enough(bare: Premises, archive: Path, command: str) -> None:
    line = f"set -o pipefail; {sys.executable} -m bot {command.format(archive)} | head -n 1"
    done = subprocess.run(
        ["bash", "-c", line], cwd=bare.folder, env=bare.environment, capture_output=True, text=True
    )
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_an_output_that_speaks_no_unicode(stocked: Premises) -> None:
    done = stocked.paperboy_anew("preview", "2025-04-28", PYTHONIOENCODING="ascii")
    assert done.code == 0, done.err
    assert "Grasping: A Study" in done.out
