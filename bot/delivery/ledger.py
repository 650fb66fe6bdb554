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
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.library.database import insert
from bot.library.tables import OPEN_STATES, delivered_paper, delivery, feed
from bot.model import Delivery, DeliveryKind, Message, Sent, State

log = structlog.get_logger(__name__)

PAYLOAD_VERSION = 1
DIED = "the process that was sending it died"
# What a claim may end as; the claim itself is the only way to `sending`.
_ENDS = {State.SENT, State.HELD, State.UNSURE, State.PARKED}
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
    thread_ts: str | None  # the message to reply to
    target_ts: str | None  # the message to change
    feed_id: int | None
    unsure: bool  # it may have arrived: look before sending
    looks: int  # that were made for it in vain
    attempted_at: dt.datetime  # when the last post left, or leaves now
    note: str | None

    @property
    def is_look(self) -> bool:
        """A change may run twice; a post may not."""
        return self.unsure and not self.target_ts


@dataclass(frozen=True, slots=True)
class Room:
    """How many may be claimed: to be posted or changed, and to be looked for."""

    posts: int
    looks: int


NO_ROOM = Room(0, 0)


@dataclass(frozen=True, slots=True)
class Claims:
    taken: list[Claim]
    parked: list[Outcome]  # on the way: they can never be sent
    waiting: bool  # whether rows are due that had to wait: their lane is busy, or there was no room
    next_at: dt.datetime | None  # when the first of the rest is due, or a dead process's lease ends


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claim: its new state, and what goes with it."""

    id: int
    state: State
    ts: str | None = None
    note: str | None = None
    after: float = 0.0  # for held and unsure: seconds until it is looked at again
    looks: int = 0  # for unsure: how often it was looked for in vain

    def __post_init__(self) -> None:
        if self.state not in _ENDS:
            raise ValueError(f"a claim can't end as {self.state}")


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
                target=one.target,
                revision=one.revision,
                feed_id=one.feed_id,
                digest_id=one.digest_id,
                due_at=one.due_at,
                attempts=0,
                note=one.note,
                story=_line(now, one.state.value, one.note),
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


def _line(now: dt.datetime, state: str, why: str | None) -> str:
    """A move, as the row's story tells it. Each move of a row adds one."""
    return f"{now.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} {state}{f': {why}' if why else ''}\n"


def told(now: dt.datetime, state: str, why: str | None) -> sa.ColumnElement[str]:
    return delivery.c.story + _line(now, state, why)


def as_payload(message: Message | None) -> dict[str, Any] | None:
    if message is None:
        return None
    return {"v": PAYLOAD_VERSION, "text": message.text, "blocks": list(message.blocks)}


def from_payload(payload: Any) -> Message | None:
    """None for what another version wrote and this one can't read."""
    try:
        if payload["v"] != PAYLOAD_VERSION:
            return None
        return Message(text=str(payload["text"]), blocks=tuple(payload["blocks"]))
    except (KeyError, TypeError):
        return None


async def papers_had(conn: AsyncConnection, team: str, destination: str) -> set[int]:
    """Ids of the papers that this member or channel was given, or is about to be."""
    rows = await conn.execute(
        sa.select(delivered_paper.c.paper_id).where(
            delivered_paper.c.workspace == team, delivered_paper.c.destination == destination
        )
    )
    return set(rows.scalars())


async def sent(conn: AsyncConnection, feed_id: int, digest_id: int) -> list[Sent]:
    """A feed's messages of a digest, sent or about to be, as they read now: oldest first."""
    rows = await conn.execute(
        sa.select(delivery)
        .where(
            delivery.c.feed_id == feed_id,
            delivery.c.digest_id == digest_id,
            delivery.c.state.not_in([State.SKIPPED.value, State.PARKED.value]),
        )
        .order_by(delivery.c.id)
    )
    found: dict[str, Sent] = {}
    for row in rows:
        message = from_payload(row.payload)
        if row.target in found and message:
            found[row.target] = replace(found[row.target], message=message)
        elif row.target is None and message:
            papers = await _carried(conn, row.key)
            reply = row.parent is not None
            found[row.key] = Sent(row.key, row.revision, papers, reply, message)
    return list(found.values())


async def _carried(conn: AsyncConnection, key: str) -> tuple[int, ...]:
    rows = await conn.execute(
        sa.select(delivered_paper.c.paper_id).where(delivered_paper.c.delivery_key == key)
    )
    return tuple(rows.scalars())


# --- sending ------------------------------------------------------------------------------------


async def workspaces_with_work(conn: AsyncConnection, now: dt.datetime) -> list[str]:
    """Where a row is due, or the process that was sending it died."""
    moment = sa.func.coalesce(delivery.c.lease_until, delivery.c.due_at)
    rows = await conn.execute(sa.select(delivery.c.workspace).where(_OPEN, moment <= now).distinct())
    return list(rows.scalars())


async def release_dead(conn: AsyncConnection, team: str, now: dt.datetime) -> int:
    """Rows left `sending` by a process that died become `unsure`, once their lease ran out."""
    return await _release(conn, sa.and_(delivery.c.workspace == team, delivery.c.lease_until < now), now)


async def release_all(conn: AsyncConnection, now: dt.datetime) -> int:
    """The same at once, where only one process can be at work, and it just started."""
    return await _release(conn, sa.true(), now)


async def _release(conn: AsyncConnection, died: sa.ColumnElement[bool], now: dt.datetime) -> int:
    result = await conn.execute(
        delivery.update()
        .where(_OPEN, delivery.c.state == State.SENDING.value, died)
        .values(
            state=State.UNSURE.value,
            note=DIED,
            story=told(now, State.UNSURE, DIED),
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
    room: Room,
) -> Claims:
    """Take the first open row of the lanes that are not `busy`, where it is due and there is `room`."""
    parked: list[Outcome] = []
    heads = await _heads(conn, team)
    while hopeless := [row for row in _ripe(heads, now) if _hopeless(row)]:
        parked += await _park(conn, hopeless, now)
        heads = await _heads(conn, team)
    ripe = _ripe(heads, now)
    ready = [row for row in ripe if row.destination not in busy]
    looks = [row for row in ready if _is_look(row)][: max(0, room.looks)]
    posts = [row for row in ready if not _is_look(row)][: max(0, room.posts)]
    taken = await _take(conn, looks + posts, owner, now, lease)
    later = [row.lease_until or row.due_at for row in heads if row not in ripe and row.owner != owner]
    return Claims(taken, parked, waiting=len(ripe) > len(taken), next_at=min(later, default=None))


def _ripe(heads: Sequence[sa.Row[Any]], now: dt.datetime) -> list[sa.Row[Any]]:
    return [row for row in heads if row.state != State.SENDING.value and row.due_at <= now]


def _is_look(row: sa.Row[Any]) -> bool:
    return row.state == State.UNSURE.value and not row.target_ts


def _hopeless(row: sa.Row[Any]) -> str | None:
    """Why this row can never be sent, whatever Slack says."""
    if row.parent and row.parent_state != State.SENT.value:
        return "the message it replies to was not posted"
    if row.target and row.target_state != State.SENT.value:
        return "the message it changes was not posted"
    if row.feed_id is not None and row.found_feed is None:
        return "the feed was removed before it was sent"
    if row.feed_paused:
        return f"the feed is paused: {row.feed_paused}"
    if from_payload(row.payload) is None:
        return "another version of Paperboy wrote it, and this one can't read it"
    return None


async def _heads(conn: AsyncConnection, team: str) -> Sequence[sa.Row[Any]]:
    """The first open row of each lane, oldest first, with how the message it replies to fared."""
    first = (
        sa.select(sa.func.min(delivery.c.id).label("id"))
        .where(delivery.c.workspace == team, _OPEN)
        .group_by(delivery.c.destination)
        .subquery()
    )
    parent, target = delivery.alias("parent"), delivery.alias("target")
    rows = await conn.execute(
        sa.select(
            delivery,
            parent.c.slack_ts.label("parent_ts"),
            parent.c.state.label("parent_state"),
            target.c.slack_ts.label("target_ts"),
            target.c.state.label("target_state"),
            feed.c.id.label("found_feed"),
            feed.c.paused.label("feed_paused"),
        )
        .join(first, first.c.id == delivery.c.id)
        .outerjoin(parent, parent.c.key == delivery.c.parent)
        .outerjoin(target, target.c.key == delivery.c.target)
        .outerjoin(feed, feed.c.id == delivery.c.feed_id)
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
            story=told(now, State.SENDING, owner),
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
        message=from_payload(row.payload) or Message(""),  # what can't be read was parked
        attempts=row.attempts + (not unsure),
        thread_ts=row.parent_ts,
        target_ts=row.target_ts,
        feed_id=row.feed_id,
        unsure=unsure,
        looks=row.looks,
        attempted_at=row.attempted_at if unsure and row.attempted_at else now,
        note=row.note,
    )


async def _park(conn: AsyncConnection, rows: Sequence[sa.Row[Any]], now: dt.datetime) -> list[Outcome]:
    parked = []
    for row in rows:
        why = _hopeless(row)
        moved = await conn.execute(
            delivery.update()
            .where(delivery.c.id == row.id, delivery.c.state.in_(_CLAIMABLE))
            .values(state=State.PARKED.value, note=why, story=told(now, State.PARKED, why), done_at=now)
        )
        if moved.rowcount:
            log.warning("delivery", delivery=row.key, destination=row.destination, state="parked", note=why)
            parked.append(Outcome(row.id, State.PARKED, note=why))
    return parked


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
        looks=sa.bindparam("b_looks"),
        done_at=sa.bindparam("b_done"),
        story=delivery.c.story + sa.bindparam("b_line"),
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
                "b_due": None if one.state in closed else now + dt.timedelta(seconds=one.after),
                "b_looks": one.looks,
                "b_done": now if one.state in closed else None,
                "b_line": _line(now, one.state, one.note),
            }
            for one in outcomes
        ]
        await conn.execute(_RECORD, rows)


async def split(conn: AsyncConnection, one: Claim, now: dt.datetime) -> None:
    """Slack found the message too long: its first half stays in this row, the second gets one of its
    own. A single block can't be halved: then the fallback text stands for it."""
    blocks = one.message.blocks
    middle = len(blocks) // 2
    first = as_payload(replace(one.message, blocks=blocks[:middle]))
    changed = delivery.update().where(delivery.c.id == one.id).values(payload=first)
    row = (await conn.execute(changed.returning(delivery))).one()
    if middle:
        rest = Delivery(
            key=f"{one.key}+",
            workspace=row.workspace,
            destination=row.destination,
            kind=DeliveryKind(row.kind),
            due_at=now,
            message=replace(one.message, blocks=blocks[middle:]),
            parent=row.parent,
            feed_id=row.feed_id,
            digest_id=row.digest_id,
            revision=row.revision,
        )
        await add(conn, [rest], now)
