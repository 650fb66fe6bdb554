"""The `paperboy` command. Each file holds commands of one kind; errors become a sentence and an exit code."""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated

import structlog
import typer

from bot import __version__, log
from bot.cli import bench, database, deliveries, demo, doctor, ingest, parse, preview, run, search
from bot.cli.common import FAILED, MISUSED, complain
from bot.errors import BadArgument, BotError, SettingsError

FAULT = "This is a fault of Paperboy's own. Please report it with the lines below"

app = typer.Typer(
    name="paperboy",
    help="Brings a Slack team its daily AI papers.\n\nTo see it at work without Slack: paperboy demo",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 done, 1 something failed (the message says what), 2 a wrong argument or setting.",
)
for commands in (demo, run, ingest, parse, search, preview, deliveries, doctor, bench, database):
    commands.register(app)


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
