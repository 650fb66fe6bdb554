"""What the database says of why a paper came or did not, and of how a channel and a member stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import keys, outbox, outlook, silence, standing, why
from bot.delivery.attempt import SLOW_DOWN
from bot.delivery.outlook import Lane, SourceFacts, Status
from bot.delivery.reasons import Answer, Carrier, Channel, Follower, Policy, Row
from bot.delivery.silence_watch import arrivals
from bot.library import papers, sources
from bot.library.database import Database
from bot.library.dates import last_day
from bot.library.tables import (
    OPEN_STATES,
    delivered_paper,
    delivery,
    digest,
    digest_paper,
    feed,
    follow,
    member,
)
from bot.library.tables import source as source_table
from bot.model import Follow, FollowKind, State, StoredPaper
from bot.subscriptions import feeds, members

DAY = dt.timedelta(days=1)
RECENT = 30  # digests
DAYS = 40  # of a member's digests
WEEKS = 5  # of round-ups
WAITING = 3  # rows


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, and of which channel: "" for none."""

    workspace: str
    member: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Inquiry:
    database: Database
    policy: Policy
    configured: frozenset[str]  # sources: what is no more is no news

    async def paper(self, text: str) -> StoredPaper | None:
        """By its arXiv id, or a link to it."""
        async with self.database.read() as conn:
            return await papers.find(conn, text)

    async def of_paper(self, asked: Asked, paper: StoredPaper, now: dt.datetime) -> Answer:
        async with self.database.read() as conn:
            carriers = await _carriers(conn, paper.id, now)
            follower = await _follower(conn, asked, paper.id)
            mine = await _carrying(conn, asked.workspace, asked.member, paper, now)
            of_member = why.for_member(paper, carriers, follower, mine, now, self.policy)
            if not asked.channel:
                return Answer(None, of_member)
            there = await _channel(conn, asked)
            rows = await _carrying(conn, asked.workspace, asked.channel, paper, now)
            given = await _given(conn, there, carriers) if there else []
            of_channel = why.for_channel(paper, carriers, there, rows, given, now, self.policy)
            return Answer(of_channel, of_member)

    async def in_general(self, asked: Asked, now: dt.datetime) -> Status:
        async with self.database.read() as conn:
            of_sources = await self._sources(conn)
            follower = await _follower(conn, asked, None)
            mine = await _lane(conn, asked.workspace, asked.member, _member_keys(asked, now), now)
            of_member = outlook.of_member(follower, mine, now)
            if not asked.channel:
                return Status(of_sources, None, of_member, follower=follower)
            there = await _channel(conn, asked)
            lane = await _lane(
                conn, asked.workspace, asked.channel, await _channel_keys(conn, asked, now), now
            )
            return Status(of_sources, outlook.of_channel(there, lane, now), of_member, there, follower)

    async def _sources(self, conn: AsyncConnection) -> tuple[SourceFacts, ...]:
        came = await arrivals(conn)
        states = {state.name: state for state in await sources.states(conn)}
        found = []
        for name in sorted(self.configured):
            state = states.get(name)
            newest = max(came.get(name, ()), key=lambda one: (one.date, one.digest_id), default=None)
            looked_at = state.attempted_at if state else None
            found.append(
                SourceFacts(
                    name,
                    newest.date if newest else None,
                    newest.seen_at if newest else None,
                    state.failing_since if state else None,
                    (state.error if state else None) or "",
                    silence.of(came.get(name, ()), looked_at) if looked_at else None,
                )
            )
        return tuple(found)


# --- a paper ------------------------------------------------------------------------------------


async def _carriers(conn: AsyncConnection, paper_id: int, now: dt.datetime) -> list[Carrier]:
    """The digests that have it, the newest first."""
    rows = await conn.execute(
        sa.select(digest, source_table.c.first_succeeded_at)
        .join(digest_paper, digest_paper.c.digest_id == digest.c.id)
        .outerjoin(source_table, source_table.c.name == digest.c.source)
        .where(digest_paper.c.paper_id == paper_id)
        .order_by(digest.c.date.desc(), digest.c.id.desc())
    )
    newest = await conn.execute(sa.select(sa.func.max(digest.c.date)).where(digest.c.date <= last_day(now)))
    newest_day = newest.scalar_one()
    return [
        Carrier(
            row.id,
            row.source,
            row.date,
            row.revision,
            row.seen_at,
            row.revised_at or row.seen_at,
            row.postable,
            already_there=row.first_succeeded_at is None or row.seen_at <= row.first_succeeded_at,
            newest=row.date == newest_day,
        )
        for row in rows
    ]


async def _carrying(
    conn: AsyncConnection, workspace: str, destination: str, paper: StoredPaper, now: dt.datetime
) -> list[Row]:
    rows = await conn.execute(
        sa.select(delivery)
        .join(delivered_paper, delivered_paper.c.delivery_key == delivery.c.key)
        .where(
            delivered_paper.c.workspace == workspace,
            delivered_paper.c.destination == destination,
            delivered_paper.c.paper_id == paper.id,
        )
        .order_by(delivery.c.id)
    )
    carrying = [_row(row, names_it=why.names(row.payload, paper)) for row in rows]
    return await _held(conn, workspace, carrying, now)


async def _held(conn: AsyncConnection, workspace: str, rows: Sequence[Row], now: dt.datetime) -> list[Row]:
    """Where Slack asked a workspace to wait, all its rows do, beside the one that says so."""
    until = (await standing.of(conn, [workspace]))[workspace]
    if not until.held_for(now) or until.hold_until is None:
        return list(rows)
    moment = until.hold_until
    return [
        replace(row, due_at=moment, note=row.note or SLOW_DOWN)
        if row.state in (State.PLANNED, State.HELD) and row.due_at < moment
        else row
        for row in rows
    ]


async def _given(conn: AsyncConnection, channel: Channel, carriers: Sequence[Carrier]) -> list[Row]:
    rows = await conn.execute(
        sa.select(delivery).where(
            delivery.c.digest_id.in_([one.digest_id for one in carriers]),
            delivery.c.feed_id == channel.feed.id,
        )
    )
    return [_row(row) for row in rows]


def _row(row: sa.Row[Any], *, names_it: bool = True) -> Row:
    return Row(
        row.key,
        State(row.state),
        row.due_at,
        row.created_at,
        row.done_at,
        row.slack_ts,
        row.note,
        row.digest_id,
        row.revision,
        names_it,
    )


# --- a channel and a member ---------------------------------------------------------------------


async def _channel(conn: AsyncConnection, asked: Asked) -> Channel | None:
    found = await feeds.of_channel(conn, asked.workspace, asked.channel)
    if found is None:
        return None
    row = (await conn.execute(sa.select(feed).where(feed.c.id == found.id))).one()
    started = row.started_at is not None
    return Channel(found, row.after_digest, started, row.next_at, row.roundup_at, row.paused_at)


async def _follower(conn: AsyncConnection, asked: Asked, paper_id: int | None) -> Follower | None:
    subscription = await members.get(conn, asked.workspace, asked.member)
    if subscription is None:
        return None
    mine = (member.c.workspace == asked.workspace) & (member.c.member == asked.member)
    next_at = (await conn.execute(sa.select(member.c.next_at).where(mine))).scalar_one_or_none()
    rows = await conn.execute(
        sa.select(follow.c.kind, follow.c.value, follow.c.created_at).where(
            follow.c.workspace == asked.workspace, follow.c.member == asked.member
        )
    )
    since = {Follow(FollowKind(kind), value): created_at for kind, value, created_at in rows}
    hidden = paper_id is not None and await _hidden(conn, asked, paper_id)
    return Follower(subscription, next_at, since, hidden)


async def _hidden(conn: AsyncConnection, asked: Asked, paper_id: int) -> bool:
    who = asked.workspace, asked.member
    return paper_id in (await outbox.papers_hidden(conn, [who], [paper_id]))[who]


def _member_keys(asked: Asked, now: dt.datetime) -> list[str]:
    newest = last_day(now)
    return [keys.member(asked.workspace, asked.member, newest - day * DAY) for day in range(DAYS)]


async def _channel_keys(conn: AsyncConnection, asked: Asked, now: dt.datetime) -> list[str]:
    """Of the newest digests and round-ups. Revised digests have others too, of which none is the last."""
    rows = await conn.execute(
        sa.select(digest.c.id).order_by(digest.c.date.desc(), digest.c.id.desc()).limit(RECENT)
    )
    monday = now.date() - now.weekday() * DAY + 7 * DAY
    weeks = [keys.week(asked.workspace, asked.channel, monday - week * 7 * DAY) for week in range(WEEKS)]
    return [keys.channel(one, asked.workspace, asked.channel, 0) for one in rows.scalars()] + weeks


async def _lane(
    conn: AsyncConnection, workspace: str, destination: str, recent: Collection[str], now: dt.datetime
) -> Lane:
    known = await conn.execute(
        sa.select(delivery).where(delivery.c.key.in_(recent)).order_by(delivery.c.id.desc())
    )
    waiting = await conn.execute(
        sa.select(delivery)
        .where(
            delivery.c.workspace == workspace,
            delivery.c.destination == destination,
            sa.text(f"delivery.state IN {OPEN_STATES}"),
        )
        .order_by(delivery.c.id)
        .limit(WAITING)
    )
    rows = await _held(conn, workspace, list(map(_row, waiting)), now)
    return Lane(tuple(map(_row, known)), tuple(rows))
