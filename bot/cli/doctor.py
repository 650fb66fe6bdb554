"""`paperboy doctor`: looks at everything that can be wrong, and says what to do about it."""

from __future__ import annotations

from contextlib import aclosing
from typing import Annotated

import typer

from bot import doctor as checks
from bot.cli.common import go, settings, strange_variables
from bot.cli.words import FAILED, MISUSED, Json, out, print_json, say
from bot.doctor import Finding, Health
from bot.errors import SettingsError

MARKS = {Health.FINE: "[green]✓[/]", Health.NOTE: "[yellow]•[/]", Health.WRONG: "[red]✗[/]"}
MEND = "Correct it, then look again: without it nothing else can be checked."


def register(app: typer.Typer) -> None:
    @app.command(epilog="Example: `paperboy doctor`  ·  for a health check: `paperboy doctor --quiet`")
    def doctor(
        quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show only what is wrong.")] = False,
        json_: Json = False,
    ) -> None:
        """Check settings, database, sources, Slack, clock and channels. Exit code 1: something is wrong."""
        if not go(_doctor(quiet, json_)):
            raise typer.Exit(FAILED)


async def _doctor(quiet: bool, json_: bool) -> bool:
    """Whether all is well; findings are shown as they come."""
    try:
        found = settings("ERROR")
    except SettingsError as error:
        _show(Finding("settings", Health.WRONG, error.user_message, MEND), quiet, json_)
        raise typer.Exit(MISUSED) from error
    well = True
    async with aclosing(
        checks.examine(found, strangers=strange_variables())
    ) as looked:  # a reader such as `| head` may end it early
        async for finding in looked:
            _show(finding, quiet, json_)
            well &= finding.health is not Health.WRONG
    return well


def _show(one: Finding, quiet: bool, json_: bool) -> None:
    if json_:
        print_json({"check": one.check, "health": one.health.value, "found": one.found, "advice": one.advice})
    elif not quiet or one.health is Health.WRONG:
        out.print(MARKS[one.health], end=" ")
        say(f"{one.check}: {one.found}")
        if one.advice:
            say(f"  → {one.advice}")
