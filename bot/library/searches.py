"""What members searched for of late, each search once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.library.database import insert
from bot.library.tables import recent_search

KEPT = 10  # of a member


async def note(conn: AsyncConnection, workspace: str, member: str, query: str, now: dt.datetime) -> None:
    row = {"workspace": workspace, "member": member, "query": query, "asked_at": now}
    again = insert(conn, recent_search).on_conflict_do_update(
        index_elements=list(recent_search.primary_key.columns), set_={"asked_at": now}
    )
    await conn.execute(again, row)
    kept = _newest(workspace, member).limit(KEPT)
    await conn.execute(
        recent_search.delete().where(_owned(workspace, member), recent_search.c.query.not_in(kept))
    )


async def last(conn: AsyncConnection, workspace: str, member: str) -> list[str]:
    """The newest first."""
    rows = await conn.execute(_newest(workspace, member).limit(KEPT))
    return [row[0] for row in rows]


async def forget(conn: AsyncConnection, workspace: str, member: str) -> None:
    await conn.execute(recent_search.delete().where(_owned(workspace, member)))


def _newest(workspace: str, member: str) -> sa.Select[Any]:
    return (
        sa.select(recent_search.c.query)
        .where(_owned(workspace, member))
        .order_by(recent_search.c.asked_at.desc(), recent_search.c.query)
    )


def _owned(workspace: str, member: str) -> sa.ColumnElement[bool]:
    return sa.and_(recent_search.c.workspace == workspace, recent_search.c.member == member)
