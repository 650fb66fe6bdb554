"""Feeds as rows: what channels get. Planning reads them by `next_at`, which is set here and nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.library.tables import digest, feed
from bot.model import Feed, Layout, OnEmpty, Roundup
from bot.subscriptions import hours


@dataclass(frozen=True, slots=True)
class DueFeed:
    feed: Feed
    started: bool  # whether it was ever planned; if not, first_run decides what it gets


def _from_row(row: sa.Row[Any]) -> Feed:
    return Feed(
        workspace=row.workspace,
        channel=row.channel,
        post_at=hours.from_text(row.post_at) if row.post_at else None,
        timezone=row.timezone,
        filter=row.filter,
        layout=Layout(row.layout),
        on_empty=OnEmpty(row.on_empty),
        weekdays=tuple(int(day) - 1 for day in row.weekdays),
        roundup=Roundup(row.roundup),
        id=row.id,
        owner=row.owner,
        paused=row.paused,
    )


def _columns(wanted: Feed) -> dict[str, Any]:
    return {
        "post_at": hours.as_text(wanted.post_at) if wanted.post_at else None,
        "timezone": wanted.timezone,
        "filter": wanted.filter,
        "layout": wanted.layout.value,
        "on_empty": wanted.on_empty.value,
        "weekdays": "".join(str(day + 1) for day in wanted.weekdays),
        "roundup": wanted.roundup.value,
        "owner": wanted.owner,
    }


def _newest_digest() -> sa.ScalarSelect[int]:
    """Ids, and not moments: clocks are set back, and ids rise in the order of ingests."""
    return sa.select(sa.func.coalesce(sa.func.max(digest.c.id), 0)).scalar_subquery()


def first_moment(wanted: Feed, now: dt.datetime) -> dt.datetime:
    """When a feed is first planned: at once, or when its hour comes."""
    return hours.next_moment(wanted.post_at, wanted.timezone, now) if wanted.post_at else now


async def all_of(conn: AsyncConnection, workspace: str) -> list[Feed]:
    rows = await conn.execute(sa.select(feed).where(feed.c.workspace == workspace).order_by(feed.c.id))
    return [_from_row(row) for row in rows]


async def get(conn: AsyncConnection, feed_id: int) -> Feed | None:
    row = (await conn.execute(sa.select(feed).where(feed.c.id == feed_id))).one_or_none()
    return _from_row(row) if row else None


async def put(conn: AsyncConnection, wanted: Feed, now: dt.datetime) -> None:
    """Make or change the feed of `wanted.channel`. What it already posted stays known by the ledger."""
    key = (feed.c.workspace == wanted.workspace) & (feed.c.channel == wanted.channel)
    row = (await conn.execute(sa.select(feed).where(key))).one_or_none()
    columns = _columns(wanted)
    if row is None:
        await conn.execute(
            feed.insert().values(
                workspace=wanted.workspace,
                channel=wanted.channel,
                after_digest=_newest_digest(),
                next_at=first_moment(wanted, now),
                **columns,
            )
        )
        return
    if all(getattr(row, name) == value for name, value in columns.items()):
        return
    hour_changed = (row.post_at, row.timezone) != (columns["post_at"], columns["timezone"])
    if hour_changed:
        columns["next_at"] = first_moment(wanted, now)
    await conn.execute(feed.update().where(key).values(**columns))


async def sync(conn: AsyncConnection, workspace: str, wanted: Iterable[Feed], now: dt.datetime) -> None:
    """Make the rows that the configuration file owns equal to it; feeds made in Slack are left alone.

    A feed that the file had paused by a permanent error runs again: editing and restarting is how an
    operator says that it was mended.
    """
    named = list(wanted)
    for one in named:
        await put(conn, one, now)
        await resume(conn, workspace, one.channel, now)
    channels = [one.channel for one in named]
    await conn.execute(
        feed.delete().where(
            feed.c.workspace == workspace, feed.c.owner.is_(None), feed.c.channel.not_in(channels)
        )
    )


async def pause(conn: AsyncConnection, feed_id: int, reason: str) -> None:
    await conn.execute(feed.update().where(feed.c.id == feed_id).values(paused=reason))


async def resume(conn: AsyncConnection, workspace: str, channel: str, now: dt.datetime) -> None:
    """Let a paused feed run again, from now on: what came meanwhile would be a flood."""
    key = (feed.c.workspace == workspace) & (feed.c.channel == channel) & feed.c.paused.is_not(None)
    row = (await conn.execute(sa.select(feed).where(key))).one_or_none()
    if row:
        next_at = first_moment(_from_row(row), now)
        await conn.execute(
            feed.update().where(key).values(paused=None, after_digest=_newest_digest(), next_at=next_at)
        )


async def wake_for_arrival(conn: AsyncConnection, when: dt.datetime) -> None:
    """A digest came that feeds may get from `when` on: those that post on arrival are due then.

    Every such row is written, also those that are due earlier: so this waits for a planner that holds
    one, and is not lost to what the planner writes.
    """
    later = feed.c.next_at.is_(None) | (feed.c.next_at > when)
    await conn.execute(
        feed.update()
        .where(feed.c.post_at.is_(None), feed.c.paused.is_(None))
        .values(next_at=sa.case((later, when), else_=feed.c.next_at))
    )


async def due(conn: AsyncConnection, now: dt.datetime, limit: int = 100) -> list[DueFeed]:
    """Feeds whose moment has come. Two planners never hold the same one (PostgreSQL skips locked rows)."""
    rows = await conn.execute(
        sa.select(feed)
        .where(feed.c.next_at <= now, feed.c.paused.is_(None))
        .order_by(feed.c.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [DueFeed(_from_row(row), row.started_at is not None) for row in rows]


async def hold(conn: AsyncConnection, feed_id: int) -> Feed | None:
    """A feed that nobody else plans until this transaction ends; None where someone does."""
    rows = await conn.execute(sa.select(feed).where(feed.c.id == feed_id).with_for_update(skip_locked=True))
    row = rows.one_or_none()
    return _from_row(row) if row else None


_PLANNED = (
    feed.update()
    .where(feed.c.id == sa.bindparam("b_id"))
    .values(
        next_at=sa.bindparam("b_next"),
        started_at=sa.func.coalesce(feed.c.started_at, sa.bindparam("b_now", type_=feed.c.started_at.type)),
    )
)


async def planned(
    conn: AsyncConnection, some: Iterable[Feed], now: dt.datetime, *, next_arrival: dt.datetime | None
) -> None:
    """Note that these were planned at `now`, and when to plan each again: when its hour comes, or, if it
    posts on arrival, when a digest that is there already comes of age (None: there is none)."""
    await conn.execute(
        _PLANNED,
        [
            {
                "b_id": one.id,
                "b_next": hours.next_moment(one.post_at, one.timezone, now) if one.post_at else next_arrival,
                "b_now": now,
            }
            for one in some
        ],
    )
