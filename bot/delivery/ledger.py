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
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import heads
from bot.delivery.heads import Head
from bot.library.database import evened, insert
from bot.library.tables import OPEN_STATES, delivered_paper, delivery
from bot.model import Delivery, DeliveryKind, Message, Sent, State

log = structlog.get_logger(__name__)

A = TypeVar("A")

PAYLOAD_VERSION = 1
DIED = "the process that was sending it died"
UNREADABLE = "another version of Paperboy wrote it, and this one can't read it"
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
    busy: Collection[str] = ()  # lanes where nothing may be
    served: Mapping[str, float] = field(
        default_factory=dict
    )  # others by when they last were: they take turns


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


Given = tuple[Head, Outcome]  # a row that was given up


# --- planning -----------------------------------------------------------------------------------


async def add(conn: AsyncConnection, deliveries: Sequence[Delivery], now: dt.datetime) -> set[str]:
    """Write the rows that are not there yet, with the papers they carry; returns the new rows' keys."""
    if not deliveries:
        return set()
    statement = insert(conn, delivery).on_conflict_do_nothing(index_elements=["key"])
    rows = await conn.execute(statement.returning(delivery.c.key), [_as_row(one, now) for one in deliveries])
    added = set(rows.scalars())
    carried = [
        {"workspace": d.workspace, "destination": d.destination, "paper_id": paper, "delivery_key": d.key}
        for d in deliveries
        if d.key in added
        for paper in d.papers
    ]
    if carried:
        await conn.execute(insert(conn, delivered_paper).on_conflict_do_nothing(), carried)
    return added


def _as_row(one: Delivery, now: dt.datetime) -> dict[str, Any]:
    return {
        "key": one.key,
        "workspace": one.workspace,
        "destination": one.destination,
        "kind": one.kind.value,
        "state": one.state.value,
        "payload": as_payload(one.message),
        "parent": one.parent,
        "target": one.target,
        "revision": one.revision,
        "feed_id": one.feed_id,
        "digest_id": one.digest_id,
        "due_at": one.due_at,
        "attempts": 0,
        "note": one.note,
        "story": _line(now, one.state.value, one.note),
        "created_at": now,
        "done_at": now if one.state is State.SKIPPED else None,
    }


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
        blocks = tuple(payload["blocks"])
        if payload["v"] != PAYLOAD_VERSION or not all(isinstance(block, dict) for block in blocks):
            return None
        return Message(text=str(payload["text"]), blocks=blocks)
    except (KeyError, TypeError):
        return None


async def papers_had(
    conn: AsyncConnection, who: Collection[tuple[str, str]], papers: Collection[int]
) -> defaultdict[tuple[str, str], set[int]]:
    """Which of `papers` each of these (workspace, member) was given, or is about to be."""
    had: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    place = sa.tuple_(delivered_paper.c.workspace, delivered_paper.c.destination)
    workspaces = {workspace for workspace, _ in who}  # of a pair alone SQLite makes no use
    rows = await conn.execute(
        sa.select(delivered_paper.c.workspace, delivered_paper.c.destination, delivered_paper.c.paper_id)
        .where(
            delivered_paper.c.workspace.in_(workspaces),
            place.in_(list(who)),
            delivered_paper.c.paper_id.in_(list(papers)),
        )
        .distinct()
    )
    for workspace, destination, paper_id in rows:
        had[workspace, destination].add(paper_id)
    return had


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
    rooms: Mapping[str, Room],
    *,
    owner: str,
    now: dt.datetime,
    lease: dt.timedelta,
) -> dict[str, Claims]:
    """In each workspace take the first open row of the lanes that are not busy, where it is due and there
    is room."""
    found = await heads.of(conn, rooms, owner, now)
    if dead := {head.workspace for head in found if heads.is_dead(head, now)}:
        for team in dead:
            await release_dead(conn, team, now)
        found = await heads.of(conn, rooms, owner, now)
    parked: list[Given] = []
    while hopeless := [(head, why) for head in found if (why := heads.is_hopeless(head, now))]:
        parked += await _park(conn, hopeless, now)
        found = await heads.of(conn, rooms, owner, now)
    of_team = _by_team((head, head) for head in found)
    chosen = [head for team, room in rooms.items() for head in _chosen(of_team[team], room, now)]
    taken, unreadable = await _take(conn, chosen, owner, now, lease)
    claims, given_up = _by_team(taken), _by_team(parked + unreadable)
    return {team: _claims(of_team[team], claims[team], given_up[team], now) for team in rooms}


def _by_team(pairs: Iterable[tuple[Head, A]]) -> defaultdict[str, list[A]]:
    found = defaultdict(list)
    for head, one in pairs:
        found[head.workspace].append(one)
    return found


def _chosen(found: Sequence[Head], room: Room, now: dt.datetime) -> list[Head]:
    ready = [head for head in found if heads.is_ripe(head, now) and head.destination not in room.busy]
    looks = [head for head in ready if heads.is_look(head)]
    posts = [head for head in ready if not heads.is_look(head)]
    posts.sort(key=lambda head: room.served.get(head.destination, -math.inf))
    return looks[: max(0, room.looks)] + posts[: max(0, room.posts)]


def _claims(found: Sequence[Head], taken: list[Claim], parked: list[Outcome], now: dt.datetime) -> Claims:
    ripe = sum(heads.is_ripe(head, now) for head in found)
    moments = [head.later for head in found if not heads.is_ripe(head, now)]
    if parked:  # what stands behind is not known yet
        moments.append(now)
    return Claims(taken, parked, waiting=ripe > len(taken), next_at=min(moments, default=None))


_WAS_UNSURE = delivery.c.state == State.UNSURE.value
_TAKE = (
    delivery.update()
    .where(delivery.c.id.in_(sa.bindparam("ids", expanding=True)), delivery.c.state.in_(_CLAIMABLE))
    .values(
        state=State.SENDING.value,
        owner=sa.bindparam("b_owner"),
        lease_until=sa.bindparam("b_lease"),
        attempts=delivery.c.attempts + sa.case((_WAS_UNSURE, 0), else_=1),
        attempted_at=sa.case(
            (_WAS_UNSURE, delivery.c.attempted_at),
            else_=sa.bindparam("b_now", type_=delivery.c.attempted_at.type),
        ),
        story=delivery.c.story + sa.bindparam("b_line"),
    )
    .returning(delivery.c.id, delivery.c.payload)
)


async def _take(
    conn: AsyncConnection, chosen: Sequence[Head], owner: str, now: dt.datetime, lease: dt.timedelta
) -> tuple[list[tuple[Head, Claim]], list[Given]]:
    """The claims, and what turned out to be unreadable and was parked."""
    if not chosen:
        return [], []
    found = await conn.execute(
        _TAKE,
        {
            "ids": evened([head.id for head in chosen]),
            "b_owner": owner,
            "b_lease": now + lease,
            "b_now": now,
            "b_line": _line(now, State.SENDING, owner),
        },
    )
    messages = {row.id: from_payload(row.payload) for row in found}
    taken = [(head, messages[head.id]) for head in chosen if head.id in messages]
    unreadable = [_given_up(head, UNREADABLE) for head, message in taken if message is None]
    await record(conn, [outcome for _, outcome in unreadable], owner=owner, now=now)
    return [(head, _as_claim(head, message, now)) for head, message in taken if message], unreadable


def _as_claim(head: Head, message: Message, now: dt.datetime) -> Claim:
    unsure = head.state == State.UNSURE.value
    return Claim(
        id=head.id,
        key=head.key,
        workspace=head.workspace,
        destination=head.destination,
        message=message,
        attempts=head.attempts + (not unsure),
        thread_ts=head.parent_ts,
        target_ts=head.target_ts,
        feed_id=head.feed_id,
        unsure=unsure,
        looks=head.looks,
        attempted_at=head.attempted_at if unsure and head.attempted_at else now,
        note=head.note,
    )


async def _park(conn: AsyncConnection, hopeless: Iterable[tuple[Head, str]], now: dt.datetime) -> list[Given]:
    parked = []
    for head, why in hopeless:
        moved = await conn.execute(
            delivery.update()
            .where(delivery.c.id == head.id, delivery.c.state.in_(_CLAIMABLE))
            .values(state=State.PARKED.value, note=why, story=told(now, State.PARKED, why), done_at=now)
        )
        if moved.rowcount:
            parked.append(_given_up(head, why))
    return parked


def _given_up(head: Head, why: str) -> Given:
    log.warning("delivery", delivery=head.key, destination=head.destination, state="parked", note=why)
    return head, Outcome(head.id, State.PARKED, note=why)


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
