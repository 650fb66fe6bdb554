"""The `paperboy` command, a file a command; errors become a sentence and an exit code."""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module
from typing import Annotated, Any

import structlog
import typer
from typer.core import TyperGroup
from typer.main import get_group

from bot import __version__, log
from bot.cli.words import FAILED, MISUSED, complain
from bot.errors import BadArgument, BotError, SettingsError

FAULT = "This is a fault of Paperboy's own. Please report it with the lines below"
COMMANDS = {
    "demo": "Play a short tour without Slack, and show it as a page.",
    "run": "Run the bot: fetch digests, post them, answer members.",
    "ingest": "Take digests into the library.",
    "parse": "Show what is read of digests, and store nothing.",
    "search": "Find papers in the library.",
    "preview": "Draw a day's post as a channel would see it.",
    "deliveries": "Show what was sent, what waits, and what was given up and why.",
    "doctor": "Look at everything that can be wrong, and say what to do about it.",
    "bench": "Measure speed on this machine.",
    "db": "Bring the database's schema up to date.",
}


class Commands(TyperGroup):
    """Lists all by their line above, and imports only the one that is to run: all of them take a second."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return name, load(name) if name in COMMANDS else command, rest


def load(name: str) -> Any:
    """The command itself, its file imported."""
    alone = typer.Typer(rich_markup_mode="markdown")
    import_module(f"bot.cli.{name}").register(alone)
    return get_group(alone).commands[name]


app = typer.Typer(
    name="paperboy",
    cls=Commands,
    help="Brings a Slack team its daily AI papers.\n\nTo see it at work without Slack: paperboy demo",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 done, 1 something failed (the message says what), 2 a wrong argument or setting.",
)
for name, summary in COMMANDS.items():
    app.command(name, help=summary)(lambda: None)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def paperboy(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None: ...


def main() -> None:
    log.configure(os.environ.get("PAPERBOY_LOG", ""), "WARNING")  # until the settings are read
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # where an output speaks no Unicode
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except BotError as error:
        complain(error.user_message)
        sys.exit(MISUSED if isinstance(error, SettingsError | BadArgument) else FAILED)
    except BrokenPipeError:
        # The reader (`| head`) has seen enough. Python would try to flush once more at exit, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except Exception:
        structlog.get_logger("bot").exception(FAULT)
        sys.exit(FAILED)
