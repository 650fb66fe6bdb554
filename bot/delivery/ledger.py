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
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import claims, heads, outbox
from bot.delivery.claims import Claim, Claims, Outcome, Room, as_claim
from bot.delivery.heads import Head
from bot.delivery.rows import as_payload, from_payload, story_line, told
from bot.library.database import evened
from bot.library.tables import OPEN_STATES, delivery
from bot.model import Delivery, DeliveryKind, State

log = structlog.get_logger(__name__)

A = TypeVar("A")

DIED = "the process that was sending it died"
UNREADABLE = "another version of Paperboy wrote it, and this one can't read it"
_CLAIMABLE = [State.PLANNED.value, State.HELD.value, State.UNSURE.value]
_OPEN = sa.text(f"delivery.state IN {OPEN_STATES}")

Given = tuple[Head, Outcome]  # a row that was given up


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
    chosen = [head for team, room in rooms.items() for head in claims.chosen(of_team[team], room, now)]
    taken, unreadable = await _take(conn, chosen, owner, now, lease)
    held, given_up = _by_team(taken), _by_team(parked + unreadable)
    return {team: claims.summed_up(of_team[team], held[team], given_up[team], now) for team in rooms}


def _by_team(pairs: Iterable[tuple[Head, A]]) -> defaultdict[str, list[A]]:
    found = defaultdict(list)
    for head, one in pairs:
        found[head.workspace].append(one)
    return found


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
            "b_line": story_line(now, State.SENDING, owner),
        },
    )
    messages = {row.id: from_payload(row.payload) for row in found}
    taken = [(head, messages[head.id]) for head in chosen if head.id in messages]
    unreadable = [_given_up(head, UNREADABLE) for head, message in taken if message is None]
    await record(conn, [outcome for _, outcome in unreadable], owner=owner, now=now)
    return [(head, as_claim(head, message, now)) for head, message in taken if message], unreadable


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


_OURS = delivery.c.owner == sa.bindparam("b_owner"), delivery.c.state == State.SENDING.value
_HELD = sa.select(delivery.c.id).where(delivery.c.id.in_(sa.bindparam("ids", expanding=True)), *_OURS)
_RECORD = (
    delivery.update()
    .where(delivery.c.id == sa.bindparam("b_id"), *_OURS)
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


async def held(conn: AsyncConnection, ids: Sequence[int], owner: str) -> set[int]:
    """Which of these claims are still this process's."""
    if not ids:
        return set()
    return set((await conn.execute(_HELD, {"ids": evened(ids), "b_owner": owner})).scalars())


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
                "b_line": story_line(now, one.state, one.note),
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
        await outbox.add(conn, [rest], now)
