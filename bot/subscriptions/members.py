"""Members as rows: what they follow, at which hour their digest comes, and up to where they had it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.library.database import insert
from bot.library.tables import follow, member
from bot.model import EVERY_DAY, Follow, FollowKind, Frequency, Subscription
from bot.subscriptions import hours

KEPT = dt.timedelta(days=30)  # how long an unfollow can be undone


def next_digest(subscription: Subscription, now: dt.datetime) -> dt.datetime | None:
    """When this member's next digest is due; None while off or muted, or with nothing followed."""
    if subscription.frequency is Frequency.OFF or subscription.muted or not subscription.follows:
        return None
    weekdays = [subscription.weekday] if subscription.frequency is Frequency.WEEKLY else EVERY_DAY
    return hours.next_moment(subscription.at, subscription.timezone, now, weekdays=weekdays)


def _from_row(row: sa.Row[Any], follows: Sequence[Follow]) -> Subscription:
    return Subscription(
        workspace=row.workspace,
        member=row.member,
        timezone=row.timezone,
        frequency=Frequency(row.frequency),
        at=hours.from_text(row.at),
        follows=tuple(follows),
        last_at=row.last_at,
        weekday=row.weekday,
        muted=row.muted_at is not None,
    )


async def get(conn: AsyncConnection, workspace: str, who: str) -> Subscription | None:
    row = (await conn.execute(sa.select(member).where(_member(workspace, who)))).one_or_none()
    if row is None:
        return None
    return _from_row(row, (await _follows(conn, [(workspace, who)]))[workspace, who])


async def hold(conn: AsyncConnection, workspace: str, who: str) -> Subscription:
    """What this member chose, or the defaults, which nobody else changes until this transaction ends: of
    two presses at once, the second builds on the first. The row is made where there is none, to be held."""
    usual = Subscription(workspace, who)
    row = _key(usual) | _columns(usual) | {"next_at": None}
    await conn.execute(insert(conn, member).values(row).on_conflict_do_nothing())
    held = sa.select(member).where(_member(workspace, who)).with_for_update()
    return _from_row(
        (await conn.execute(held)).one(), (await _follows(conn, [(workspace, who)]))[workspace, who]
    )


async def put(conn: AsyncConnection, wanted: Subscription, now: dt.datetime) -> None:
    """Store settings and follows as `wanted`, which came of `hold`, says, and work out when the next digest
    is due."""
    columns = _columns(wanted) | {"next_at": next_digest(wanted, now)}
    row = insert(conn, member).values(_key(wanted) | columns)
    await conn.execute(
        row.on_conflict_do_update(index_elements=list(member.primary_key.columns), set_=columns)
    )
    await _put_follows(conn, wanted, now)


def _key(one: Subscription) -> dict[str, Any]:
    return {"workspace": one.workspace, "member": one.member}


def _columns(wanted: Subscription) -> dict[str, Any]:
    return {
        "timezone": wanted.timezone,
        "frequency": wanted.frequency.value,
        "at": hours.as_text(wanted.at),
        "weekday": wanted.weekday,
    }


async def _put_follows(conn: AsyncConnection, wanted: Subscription, now: dt.datetime) -> None:
    """What is no longer followed is kept a while, to be undone; what was left behind before that goes."""
    mine = _of(wanted.workspace, wanted.member)
    old = set((await _follows(conn, [(wanted.workspace, wanted.member)]))[wanted.workspace, wanted.member])
    if gone := [(one.kind.value, one.value) for one in old - set(wanted.follows)]:
        named = sa.tuple_(follow.c.kind, follow.c.value).in_(gone)
        await conn.execute(follow.update().where(mine, named).values(ended_at=now))
    await conn.execute(follow.delete().where(mine, follow.c.ended_at < now - KEPT))
    if new := [one for one in wanted.follows if one not in old]:
        again = insert(conn, follow).on_conflict_do_update(
            index_elements=list(follow.primary_key.columns), set_={"ended_at": None}
        )
        whose = {"workspace": wanted.workspace, "member": wanted.member, "created_at": now}
        rows = [whose | {"kind": one.kind.value, "value": one.value} for one in dict.fromkeys(new)]
        await conn.execute(again, rows)


async def ended(conn: AsyncConnection, workspace: str, who: str, moment: dt.datetime) -> list[Follow]:
    """What this member stopped following at that moment, and did not take up again."""
    rows = await conn.execute(
        sa.select(follow)
        .where(_of(workspace, who), follow.c.ended_at == moment)
        .order_by(follow.c.created_at, follow.c.kind, follow.c.value)
    )
    return [Follow(FollowKind(row.kind), row.value) for row in rows]


async def mute(conn: AsyncConnection, workspace: str, who: str, now: dt.datetime) -> None:
    """The row is written first, so that a planner who holds it is waited for."""
    await conn.execute(member.update().where(_member(workspace, who)).values(muted_at=now, next_at=None))


async def unmute(conn: AsyncConnection, wanted: Subscription, now: dt.datetime) -> None:
    """What came meanwhile counts as had: a flood would be no welcome back."""
    values = {"muted_at": None, "last_at": now, "next_at": next_digest(wanted, now)}
    await conn.execute(member.update().where(_member(wanted.workspace, wanted.member)).values(**values))


def _member(workspace: str, who: str) -> sa.ColumnElement[bool]:
    return sa.and_(member.c.workspace == workspace, member.c.member == who)


def _of(workspace: str, who: str) -> sa.ColumnElement[bool]:
    return sa.and_(follow.c.workspace == workspace, follow.c.member == who)


async def due(conn: AsyncConnection, now: dt.datetime, limit: int = 500) -> list[Subscription]:
    """Members whose hour has come, with what they follow."""
    rows = list(
        await conn.execute(
            sa.select(member)
            .where(member.c.next_at <= now)
            .order_by(member.c.next_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
    follows = await _follows(conn, [(row.workspace, row.member) for row in rows])
    return [_from_row(row, follows[row.workspace, row.member]) for row in rows]


_PLANNED = (
    member.update()
    .where(member.c.workspace == sa.bindparam("b_workspace"), member.c.member == sa.bindparam("b_member"))
    .values(
        next_at=sa.bindparam("b_next"),
        last_at=sa.func.coalesce(sa.bindparam("b_last", type_=member.c.last_at.type), member.c.last_at),
    )
)


async def planned(conn: AsyncConnection, some: Iterable[tuple[Subscription, bool]], now: dt.datetime) -> None:
    """Note that these were planned at `now`, each with whether papers up to now were considered for it."""
    await conn.execute(
        _PLANNED,
        [
            {
                "b_workspace": one.workspace,
                "b_member": one.member,
                "b_next": next_digest(one, now),
                "b_last": now if considered else None,
            }
            for one, considered in some
        ],
    )


async def _follows(
    conn: AsyncConnection, members: Sequence[tuple[str, str]]
) -> defaultdict[tuple[str, str], list[Follow]]:
    found: defaultdict[tuple[str, str], list[Follow]] = defaultdict(list)
    if members:
        rows = await conn.execute(
            sa.select(follow)
            .where(
                # Of a pair alone SQLite makes no use, and reads the whole table.
                follow.c.workspace.in_({workspace for workspace, _ in members}),
                sa.tuple_(follow.c.workspace, follow.c.member).in_(members),
                follow.c.ended_at.is_(None),
            )
            .order_by(follow.c.created_at, follow.c.kind, follow.c.value)
        )
        for row in rows:
            found[row.workspace, row.member].append(Follow(FollowKind(row.kind), row.value))
    return found
