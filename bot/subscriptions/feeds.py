"""Feeds as rows: what channels get. Planning reads them by `next_at` and `roundup_at`, which are set here.

A feed that was removed stays a row for a while, so that it can be brought back as it was, and so that the
ledger knows it when the channel gets one again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.library.database import insert
from bot.library.tables import digest, feed
from bot.model import Feed, Layout, OnEmpty, Roundup
from bot.subscriptions import calendar, hours

UNDO = dt.timedelta(days=1)  # for which a removed feed can be brought back
_KEPT = feed.c.removed_at.is_(None)
RUNS = _KEPT & feed.c.paused.is_(None)


@dataclass(frozen=True, slots=True)
class DueFeed:
    feed: Feed
    started: bool  # whether it was ever planned; if not, first_run decides what it gets
    due_at: dt.datetime


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
        made_at=row.made_at,
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


def _moments(one: Feed, now: dt.datetime) -> dict[str, dt.datetime | None]:
    return {"next_at": calendar.first_moment(one, now), "roundup_at": calendar.next_roundup(one, now)}


async def all_of(conn: AsyncConnection, workspace: str) -> list[Feed]:
    rows = await conn.execute(sa.select(feed).where(feed.c.workspace == workspace, _KEPT).order_by(feed.c.id))
    return [_from_row(row) for row in rows]


async def get(conn: AsyncConnection, feed_id: int) -> Feed | None:
    row = (await conn.execute(sa.select(feed).where(feed.c.id == feed_id, _KEPT))).one_or_none()
    return _from_row(row) if row else None


async def of_channel(
    conn: AsyncConnection, workspace: str, channel: str, *, hold: bool = False
) -> Feed | None:
    """`hold`: until this transaction ends, nobody else changes it."""
    found = sa.select(feed).where(_named(workspace, channel), _KEPT)
    row = (await conn.execute(found.with_for_update() if hold else found)).one_or_none()
    return _from_row(row) if row else None


def _named(workspace: str, channel: str) -> sa.ColumnElement[bool]:
    return (feed.c.workspace == workspace) & (feed.c.channel == channel)


async def put(conn: AsyncConnection, wanted: Feed, now: dt.datetime) -> None:
    """Make or change the feed of `wanted.channel`; whether it is paused stays as it is. What it already
    posted stays known by the ledger. Where two make it at once, one of them does."""
    rows = await _hold_all(conn, wanted.workspace, [wanted.channel])
    await _write(conn, wanted, rows.get(wanted.channel), now)


async def _hold_all(
    conn: AsyncConnection, workspace: str, channels: Collection[str]
) -> dict[str, sa.Row[Any]]:
    """The rows of these channels, those of removed feeds too; nobody else changes them meanwhile."""
    found = sa.select(feed).where(feed.c.workspace == workspace, feed.c.channel.in_(channels))
    rows = await conn.execute(found.order_by(feed.c.id).with_for_update())
    return {row.channel: row for row in rows}


async def _write(conn: AsyncConnection, wanted: Feed, row: sa.Row[Any] | None, now: dt.datetime) -> None:
    """Nothing, where `row` is as wanted."""
    columns = _columns(wanted)
    if row is None or row.removed_at:
        await _make(conn, wanted, columns, now)
        return
    if changed := {name for name, value in columns.items() if getattr(row, name) != value}:
        stored = replace(wanted, paused=row.paused)
        if changed & {"post_at", "timezone", "weekdays", "roundup"}:
            columns |= _moments(stored, now)
        if row.roundup == Roundup.ONLY.value and wanted.roundup is not Roundup.ONLY:
            columns["after_digest"] = _newest_digest()  # the days that it passed over stay so
        await conn.execute(feed.update().where(feed.c.id == row.id).values(**columns))


async def _make(conn: AsyncConnection, wanted: Feed, columns: dict[str, Any], now: dt.datetime) -> None:
    new: dict[str, Any] = {
        **columns,
        **_moments(replace(wanted, paused=None), now),
        "after_digest": _newest_digest(),
        "made_at": now,
        "started_at": None,
        "removed_at": None,
        "paused": None,
    }
    place = {"workspace": wanted.workspace, "channel": wanted.channel}
    await conn.execute(
        insert(conn, feed)
        .values(**place, **new)
        .on_conflict_do_update(index_elements=list(place), set_=new, where=feed.c.removed_at.is_not(None))
    )


async def sync(conn: AsyncConnection, workspace: str, wanted: Iterable[Feed], now: dt.datetime) -> None:
    """Make the rows that the configuration file owns equal to it; feeds made in Slack are left alone.

    A feed that the file had paused by a permanent error runs again: editing and restarting is how an
    operator says that it was mended.
    """
    named = {one.channel: one for one in wanted}
    rows = await _hold_all(conn, workspace, named)
    for channel, one in named.items():
        row = rows.get(channel)
        await _write(conn, one, row, now)
        if row and row.paused and not row.removed_at:
            await _run(conn, replace(one, id=row.id), now)
    gone = feed.c.owner.is_(None), feed.c.channel.not_in(named)
    await conn.execute(feed.delete().where(feed.c.workspace == workspace, *gone))


async def pause(conn: AsyncConnection, feed_id: int, reason: str, now: dt.datetime) -> None:
    stopped = {"paused": reason, "paused_at": now, "roundup_at": None}
    await conn.execute(feed.update().where(feed.c.id == feed_id).values(**stopped))


async def remove(conn: AsyncConnection, feed_id: int, now: dt.datetime) -> None:
    gone = {"removed_at": now, "next_at": None, "roundup_at": None}
    await conn.execute(feed.update().where(feed.c.id == feed_id, _KEPT).values(**gone))


async def removed(conn: AsyncConnection, workspace: str, channel: str, now: dt.datetime) -> Feed | None:
    """A feed that can still be brought back."""
    found = sa.select(feed).where(_named(workspace, channel), feed.c.removed_at > now - UNDO)
    row = (await conn.execute(found)).one_or_none()
    return _from_row(row) if row else None


async def restore(conn: AsyncConnection, workspace: str, channel: str, now: dt.datetime) -> Feed | None:
    """Bring a removed feed back as it was, with what came meanwhile; None where it is too late, or where
    the channel has one."""
    one = await removed(conn, workspace, channel, now)
    if one:
        back = {"removed_at": None, **_moments(one, now)}
        await conn.execute(feed.update().where(feed.c.id == one.id).values(**back))
    return one


async def resume(
    conn: AsyncConnection,
    workspace: str,
    channel: str,
    now: dt.datetime,
    *,
    reasons: Collection[str] | None = None,
) -> bool:
    """Let a paused feed run again, from now on: what came meanwhile would be a flood. `reasons`: only where
    it is paused for one of these. Whether it was."""
    key = _named(workspace, channel) & feed.c.paused.is_not(None) & _KEPT
    row = (await conn.execute(sa.select(feed).where(key).with_for_update())).one_or_none()
    if row is None or (reasons is not None and row.paused not in reasons):
        return False
    await _run(conn, _from_row(row), now)
    return True


async def _run(conn: AsyncConnection, one: Feed, now: dt.datetime) -> None:
    runs = {"paused": None, "paused_at": None, "after_digest": _newest_digest()}
    moments = _moments(replace(one, paused=None), now)
    await conn.execute(feed.update().where(feed.c.id == one.id).values(**runs, **moments))


async def wake_for_arrival(conn: AsyncConnection, when: dt.datetime) -> None:
    """A digest came that feeds may get from `when` on: those that post on arrival are due then.

    Every such row is written, also those that are due earlier: so this waits for a planner that holds
    one, and is not lost to what the planner writes.
    """
    later = feed.c.next_at.is_(None) | (feed.c.next_at > when)
    await conn.execute(
        feed.update()
        .where(feed.c.post_at.is_(None), RUNS, feed.c.roundup != Roundup.ONLY.value)
        .values(next_at=sa.case((later, when), else_=feed.c.next_at))
    )


async def due(conn: AsyncConnection, now: dt.datetime, limit: int = 100) -> list[DueFeed]:
    """Feeds whose moment has come. Two planners never hold the same one (PostgreSQL skips locked rows)."""
    rows = await conn.execute(
        sa.select(feed)
        .where(feed.c.next_at <= now, RUNS)
        .order_by(feed.c.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [DueFeed(_from_row(row), row.started_at is not None, row.next_at) for row in rows]


async def roundups_due(conn: AsyncConnection, now: dt.datetime, limit: int = 100) -> list[Feed]:
    """Feeds whose round-up's moment has come; as `due`, no two planners hold the same one."""
    rows = await conn.execute(
        sa.select(feed)
        .where(feed.c.roundup_at <= now, RUNS)
        .order_by(feed.c.roundup_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_from_row(row) for row in rows]


async def rounded_up(conn: AsyncConnection, some: Iterable[Feed], now: dt.datetime) -> None:
    """Note that the round-ups of these were planned at `now`."""
    for one in some:
        moment = calendar.next_roundup(one, now)
        await conn.execute(feed.update().where(feed.c.id == one.id).values(roundup_at=moment))


async def hold(conn: AsyncConnection, feed_id: int) -> Feed | None:
    """A feed that nobody else plans until this transaction ends; None where someone does."""
    rows = await conn.execute(
        sa.select(feed).where(feed.c.id == feed_id, _KEPT).with_for_update(skip_locked=True)
    )
    row = rows.one_or_none()
    return _from_row(row) if row else None


async def rest(conn: AsyncConnection, until: Iterable[tuple[Feed, dt.datetime]]) -> None:
    """These are planned when one of their days begins."""
    for one, moment in until:
        await conn.execute(feed.update().where(feed.c.id == one.id).values(next_at=moment))


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
                "b_next": calendar.next_hour(one, now) or next_arrival,
                "b_now": now,
            }
            for one in some
        ],
    )
