"""The ledger: each thing to send is a row before it is sent, and moves between states only here.

    planned ─┐              ┌─▶ sent
    held ────┼─▶ sending ───┼─▶ held      Slack asked to wait, or was away
    unsure ──┘              ├─▶ unsure    the request left and no answer came, or its process died
    skipped: nothing to say └─▶ parked    Slack will never take it

An unsure row is claimed like the others, and looked for in the channel before it is sent again.
Each move compares the old state, and the claim where there is one, in SQL: a process that lost its
claim can't overwrite what another one wrote.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.library.database import insert
from bot.library.tables import OPEN_STATES, delivered_paper, delivery, digest, workspace
from bot.model import Delivery, DeliveryKind, Message, State

PAYLOAD_VERSION = 1
_CLAIMABLE = [State.PLANNED.value, State.HELD.value, State.UNSURE.value]
_OPEN = sa.text(f"delivery.state IN {OPEN_STATES}")


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that this process alone may act on until `lease_until`."""

    id: int
    key: str
    workspace: str
    destination: str
    message: Message
    attempts: int
    thread_ts: str | None
    feed_id: int | None
    unsure: bool  # it may have arrived: look before sending
    attempted_at: dt.datetime  # when the last post left, or leaves now
    note: str | None


@dataclass(frozen=True, slots=True)
class Claims:
    taken: list[Claim]
    waiting: bool  # whether rows are due that had to wait: their lane is busy, or there was no room
    next_at: dt.datetime | None  # when the first of the rest is due, or a dead process's lease ends


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claim: its new state, and what goes with it."""

    id: int
    state: State
    ts: str | None = None
    note: str | None = None
    due_at: dt.datetime | None = None  # for held and unsure: when to look at it again


# --- planning -----------------------------------------------------------------------------------


async def add(conn: AsyncConnection, deliveries: Sequence[Delivery], now: dt.datetime) -> set[str]:
    """Write the rows that are not there yet, with the papers they carry; returns the new rows' keys."""
    added: set[str] = set()
    for one in deliveries:
        done = one.state is State.SKIPPED
        statement = (
            insert(conn, delivery)
            .values(
                key=one.key,
                workspace=one.workspace,
                destination=one.destination,
                kind=one.kind.value,
                state=one.state.value,
                payload=as_payload(one.message),
                parent=one.parent,
                feed_id=one.feed_id,
                digest_id=one.digest_id,
                due_at=one.due_at,
                attempts=0,
                note=one.note,
                created_at=now,
                done_at=now if done else None,
            )
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(delivery.c.key)
        )
        if (await conn.execute(statement)).first():
            added.add(one.key)
    carried = [
        {"workspace": d.workspace, "destination": d.destination, "paper_id": paper, "delivery_key": d.key}
        for d in deliveries
        if d.key in added
        for paper in d.papers
    ]
    if carried:
        await conn.execute(insert(conn, delivered_paper).on_conflict_do_nothing(), carried)
    return added


def as_payload(message: Message | None) -> dict[str, Any] | None:
    if message is None:
        return None
    return {"v": PAYLOAD_VERSION, "text": message.text, "blocks": list(message.blocks)}


def from_payload(payload: dict[str, Any]) -> Message:
    return Message(text=payload["text"], blocks=tuple(payload.get("blocks", ())))


async def papers_had(conn: AsyncConnection, team: str, destination: str) -> set[int]:
    """Ids of the papers that this member or channel was given, or is about to be."""
    rows = await conn.execute(
        sa.select(delivered_paper.c.paper_id).where(
            delivered_paper.c.workspace == team, delivered_paper.c.destination == destination
        )
    )
    return set(rows.scalars())


# --- sending ------------------------------------------------------------------------------------


async def workspaces_with_work(conn: AsyncConnection) -> list[str]:
    rows = await conn.execute(sa.select(delivery.c.workspace).where(_OPEN).distinct())
    return list(rows.scalars())


async def release_dead(conn: AsyncConnection, now: dt.datetime, *, everything: bool = False) -> int:
    """Rows left `sending` by a process that died become `unsure`: those whose lease ran out, or, where
    only one process can be at work and it just started (`everything`), all."""
    died = sa.true() if everything else delivery.c.lease_until < now
    result = await conn.execute(
        delivery.update()
        .where(_OPEN, delivery.c.state == State.SENDING.value, died)
        .values(
            state=State.UNSURE.value,
            note="the process that was sending it died",
            owner=None,
            lease_until=None,
            due_at=now,
        )
    )
    return result.rowcount


async def claim(
    conn: AsyncConnection,
    team: str,
    *,
    owner: str,
    now: dt.datetime,
    lease: dt.timedelta,
    busy: Collection[str],
    room: int,
) -> Claims:
    """Take the first open row of up to `room` lanes that are not `busy`, where it is due."""
    heads = await _heads(conn, team)
    ripe = [row for row in heads if row.state != State.SENDING.value and row.due_at <= now]
    orphans = [row.id for row in ripe if row.parent_state not in (None, State.SENT.value)]
    await _park_orphans(conn, orphans, now)
    ready = [row for row in ripe if row.destination not in busy and row.id not in orphans]
    taken = await _take(conn, ready[: max(0, room)], owner, now, lease)
    later = [row.lease_until or row.due_at for row in heads if row not in ripe and row.owner != owner]
    return Claims(taken, waiting=len(ripe) > len(taken), next_at=min(later, default=None))


async def _heads(conn: AsyncConnection, team: str) -> Sequence[sa.Row[Any]]:
    """The first open row of each lane, oldest first, with how the message it replies to fared."""
    first = (
        sa.select(sa.func.min(delivery.c.id).label("id"))
        .where(delivery.c.workspace == team, _OPEN)
        .group_by(delivery.c.destination)
        .subquery()
    )
    parent = delivery.alias("parent")
    rows = await conn.execute(
        sa.select(delivery, parent.c.slack_ts.label("parent_ts"), parent.c.state.label("parent_state"))
        .join(first, first.c.id == delivery.c.id)
        .outerjoin(parent, parent.c.key == delivery.c.parent)
        .order_by(delivery.c.id)
    )
    return rows.all()


async def _take(
    conn: AsyncConnection,
    rows: Sequence[sa.Row[Any]],
    owner: str,
    now: dt.datetime,
    lease: dt.timedelta,
) -> list[Claim]:
    if not rows:
        return []
    unsure = delivery.c.state == State.UNSURE.value
    taken = await conn.execute(
        delivery.update()
        .where(delivery.c.id.in_([row.id for row in rows]), delivery.c.state.in_(_CLAIMABLE))
        .values(
            state=State.SENDING.value,
            owner=owner,
            lease_until=now + lease,
            attempts=delivery.c.attempts + sa.case((unsure, 0), else_=1),
            attempted_at=sa.case((unsure, delivery.c.attempted_at), else_=now),
        )
        .returning(delivery.c.id)
    )
    ids = set(taken.scalars())
    return [_as_claim(row, now) for row in rows if row.id in ids]


def _as_claim(row: sa.Row[Any], now: dt.datetime) -> Claim:
    unsure = row.state == State.UNSURE.value
    return Claim(
        id=row.id,
        key=row.key,
        workspace=row.workspace,
        destination=row.destination,
        message=from_payload(row.payload),
        attempts=row.attempts + (not unsure),
        thread_ts=row.parent_ts,
        feed_id=row.feed_id,
        unsure=unsure,
        attempted_at=row.attempted_at if unsure and row.attempted_at else now,
        note=row.note,
    )


async def _park_orphans(conn: AsyncConnection, ids: Sequence[int], now: dt.datetime) -> None:
    if ids:
        await conn.execute(
            delivery.update()
            .where(delivery.c.id.in_(ids), delivery.c.state.in_(["planned", "held"]))
            .values(state=State.PARKED.value, note="the message it replies to was not posted", done_at=now)
        )


_RECORD = (
    delivery.update()
    .where(
        delivery.c.id == sa.bindparam("b_id"),
        delivery.c.owner == sa.bindparam("b_owner"),
        delivery.c.state == State.SENDING.value,
    )
    .values(
        state=sa.bindparam("b_state"),
        slack_ts=sa.bindparam("b_ts"),
        note=sa.bindparam("b_note"),
        due_at=sa.func.coalesce(sa.bindparam("b_due", type_=delivery.c.due_at.type), delivery.c.due_at),
        done_at=sa.bindparam("b_done"),
        owner=None,
        lease_until=None,
    )
)


async def record(conn: AsyncConnection, outcomes: Sequence[Outcome], *, owner: str, now: dt.datetime) -> None:
    """Write what became of this process's claims, all in one statement."""
    if outcomes:
        closed = (State.SENT, State.PARKED)
        rows = [
            {
                "b_id": one.id,
                "b_owner": owner,
                "b_state": one.state.value,
                "b_ts": one.ts,
                "b_note": one.note,
                "b_due": one.due_at,
                "b_done": now if one.state in closed else None,
            }
            for one in outcomes
        ]
        await conn.execute(_RECORD, rows)


async def split(conn: AsyncConnection, one: Claim, now: dt.datetime) -> bool:
    """Slack found the message too long: keep its first half here, and add the second as a row of its
    own. False if it can't be halved."""
    blocks = one.message.blocks
    if len(blocks) < 2:
        return False
    middle = len(blocks) // 2
    row = (await conn.execute(sa.select(delivery).where(delivery.c.id == one.id))).one()
    rest = Delivery(
        key=f"{one.key}+",
        workspace=row.workspace,
        destination=row.destination,
        kind=DeliveryKind(row.kind),
        due_at=now,
        message=Message(one.message.text, blocks[middle:]),
        parent=row.parent,
        feed_id=row.feed_id,
        digest_id=row.digest_id,
    )
    await add(conn, [rest], now)
    first = as_payload(Message(one.message.text, blocks[:middle]))
    await conn.execute(delivery.update().where(delivery.c.id == one.id).values(payload=first))
    return True


# --- a workspace's own state --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    hold_until: dt.datetime | None = None
    disabled: bool = False


async def standing(conn: AsyncConnection, team: str) -> Standing:
    row = (await conn.execute(sa.select(workspace).where(workspace.c.id == team))).one_or_none()
    return Standing(row.hold_until, row.disabled_at is not None) if row else Standing()


async def _set_standing(conn: AsyncConnection, team: str, **columns: Any) -> None:
    statement = insert(conn, workspace).values(id=team, **columns)
    await conn.execute(statement.on_conflict_do_update(index_elements=["id"], set_=columns))


async def hold(conn: AsyncConnection, team: str, until: dt.datetime, reason: str) -> None:
    await _set_standing(conn, team, hold_until=until, hold_reason=reason)


async def disable(conn: AsyncConnection, team: str, now: dt.datetime) -> None:
    """The workspace's token is dead: nothing is sent until `enable`."""
    await _set_standing(conn, team, disabled_at=now)


async def enable(conn: AsyncConnection, team: str) -> None:
    await _set_standing(conn, team, disabled_at=None, hold_until=None, hold_reason=None)


# --- for people ---------------------------------------------------------------------------------


async def listing(
    conn: AsyncConnection, *, state: str | None = None, destination: str | None = None, limit: int = 50
) -> list[sa.Row[Any]]:
    """The newest rows, for `paperboy deliveries`, each with its digest's day and source."""
    statement = (
        sa.select(delivery, digest.c.date, digest.c.source)
        .outerjoin(digest, digest.c.id == delivery.c.digest_id)
        .order_by(delivery.c.id.desc())
        .limit(limit)
    )
    if state:
        statement = statement.where(delivery.c.state == state)
    if destination:
        statement = statement.where(delivery.c.destination == destination)
    return list(await conn.execute(statement))


async def counts(conn: AsyncConnection) -> dict[str, int]:
    """Rows a state."""
    rows = await conn.execute(sa.select(delivery.c.state, sa.func.count()).group_by(delivery.c.state))
    return dict(iter(rows))
