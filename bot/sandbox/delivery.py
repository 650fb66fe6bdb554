"""What Slack sends to the bot and how the bot takes it, the same over sockets and over HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.sandbox.messages import Json

ACK_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Envelope:
    """`kind` is Socket Mode's word: events_api, slash_commands or interactive."""

    kind: str
    payload: Json
    retry_num: int = 0
    retry_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Ack:
    """`error` is what a member would read in Slack; `body` what the bot sent back with its ack."""

    error: str | None = None
    status: int | None = None  # of HTTP; 200 for an ack over a socket
    body: Any = None
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return self.error is None


@dataclass(slots=True, eq=False)
class SentEvent:
    """An event and every attempt at delivering it."""

    payload: Json
    needed: frozenset[str] = frozenset()  # the scopes it took
    acks: list[Ack] = field(default_factory=list)

    @property
    def event_id(self) -> str:
        return str(self.payload["event_id"])


class Carrier(Protocol):
    async def deliver(self, envelope: Envelope) -> Ack: ...


NO_ANSWER = "operation_timeout"
NOBODY_THERE = "dispatch_failed"
