"""What Slack sent and was told we have: kept until it is handled, whoever crashes in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.library.database import Database, insert
from bot.library.tables import inbox

KEEP = dt.timedelta(days=1)  # what was handled: Slack sends an event again for an hour at most
ABANDONED = dt.timedelta(minutes=1)  # unhandled for so long: whoever took it died


@dataclass(frozen=True, slots=True)
class Item:
    key: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Inbox:
    database: Database

    async def take(self, key: str, payload: Mapping[str, Any], now: dt.datetime) -> bool:
        """Keep it; False if it was here before (Slack sends what it thinks is lost again)."""
        async with self.database.begin() as conn:
            statement = insert(conn, inbox).values(key=key, payload=dict(payload), taken_at=now)
            taken = await conn.execute(statement.on_conflict_do_nothing().returning(inbox.c.key))
            return taken.first() is not None

    async def handled(self, key: str, now: dt.datetime) -> None:
        async with self.database.begin() as conn:
            await conn.execute(inbox.update().where(inbox.c.key == key).values(handled_at=now))

    async def abandoned(self, now: dt.datetime, *, everything: bool = False) -> list[Item]:
        """Take over what a dead process left; `everything`, where no other process can be at work."""
        old = sa.true() if everything else inbox.c.taken_at < now - ABANDONED
        async with self.database.begin() as conn:
            done = inbox.c.handled_at.is_not(None)
            await conn.execute(inbox.delete().where(done, inbox.c.taken_at < now - KEEP))
            rows = await conn.execute(
                inbox.update()
                .where(inbox.c.handled_at.is_(None), old)
                .values(taken_at=now)
                .returning(inbox.c.key, inbox.c.payload)
            )
            return [Item(row.key, row.payload) for row in rows]
