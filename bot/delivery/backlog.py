"""How much is still to be sent, and for how long the oldest of it has waited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.library.tables import OPEN_STATES, delivery


@dataclass(frozen=True, slots=True)
class Backlog:
    rows: Mapping[str, int]  # by state
    since: dt.datetime | None  # when the oldest row that is due was written; None: nothing is due


async def of(conn: AsyncConnection, now: dt.datetime) -> Backlog:
    """Reads open rows only. A row's age counts from its writing: each attempt moves `due_at` on."""
    due = sa.case((delivery.c.due_at <= now, delivery.c.created_at))
    rows = await conn.execute(
        sa.select(delivery.c.state, sa.func.count(), sa.func.min(due))
        .where(sa.text(f"delivery.state IN {OPEN_STATES}"))
        .group_by(delivery.c.state)
    )
    found = rows.all()
    return Backlog(
        rows={state: count for state, count, _ in found},
        since=min((since for *_, since in found if since), default=None),
    )
