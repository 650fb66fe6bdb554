"""`paperboy deliveries`: what the ledger holds."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from bot.app import open_core
from bot.cli.common import go, out, print_json, settings
from bot.delivery import desk
from bot.model import State


def register(app: typer.Typer) -> None:
    @app.command(epilog="Example: `paperboy deliveries --state parked`")
    def deliveries(
        state: Annotated[State | None, typer.Option(help="Only those in this state.")] = None,
        channel: Annotated[str | None, typer.Option(help="Only this channel's or member's (its id).")] = None,
        limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 30,
        json_: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    ) -> None:
        """Show what was sent, what waits, and what was given up and why."""
        rows, counts = go(_rows(state, channel, limit))
        if json_:
            for row in rows:
                print_json(_as_json(row))
            return
        table = Table("id", "state", "to", "due", "tries", "key", "note", box=None, header_style="bold")
        for row in rows:
            due = f"{row.due_at:%Y-%m-%d %H:%M}"
            to, tries, note = row.destination, str(row.attempts), row.note or ""
            table.add_row(str(row.id), row.state, to, due, tries, row.key, note)
        out.print(table)
        out.print(", ".join(f"{number} {name}" for name, number in sorted(counts.items())) or "nothing yet")


async def _rows(state: State | None, channel: str | None, limit: int) -> tuple[list[Any], dict[str, int]]:
    async with open_core(settings(), migrate=False) as core, core.database.read() as conn:
        rows = await desk.listing(conn, state=state, destination=channel, limit=limit)
        return rows, await desk.counts(conn)


def _as_json(row: Any) -> dict[str, object]:
    return {
        "id": row.id,
        "key": row.key,
        "state": row.state,
        "workspace": row.workspace,
        "destination": row.destination,
        "kind": row.kind,
        "due_at": row.due_at.isoformat(),
        "attempts": row.attempts,
        "slack_ts": row.slack_ts,
        "note": row.note,
    }
