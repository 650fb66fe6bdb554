"""The `paperboy` command. Each file holds commands of one kind; errors become a sentence and an exit code."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot import __version__
from bot.cli import bench, database, deliveries, demo, doctor, library, preview, run
from bot.cli.common import FAILED, MISUSED, err
from bot.errors import BotError, SettingsError

app = typer.Typer(
    name="paperboy",
    help="Brings a Slack team its daily AI papers.\n\nTo see it at work without Slack: paperboy demo",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 done, 1 something failed (the message says what), 2 a wrong argument or setting.",
)
demo.register(app)
run.register(app)
library.register(app)
preview.register(app)
deliveries.register(app)
doctor.register(app)
bench.register(app)
database.register(app)


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
    try:
        app()
    except BotError as error:
        err.print(error.user_message, markup=False, highlight=False, style="red")
        sys.exit(MISUSED if isinstance(error, SettingsError) else FAILED)
    except BrokenPipeError:
        # The reader (`| head`) has seen enough; Python's own complaint at exit would be noise.
        sys.stderr.close()
        sys.exit(FAILED)
