"""Looks for sources that are silent, and tells those who set up feeds: once each for a silence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import keys, outbox, silence
from bot.delivery.silence import Arrival, Silence
from bot.library import sources
from bot.library.database import Database
from bot.library.tables import digest, feed, member
from bot.model import Delivery, DeliveryKind, Message

log = structlog.get_logger(__name__)

# To an owner: this source is silent, and these are their channels.
Word = Callable[[str, Silence, Collection[str]], Message]


@dataclass(slots=True)
class SilenceWatch:
    database: Database
    word: Word
    configured: frozenset[str]  # sources: one that is no more is silent for ever
    told: Callable[[Collection[str], Collection[str]], None]  # of these sources, those that are silent
    _warned: set[tuple[str, int]] = field(default_factory=set)

    async def look(self, now: dt.datetime) -> set[str]:
        """Returns the workspaces with new rows. Safe to run twice, and side by side."""
        async with self.database.read() as conn:
            found = await silent(conn, self.configured)
        self.told(self.configured, found)
        for source, one in found.items():
            if (source, one.last.digest_id) not in self._warned:
                log.warning("source is silent", source=source, days=one.days, longest_before=one.longest)
                self._warned.add((source, one.last.digest_id))
        if not found:
            return set()
        async with self.database.begin() as conn:
            rows = [
                Delivery(
                    key=keys.silent(source, one.last.digest_id, workspace, owner),
                    workspace=workspace,
                    destination=owner,
                    kind=DeliveryKind.NOTICE,
                    due_at=now,
                    message=self.word(source, one, channels),
                )
                for (workspace, owner), channels in (await _owners(conn)).items()
                for source, one in found.items()
            ]
            added = await outbox.add(conn, rows, now)
            return {row.workspace for row in rows if row.key in added}


async def arrivals(conn: AsyncConnection) -> dict[str, list[Arrival]]:
    """Every digest, by its source."""
    found: dict[str, list[Arrival]] = {}
    rows = await conn.execute(sa.select(digest.c.source, digest.c.id, digest.c.date, digest.c.seen_at))
    for source, digest_id, date, seen_at in rows:
        found.setdefault(source, []).append(Arrival(digest_id, date, seen_at))
    return found


async def silent(conn: AsyncConnection, configured: Collection[str]) -> dict[str, Silence]:
    """Which of these sources are, when they were last asked."""
    came = await arrivals(conn)
    found = {
        state.name: silence.of(came.get(state.name, ()), state.attempted_at)
        for state in await sources.states(conn)
        if state.name in configured and state.attempted_at
    }
    return {name: one for name, one in found.items() if one}


async def _owners(conn: AsyncConnection) -> Mapping[tuple[str, str], list[str]]:
    """Who set up feeds that run, by (workspace, member), and their channels; but for those who want quiet."""
    muted = sa.exists().where(
        member.c.workspace == feed.c.workspace,
        member.c.member == feed.c.owner,
        member.c.muted_at.is_not(None),
    )
    rows = await conn.execute(
        sa.select(feed.c.workspace, feed.c.owner, feed.c.channel)
        .where(feed.c.owner.is_not(None), feed.c.paused.is_(None), feed.c.removed_at.is_(None), ~muted)
        .order_by(feed.c.id)
    )
    found: dict[tuple[str, str], list[str]] = {}
    for workspace, owner, channel in rows:
        found.setdefault((workspace, owner), []).append(channel)
    return found
