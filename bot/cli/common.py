"""What every command shares: settings, consoles, exit codes, and a way into async code."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Coroutine, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console

from bot import log
from bot.errors import BadArgument
from bot.settings import Settings, load
from bot.sources.source import LIMIT

T = TypeVar("T")

FAILED = 1
MISUSED = 2
ENV_FILE = Path(".env")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def settings(level: str = "WARNING") -> Settings:
    """Read settings, and set the log up as they say."""
    found = load(os.environ, dotenv=ENV_FILE)
    log.configure(found.log, level)
    return found


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """Every *.md below the folders, and the files named; BadArgument for what is not there."""
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.rglob("*.md") if one.is_file())
        elif path.exists():
            yield path
        else:
            raise BadArgument(f"There is no file or folder {path}.")


def read(path: Path) -> bytes:
    """A file's first 20 MB and a byte: the parser says of a larger one that it is no digest."""
    try:
        with path.open("rb") as file:
            return file.read(LIMIT + 1)
    except OSError as error:
        raise BadArgument(f"{path} can't be read ({error.strerror}).") from error


def go(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def print_json(value: Any) -> None:
    """One object a line, for scripts."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
