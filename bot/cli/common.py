"""What commands share: settings, and the files that they are given."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Any, TypeVar

from bot import log
from bot.errors import BadArgument
from bot.settings import Settings, load, strangers
from bot.sources.scan import scan
from bot.sources.source import LIMIT

T = TypeVar("T")

ENV_FILE = Path(".env")


def settings(level: str = "WARNING") -> Settings:
    """Read settings, and set the log up as they say."""
    found = load(os.environ, dotenv=ENV_FILE)
    log.configure(found.log, level)
    return found


def strange_variables() -> list[str]:
    """What is to be said of those that look like settings and are none."""
    return strangers(os.environ, dotenv=ENV_FILE)


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


def write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise BadArgument(f"{shown(path)} can't be written ({error.strerror}).") from error


def shown(argument: Path | str) -> str:
    """Text, whatever bytes it is made of."""
    return os.fsencode(argument).decode("utf-8", "replace")


def source_of(path: Path) -> str:
    """The name of the folder that a file lies in, other than those of years and months."""
    names = [folder.name for folder in path.absolute().parents if not folder.name.isdigit()]
    return shown(names[0]) or "files"
