"""Words for people and programs on either stream, and the exit codes."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import structlog
import typer
from rich.console import Console

from bot import log

FAILED = 1
MISUSED = 2

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Json = Annotated[bool, typer.Option("--json", help="For programs: a JSON object a line.")]


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
