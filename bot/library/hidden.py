"""What members said is not for them: it comes to them no more by itself, and a search still finds it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.library.database import insert
from bot.library.tables import hidden_paper


async def hide(conn: AsyncConnection, workspace: str, member: str, paper_id: int, now: dt.datetime) -> None:
    row = {"workspace": workspace, "member": member, "paper_id": paper_id, "hidden_at": now}
    await conn.execute(insert(conn, hidden_paper).values(row).on_conflict_do_nothing())


async def unhide(conn: AsyncConnection, workspace: str, member: str, paper_id: int) -> None:
    this = hidden_paper.c.paper_id == paper_id
    await conn.execute(sa.delete(hidden_paper).where(_owned(workspace, member), this))


async def of(conn: AsyncConnection, workspace: str, member: str) -> frozenset[int]:
    """Ids of all that this member hid."""
    rows = await conn.execute(sa.select(hidden_paper.c.paper_id).where(_owned(workspace, member)))
    return frozenset(rows.scalars())


def _owned(workspace: str, member: str) -> sa.ColumnElement[bool]:
    return sa.and_(hidden_paper.c.workspace == workspace, hidden_paper.c.member == member)
