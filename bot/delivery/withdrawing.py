"""What a feed was about to send and does not; and what is sent after all, since that was undone or mended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import heads
from bot.delivery.rows import told
from bot.library.tables import delivery
from bot.model import State


async def withdraw(conn: AsyncConnection, feed_id: int, why: str, now: dt.datetime) -> None:
    """What a feed was about to send is not sent. What is on its way, or may have arrived, goes on."""
    waiting = [State.PLANNED.value, State.HELD.value]
    await conn.execute(
        delivery.update()
        .where(delivery.c.feed_id == feed_id, delivery.c.state.in_(waiting))
        .values(state=State.SKIPPED.value, note=why, story=told(now, State.SKIPPED, why), done_at=now)
    )


async def put_back(conn: AsyncConnection, feed_id: int, why: str, now: dt.datetime) -> None:
    """What was withdrawn for this reason is sent after all."""
    withdrawn = delivery.c.state == State.SKIPPED.value, delivery.c.note == why
    await conn.execute(
        delivery.update()
        .where(delivery.c.feed_id == feed_id, *withdrawn)
        .values(**_planned_again("that was undone", now))
    )


async def send_refused(
    conn: AsyncConnection, feed_id: int, codes: Collection[str], since: dt.datetime, now: dt.datetime
) -> None:
    """What Slack refused for these reasons since then, and what was given up with it, is sent after all: now
    the reason is gone. What may have arrived is not."""
    refused = sa.or_(*(delivery.c.note.startswith(f"{code}:", autoescape=True) for code in codes))
    along = sa.or_(delivery.c.note == heads.NO_PARENT, delivery.c.note.startswith(heads.PAUSED))
    await conn.execute(
        delivery.update()
        .where(
            delivery.c.feed_id == feed_id,
            delivery.c.state == State.PARKED.value,
            delivery.c.created_at > since,
            sa.or_(refused, sa.and_(along, delivery.c.attempts == 0)),
        )
        .values(**_planned_again("Slack takes it now", now))
    )


def _planned_again(why: str, now: dt.datetime) -> dict[str, Any]:
    return {
        "state": State.PLANNED.value,
        "note": None,
        "story": told(now, State.PLANNED, why),
        "due_at": now,
        "done_at": None,
    }
