"""The ledger as an operator meets it: what was sent, what waits and why, and a hand on single rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.rows import told
from bot.library.tables import delivery, digest
from bot.model import State


def _rows() -> sa.Select[Any]:
    """Each with its digest's day and source."""
    return sa.select(delivery, digest.c.date, digest.c.source).outerjoin(
        digest, digest.c.id == delivery.c.digest_id
    )


async def listing(
    conn: AsyncConnection,
    *,
    state: str | None = None,
    destination: str | None = None,
    day: dt.date | None = None,
    limit: int = 50,
) -> list[sa.Row[Any]]:
    """The newest rows, for `paperboy deliveries`. `day`: of that day's digests, and of members' digests
    those that were planned then (UTC)."""
    statement = _rows().order_by(delivery.c.id.desc()).limit(limit)
    if state:
        statement = statement.where(delivery.c.state == state)
    if destination:
        statement = statement.where(delivery.c.destination == destination)
    if day:
        start = dt.datetime.combine(day, dt.time(), dt.UTC)
        planned = delivery.c.created_at >= start, delivery.c.created_at < start + dt.timedelta(days=1)
        statement = statement.where(
            sa.or_(digest.c.date == day, sa.and_(delivery.c.digest_id.is_(None), *planned))
        )
    return list(await conn.execute(statement))


async def counts(conn: AsyncConnection) -> dict[str, int]:
    """Rows a state."""
    rows = await conn.execute(sa.select(delivery.c.state, sa.func.count()).group_by(delivery.c.state))
    return dict(iter(rows))


async def get(conn: AsyncConnection, row_id: int) -> sa.Row[Any] | None:
    """One row, its story included."""
    found: sa.Row[Any] | None = (await conn.execute(_rows().where(delivery.c.id == row_id))).one_or_none()
    return found


async def retry(conn: AsyncConnection, row_id: int, now: dt.datetime) -> bool:
    """Send a parked row after all; False if it is not parked."""
    return await _move(conn, row_id, {State.PARKED}, State.PLANNED, "an operator asked for it", now)


async def park(conn: AsyncConnection, row_id: int, now: dt.datetime) -> bool:
    """Give a waiting row up; False if it does not wait (it was sent, or is being sent just now)."""
    waiting = {State.PLANNED, State.HELD, State.UNSURE}
    return await _move(conn, row_id, waiting, State.PARKED, "an operator gave it up", now)


async def _move(
    conn: AsyncConnection, row_id: int, old: set[State], new: State, why: str, now: dt.datetime
) -> bool:
    moved = await conn.execute(
        delivery.update()
        .where(
            delivery.c.id == row_id,
            delivery.c.state.in_([state.value for state in old]),
            delivery.c.payload.is_not(None),
        )
        .values(
            state=new.value,
            note=why,
            story=told(now, new, why),
            due_at=now,
            done_at=now if new is State.PARKED else None,
        )
    )
    return moved.rowcount == 1
