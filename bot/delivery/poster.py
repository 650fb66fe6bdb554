"""What the courier needs of Slack, and the six ways in which a post can end. slack/client.py does it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.model import Message


@dataclass(frozen=True, slots=True)
class Posted:
    ts: str


@dataclass(frozen=True, slots=True)
class RateLimited:
    """Slack asks this workspace to wait; nothing was stored."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The request never left: trying again can't repeat anything."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The request left and no answer came: it may have arrived."""

    reason: str


@dataclass(frozen=True, slots=True)
class TooLong:
    """Slack finds the message too long, though our own limits allow it."""


class Reach(StrEnum):
    """How much a refusal concerns."""

    MESSAGE = "message"
    CHANNEL = "channel"
    WORKSPACE = "workspace"


@dataclass(frozen=True, slots=True)
class Refused:
    """Slack will never take this message. `advice` says what a person can do about it."""

    code: str  # Slack's own: "channel_not_found"
    advice: str
    reach: Reach = Reach.MESSAGE


Answer = Posted | RateLimited | Unreachable | Unknown | TooLong | Refused


@dataclass(frozen=True, slots=True)
class Missing:
    """The channel's history was read, and the message is not there."""


@dataclass(frozen=True, slots=True)
class CannotLook:
    """The history can't be read (no scope, no such conversation)."""

    reason: str


class Poster(Protocol):
    async def post(self, destination: str, message: Message, *, key: str, thread_ts: str | None) -> Answer:
        """Post once, with `key` in the message's metadata. Never retries, never raises."""

    async def change(self, channel: str, message: Message, *, ts: str) -> Answer:
        """Put `message` in the place of the one posted at `ts`. May run twice."""

    async def find(
        self, destination: str, *, key: str, since: dt.datetime, thread_ts: str | None
    ) -> Posted | Missing | CannotLook | RateLimited | Unreachable | Unknown:
        """Look for our message carrying `key` among those posted after `since`."""
