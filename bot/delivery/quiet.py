"""Mute means mute: while a member wants nothing by itself, nothing comes, planned or held as it may be."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from bot.delivery import outbox
from bot.library.database import Database
from bot.model import Subscription
from bot.subscriptions import members


@dataclass(frozen=True, slots=True)
class Quiet:
    database: Database

    async def mute(self, workspace: str, member: str, *, timezone: str, now: dt.datetime) -> Subscription:
        async with self.database.begin() as conn:
            old = await members.hold(conn, workspace, member)
            await members.put(conn, replace(old, timezone=timezone), now)
            await members.mute(conn, workspace, member, now)
            await outbox.skip_open(conn, workspace, member, outbox.MUTED, now)
            return replace(old, timezone=timezone, muted=True)

    async def unmute(self, workspace: str, member: str, *, timezone: str, now: dt.datetime) -> Subscription:
        """From now on: what came meanwhile is not made up for."""
        async with self.database.begin() as conn:
            old = await members.hold(conn, workspace, member)
            new = replace(old, timezone=timezone, muted=False)
            await members.put(conn, new, now)
            if old.muted:
                await members.unmute(conn, new, now)
            return new
