"""A courier over a real database, posting to the sandbox over real HTTP."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import desk, outbox
from bot.delivery.attempt import Attempt
from bot.delivery.courier import Courier
from bot.delivery.pace import Pace
from bot.delivery.patience import Patience
from bot.delivery.refusals import Refusals
from bot.library.database import Database
from bot.model import Delivery, DeliveryKind, Message
from bot.sandbox import Sandbox
from bot.slack.blocks import notice
from bot.slack.client import SlackPoster, web_client

QUICK = Pace(lane_seconds=0, per_minute=1_000_000, looks_at_once=1_000)


@dataclass
class Clock:
    now: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))

    def __call__(self) -> dt.datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)


@dataclass
class Office:
    """What a delivery test needs: the ledger's database, Slack, a clock, and couriers on demand."""

    database: Database
    sandbox: Sandbox
    clock: Clock
    session: aiohttp.ClientSession

    @property
    def team(self) -> str:
        return self.sandbox.workspace.id

    async def time(self, conn: AsyncConnection) -> dt.datetime:
        return self.clock()

    def channel(self, name: str = "papers") -> str:
        return self.sandbox.workspace.channel(name).id

    def courier(
        self, owner: str = "one", *, resend: bool = True, pace: Pace = QUICK, poster: Any = None, **given: Any
    ) -> Courier:
        attempt = Attempt(
            lambda workspace: poster or self.poster,
            Refusals(self.database, self.time, notice.paused),
            resend_when_unsure=resend,
            patience=Patience(),
        )
        return Courier(
            self.database,
            attempt,
            owner=owner,
            time=self.time,
            pace=pace,
            **given,
        )

    @property
    def poster(self) -> SlackPoster:
        client = web_client(self.sandbox.bot_token, self.sandbox.api_url, self.session)
        return SlackPoster(client, self.sandbox.workspace.bot_id)

    def delivery(self, key: str, channel: str = "papers", **given: object) -> Delivery:
        facts: dict[str, object] = {
            "workspace": self.team,
            "destination": self.channel(channel) if not channel.startswith("U") else channel,
            "kind": DeliveryKind.CHANNEL,
            "due_at": self.clock(),
            "message": Message(f"message {key}"),
        }
        return Delivery(key=key, **{**facts, **given})  # type: ignore[arg-type]

    async def plan(self, *deliveries: Delivery) -> set[str]:
        async with self.database.begin() as conn:
            return await outbox.add(conn, deliveries, self.clock())

    async def drain(self, courier: Courier, turns: int = 20) -> None:
        """Until nothing is open, moving the clock over every rest."""
        for _ in range(turns):
            delay = await courier.drain(self.team)
            if delay is None:
                return
            self.clock.move(delay + 0.001)

    async def rows(self) -> dict[str, tuple[str, str | None]]:
        async with self.database.read() as conn:
            return {row.key: (row.state, row.note) for row in await desk.listing(conn, limit=1000)}

    async def states(self) -> dict[str, str]:
        return {key: state for key, (state, _) in (await self.rows()).items()}

    def texts(self, channel: str = "papers") -> list[str]:
        return [message.text for message in self.sandbox.workspace.channel(channel).timeline]

    def posts(self) -> int:
        return sum(call.method == "chat.postMessage" for call in self.sandbox.calls)
