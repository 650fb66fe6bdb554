"""What every command shares: settings, files, words for people on either stream, exit codes."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import structlog
import typer
from rich.console import Console

from bot import log
from bot.errors import BadArgument
from bot.settings import Settings, load
from bot.sources.scan import scan
from bot.sources.source import LIMIT

T = TypeVar("T")

FAILED = 1
MISUSED = 2
ENV_FILE = Path(".env")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Json = Annotated[bool, typer.Option("--json", help="For programs: a JSON object a line.")]


def settings(level: str = "WARNING") -> Settings:
    """Read settings, and set the log up as they say."""
    found = load(os.environ, dotenv=ENV_FILE)
    log.configure(found.log, level)
    return found


def go(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


# --- files ------------------------------------------------------------------------------------


def files(named: Iterable[Path]) -> list[Path]:
    """The files named and every *.md below the folders, oldest first; BadArgument for what is not there.

    A folder that can't be entered is among them, for `read` to say so.
    """
    return [path for one in named for path in _below(one)]


def _below(path: Path) -> list[Path]:
    if not exists(path):
        raise BadArgument(f"There is no file or folder {shown(path)}.")
    if path.is_dir():
        found, barred = scan(path)
        in_order = sorted(found, key=lambda file: file.order)
        return [Path(file.path) for file in in_order] + [Path(skipped.path) for skipped in barred]
    return [path]


def exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # such as a name that is too long for any
        return False


def read(path: Path, most: int = LIMIT + 1) -> bytes:
    """A file's first 20 MB and a byte: the parser says of a larger one that it is no digest. -1: all."""
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise BadArgument(f"{shown(path)} can't be read ({error.strerror}).") from error


def shown(argument: Path | str) -> str:
    """Text, whatever bytes it is made of."""
    return os.fsencode(argument).decode("utf-8", "replace")


def source_of(path: Path) -> str:
    """The name of the folder that a file lies in, other than those of years and months."""
    names = [folder.name for folder in path.absolute().parents if not folder.name.isdigit()]
    return shown(names[0]) or "files"


# --- words --------------------------------------------------------------------------------------


def say(text: str, style: str | None = None) -> None:
    """Data for people, on standard output."""
    out.print(log.harmless(text), markup=False, style=style)


def warn(text: str) -> None:
    """What is to be known beside the data, on standard error."""
    err.print(log.harmless(text), markup=False, style="yellow")


def complain(text: str) -> None:
    """The last word of a command that fails; where the log is for machines, so is this."""
    if log.is_for_machines():
        structlog.get_logger("bot").error(text)
    else:
        err.print(log.harmless(text), markup=False, style="red")


def print_json(value: Any) -> None:
    """One object a line, for programs."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
