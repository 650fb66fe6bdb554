"""`paperboy deliveries`: what the ledger holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from bot import log
from bot.app.core import open_core
from bot.cli.common import go, settings
from bot.cli.words import Json, out, print_json, say
from bot.delivery import desk
from bot.errors import BadArgument
from bot.library.dates import first_day
from bot.model import DeliveryKind, State

Move = Callable[[Any, int, dt.datetime], Awaitable[bool]]  # one of the desk's

EMPTY = "The ledger is empty: nothing was sent, and nothing waits."
NOT_PARKED = "Row {id} is not parked, so there is nothing to send after all."
NOT_WAITING = "Row {id} does not wait: it was sent or given up already, or is being sent just now."
NONE_SUCH = "The ledger has no such row."


def register(app: typer.Typer) -> None:
    @app.command(epilog="Example: `paperboy deliveries --state parked`")
    def deliveries(
        state: Annotated[State | None, typer.Option(help="Only those in this state.")] = None,
        channel: Annotated[str | None, typer.Option(help="Only this channel's or member's (its id).")] = None,
        day: Annotated[
            str | None, typer.Option(metavar="DATE", help="Only this day's: 2025-04-28, yesterday.")
        ] = None,
        limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 30,
        why: Annotated[int | None, typer.Option(metavar="ID", help="Tell this row's story.")] = None,
        retry: Annotated[
            int | None, typer.Option(metavar="ID", help="Send this parked row after all.")
        ] = None,
        park: Annotated[int | None, typer.Option(metavar="ID", help="Give this waiting row up.")] = None,
        json_: Json = False,
    ) -> None:
        """Show what was sent, what waits, and what was given up and why."""
        if retry is not None:
            go(_move(retry, desk.retry, NOT_PARKED))
        if park is not None:
            go(_move(park, desk.park, NOT_WAITING))
        told = next((row_id for row_id in (why, retry, park) if row_id is not None), None)
        if told is not None:
            row = go(_row(told))
            if json_:
                print_json(_as_json(row) | {"story": row.story.splitlines()})
            else:
                out.print(log.harmless(row.story), end="", markup=False)
            return
        rows, counts = go(_rows(state, channel, day, limit))
        if json_:
            for row in rows:
                print_json(_as_json(row))
        elif rows:
            out.print(_table(rows))
            say(", ".join(f"{number} {name}" for name, number in sorted(counts.items())))
        else:
            say(NONE_SUCH if counts else EMPTY)


async def _row(row_id: int) -> Any:
    async with open_core(settings(), migrate=False) as core, core.database.read() as conn:
        row = await desk.get(conn, row_id)
    if row is None:
        raise BadArgument(f"The ledger has no row {row_id}. `paperboy deliveries` lists them.")
    return row


async def _move(row_id: int, move: Move, refused: str) -> None:
    async with open_core(settings(), migrate=False) as core, core.database.begin() as conn:
        if not await move(conn, row_id, await core.time(conn)):
            raise BadArgument(refused.format(id=row_id))


async def _rows(
    state: State | None, channel: str | None, day: str | None, limit: int
) -> tuple[list[Any], dict[str, int]]:
    async with open_core(settings(), migrate=False) as core, core.database.read() as conn:
        date = _date(day, (await core.time(conn)).date()) if day is not None else None
        rows = await desk.listing(conn, state=state, destination=channel, day=date, limit=limit)
        return rows, await desk.counts(conn)


def _date(text: str, today: dt.date) -> dt.date:
    if date := first_day(text, today):
        return date
    raise BadArgument(f"“{text}” is no day. Write 2025-04-28, today or yesterday.")


def _table(rows: list[Any]) -> Table:
    """Notes stand below what they are about."""
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("id", "state", "when (UTC)", "where"):
        table.add_column(name, no_wrap=True)
    table.add_column("what", overflow="fold")
    for row in rows:
        when = f"{row.done_at or row.due_at:%Y-%m-%d %H:%M}"
        cells = str(row.id), row.state, when, row.destination, _what(row)
        table.add_row(*(Text(log.harmless(cell)) for cell in cells))
        if row.note:
            table.add_row("", "", "", "", Text(log.harmless(row.note), style="dim"))
    return table


def _what(row: Any) -> str:
    """A digest's day and source, and which of its messages, from 0; or whose own digest it is."""
    if row.date:
        return f"{row.date} {row.source} #{row.key.rpartition(':')[2]}"
    return f"digest of @{row.destination}" if row.kind == DeliveryKind.MEMBER else row.kind


def _as_json(row: Any) -> dict[str, object]:
    return {
        "id": row.id,
        "key": row.key,
        "state": row.state,
        "workspace": row.workspace,
        "destination": row.destination,
        "kind": row.kind,
        "date": row.date.isoformat() if row.date else None,
        "source": row.source,
        "due_at": row.due_at.isoformat(),
        "done_at": row.done_at.isoformat() if row.done_at else None,
        "attempts": row.attempts,
        "slack_ts": row.slack_ts,
        "note": row.note,
    }
