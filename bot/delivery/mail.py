"""Direct messages that follow from what members do, through the ledger like all that Paperboy posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from bot.delivery import outbox
from bot.library.database import Database, Time
from bot.library.tables import delivery
from bot.model import Delivery, DeliveryKind, Message


@dataclass(frozen=True, slots=True)
class Mail:
    database: Database
    time: Time
    wake: Callable[[str], None]  # the courier of a workspace
    _known: set[str] = field(default_factory=set)

    async def send(self, deliveries: Sequence[Delivery]) -> None:
        """As soon as can be; what was sent before under the same key is not sent again."""
        async with self.database.begin() as conn:
            now: dt.datetime = await self.time(conn)
            await outbox.add(conn, [replace(one, due_at=now) for one in deliveries], now)
        for workspace in {one.workspace for one in deliveries}:
            self.wake(workspace)

    async def answer(self, workspace: str, member: str, said: Mapping[str, Message]) -> None:
        """Tell a member what came of a press; by key, each once."""
        # `send` says when, by the clock that rows are held against.
        at_once, kind = dt.datetime.min.replace(tzinfo=dt.UTC), DeliveryKind.ANSWER
        await self.send(
            [Delivery(key, workspace, member, kind, at_once, message=one) for key, one in said.items()]
        )

    async def knows(self, key: str) -> bool:
        """Whether there is, or was, such a row. Asked at every turn, so a yes is kept."""
        if key not in self._known:
            async with self.database.read() as conn:
                found = await conn.execute(sa.select(delivery.c.id).where(delivery.c.key == key))
                if found.first():
                    self._known.add(key)
        return key in self._known
