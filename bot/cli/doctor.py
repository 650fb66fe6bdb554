"""`paperboy doctor`: looks at everything that can be wrong, and says what to do about it."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import doctor as checks
from bot.cli.common import FAILED, go, out, print_json, settings
from bot.doctor import Health

MARKS = {Health.FINE: "[green]✓[/]", Health.NOTE: "[yellow]•[/]", Health.WRONG: "[red]✗[/]"}


def register(app: typer.Typer) -> None:
    @app.command(epilog="Example: `paperboy doctor`  ·  for a health check: `paperboy doctor --quiet`")
    def doctor(
        quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show only what is wrong.")] = False,
        json_: Annotated[bool, typer.Option("--json", help="One JSON object a check.")] = False,
    ) -> None:
        """Check settings, tokens, scopes, channels, sources, database and clock. Exit code 1: one is wrong."""
        findings = go(checks.examine(settings("ERROR")))
        for one in findings:
            if json_:
                print_json(
                    {"check": one.check, "health": one.health.value, "found": one.found, "advice": one.advice}
                )
            elif not quiet or one.health is Health.WRONG:
                out.print(MARKS[one.health], end=" ")
                out.print(f"{one.check}: {one.found}", markup=False)
                if one.advice:
                    out.print(f"  → {one.advice}", markup=False)
        if any(one.health is Health.WRONG for one in findings):
            raise typer.Exit(FAILED)
