"""What is to be sent goes into the ledger here, once; and what went in before, for planning to read."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import keys
from bot.delivery.rows import as_row, from_payload, told
from bot.library.database import evened, insert
from bot.library.tables import OPEN_STATES, delivered_paper, delivery, hidden_paper, member
from bot.model import Delivery, DeliveryKind, Sent, State

BY_ITSELF = (DeliveryKind.MEMBER, DeliveryKind.NOTICE)  # and to a member
MUTED = "the member asked that nothing come by itself"


async def add(conn: AsyncConnection, deliveries: Sequence[Delivery], now: dt.datetime) -> set[str]:
    """Write the rows that are not there yet, with the papers they carry; returns the new rows' keys.

    What would come by itself to a member who muted that is written as skipped.
    """
    if not deliveries:
        return set()
    deliveries = await _heeding_mutes(conn, deliveries)
    statement = insert(conn, delivery).on_conflict_do_nothing(index_elements=["key"])
    rows = await conn.execute(statement.returning(delivery.c.key), [as_row(one, now) for one in deliveries])
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


async def _heeding_mutes(conn: AsyncConnection, deliveries: Sequence[Delivery]) -> Sequence[Delivery]:
    waiting = {(one.workspace, one.destination) for one in deliveries if _by_itself(one)}
    if not waiting:
        return deliveries
    found = await conn.execute(
        sa.select(member.c.workspace, member.c.member).where(
            member.c.muted_at.is_not(None),
            member.c.workspace.in_({workspace for workspace, _ in waiting}),
            sa.tuple_(member.c.workspace, member.c.member).in_(list(waiting)),
        )
    )
    muted = {(workspace, who) for workspace, who in found}
    return [
        replace(one, state=State.SKIPPED, message=None, note=MUTED)
        if _by_itself(one) and (one.workspace, one.destination) in muted
        else one
        for one in deliveries
    ]


def _by_itself(one: Delivery) -> bool:
    return one.kind in BY_ITSELF and one.state is State.PLANNED


async def skip_open(
    conn: AsyncConnection, workspace: str, destination: str, why: str, now: dt.datetime
) -> int:
    """What is planned or held for a member and would come by itself does not; returns how many."""
    result = await conn.execute(
        delivery.update()
        .where(
            sa.text(f"delivery.state IN {OPEN_STATES}"),
            delivery.c.state.in_([State.PLANNED.value, State.HELD.value]),
            delivery.c.kind.in_([kind.value for kind in BY_ITSELF]),
            delivery.c.workspace == workspace,
            delivery.c.destination == destination,
        )
        .values(state=State.SKIPPED.value, note=why, story=told(now, State.SKIPPED, why), done_at=now)
    )
    return result.rowcount


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


async def papers_hidden(
    conn: AsyncConnection, who: Collection[tuple[str, str]], papers: Collection[int]
) -> defaultdict[tuple[str, str], set[int]]:
    """Which of `papers` each of these (workspace, member) wants never to see."""
    hidden: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    rows = await conn.execute(
        sa.select(hidden_paper.c.workspace, hidden_paper.c.member, hidden_paper.c.paper_id).where(
            hidden_paper.c.workspace.in_({workspace for workspace, _ in who}),
            sa.tuple_(hidden_paper.c.workspace, hidden_paper.c.member).in_(list(who)),
            hidden_paper.c.paper_id.in_(list(papers)),
        )
    )
    for workspace, whose, paper_id in rows:
        hidden[workspace, whose].add(paper_id)
    return hidden


async def papers_rounded_up(
    conn: AsyncConnection, places: Collection[tuple[str, str]], papers: Collection[int]
) -> defaultdict[tuple[str, str], set[int]]:
    """Which of `papers` a round-up of each of these (workspace, channel) had."""
    had: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    rows = await conn.execute(
        sa.select(delivered_paper.c.workspace, delivered_paper.c.destination, delivered_paper.c.paper_id)
        .where(
            delivered_paper.c.workspace.in_({workspace for workspace, _ in places}),
            sa.tuple_(delivered_paper.c.workspace, delivered_paper.c.destination).in_(list(places)),
            delivered_paper.c.paper_id.in_(list(papers)),
            delivered_paper.c.delivery_key.startswith(keys.WEEK),
        )
        .distinct()
    )
    for workspace, channel, paper_id in rows:
        had[workspace, channel].add(paper_id)
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
    of_feed = rows.all()
    carried = await _carried(conn, of_feed)
    found: dict[str, Sent] = {}
    for row in of_feed:
        message = from_payload(row.payload)
        if row.target in found and message:
            found[row.target] = replace(found[row.target], message=message)
        elif row.target is None and message:
            reply = row.parent is not None
            found[row.key] = Sent(row.key, row.revision, tuple(carried[row.key]), reply, message)
    return list(found.values())


async def _carried(conn: AsyncConnection, rows: Sequence[sa.Row[Any]]) -> defaultdict[str, list[int]]:
    """Ids of papers by the row's key. By place too: no index begins with that key."""
    papers: defaultdict[str, list[int]] = defaultdict(list)
    found = await conn.execute(
        sa.select(delivered_paper.c.delivery_key, delivered_paper.c.paper_id)
        .where(
            delivered_paper.c.workspace.in_({row.workspace for row in rows}),
            delivered_paper.c.destination.in_({row.destination for row in rows}),
            delivered_paper.c.delivery_key.in_(evened([row.key for row in rows])),
        )
        .order_by(delivered_paper.c.paper_id)
    )
    for key, paper_id in found:
        papers[key].append(paper_id)
    return papers
