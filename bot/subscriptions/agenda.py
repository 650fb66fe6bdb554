"""When something is due next, for whomever."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.library.tables import feed, member
from bot.subscriptions import feeds

HOURS = (feed.c.next_at, feed.c.roundup_at, member.c.next_at)


async def next_hour(conn: AsyncConnection, now: dt.datetime) -> dt.datetime | None:
    """The first moment after `now` at which a feed, its round-up or a member's digest is due."""
    firsts = (sa.select(sa.func.min(hour)).where(hour > now).scalar_subquery() for hour in HOURS)
    found = (await conn.execute(sa.select(*firsts))).one()
    return min((moment for moment in found if moment), default=None)


async def has_come(conn: AsyncConnection, now: dt.datetime) -> bool:
    """Whether one of these moments is there, of a feed that runs or of a member."""
    running = (
        sa.exists().where(feed.c.next_at <= now, feeds.RUNS),
        sa.exists().where(feed.c.roundup_at <= now, feeds.RUNS),
        sa.exists().where(member.c.next_at <= now),
    )
    return bool((await conn.execute(sa.select(sa.or_(*running)))).scalar_one())
