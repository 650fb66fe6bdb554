"""The head of each lane: its first open row, and the only one there that may be claimed. Moves nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.library.database import evened
from bot.library.tables import OPEN_STATES, delivery, feed
from bot.model import State

# Of a workspace, and as many to be looked for: more than can be under way and resting.
MOST = 200

Head = sa.Row[Any]

NO_PARENT = "the message it replies to was not posted"
PAUSED = "the feed is paused"


def _statement() -> sa.Select[Any]:
    """Those due first, oldest first; then the others, by when they will be. Less what `owner` is sending."""
    first = (
        sa.select(sa.func.min(delivery.c.id).label("id"))
        .where(
            delivery.c.workspace.in_(sa.bindparam("teams", expanding=True)),
            sa.text(f"delivery.state IN {OPEN_STATES}"),
        )
        .group_by(delivery.c.workspace, delivery.c.destination)
        .subquery()
    )
    now = sa.bindparam("now", type_=delivery.c.due_at.type)
    sending = delivery.c.state == State.SENDING.value
    look = sa.and_(delivery.c.state == State.UNSURE.value, delivery.c.target.is_(None))
    later = sa.case((sending, delivery.c.lease_until), (delivery.c.due_at > now, delivery.c.due_at))
    place = sa.func.row_number().over(
        partition_by=(delivery.c.workspace, look), order_by=(later.asc().nulls_first(), delivery.c.id)
    )
    columns = [column for column in delivery.c if column.name not in ("payload", "story")]
    ours = sa.and_(sending, delivery.c.owner == sa.bindparam("owner"), delivery.c.lease_until >= now)
    head = (
        sa.select(*columns, later.label("later"), place.label("place"))
        .join(first, first.c.id == delivery.c.id)
        .where(sa.not_(sa.func.coalesce(ours, sa.false())))
        .subquery()
    )
    parent, target = delivery.alias("parent"), delivery.alias("target")
    return (
        sa.select(
            head,
            parent.c.slack_ts.label("parent_ts"),
            parent.c.state.label("parent_state"),
            target.c.slack_ts.label("target_ts"),
            target.c.state.label("target_state"),
            feed.c.id.label("found_feed"),
            feed.c.paused.label("feed_paused"),
        )
        .outerjoin(parent, parent.c.key == head.c.parent)
        .outerjoin(target, target.c.key == head.c.target)
        .outerjoin(feed, sa.and_(feed.c.id == head.c.feed_id, feed.c.removed_at.is_(None)))
        .where(head.c.place <= MOST)
        .order_by(head.c.later.asc().nulls_first(), head.c.id)
    )


_HEADS = _statement()


async def of(conn: AsyncConnection, teams: Collection[str], owner: str, now: dt.datetime) -> list[Head]:
    """With how the messages fared that they reply to or change, and with their feeds."""
    rows = await conn.execute(_HEADS, {"teams": evened(teams), "owner": owner, "now": now})
    return list(rows)


def is_ripe(head: Head, now: dt.datetime) -> bool:
    return bool(head.state != State.SENDING.value and head.due_at <= now)


def is_dead(head: Head, now: dt.datetime) -> bool:
    """The process that was sending it died, or stood still for longer than it may."""
    return bool(head.state == State.SENDING.value and head.lease_until < now)


def is_look(head: Head) -> bool:
    return bool(head.state == State.UNSURE.value and not head.target_ts)


def is_hopeless(head: Head, now: dt.datetime) -> str | None:
    """Why this row, which is due, can never be sent, whatever Slack says."""
    if not is_ripe(head, now):
        return None
    if head.parent and head.parent_state != State.SENT.value:
        return NO_PARENT
    if head.target and head.target_state != State.SENT.value:
        return "the message it changes was not posted"
    if head.feed_id is not None and head.found_feed is None:
        return "the feed was removed before it was sent"
    if head.feed_paused:
        return f"{PAUSED}: {head.feed_paused}"
    return None
