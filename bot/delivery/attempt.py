"""One delivery: post it, or first look for it where it may have arrived, and say what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

import structlog

from bot.delivery.claims import Claim, Outcome
from bot.delivery.patience import Patience
from bot.delivery.poster import (
    Answer,
    CannotLook,
    Missing,
    Posted,
    Poster,
    RateLimited,
    Reach,
    Refused,
    TooLong,
    Unknown,
    Unreachable,
)
from bot.errors import LibraryError
from bot.model import State

log = structlog.get_logger(__name__)

# A process's calls at a time: of the session's hundred connections, the others are for members. Who had to
# wait for a connection would take Slack for unreachable.
CALLS = 80
SLOW_DOWN = "Slack asked to slow down"
STOOD_STILL = "this process stood still before it could be sent"
AFTER_FAILURE = 60.0  # seconds; longer than history lags, so that it may count as a look
MOST_FAILURES = 10

# Told when Slack refuses for good: pauses the feed and tells its owner.
OnRefused = Callable[[Claim, Refused], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Rest:
    """Slack is not to be asked by this workspace for so many seconds; None: for a growing while."""

    seconds: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Result:
    outcome: Outcome
    rest: Rest | None = None
    split: bool = False  # the message is to be halved before it is sent again
    look_in: float = 0.0  # for so many seconds Slack wants no look from this workspace


@dataclass(frozen=True, slots=True)
class Attempt:
    poster: Callable[[str], Poster]  # a workspace's
    on_refused: OnRefused
    resend_when_unsure: bool
    patience: Patience
    calls: asyncio.Semaphore = field(default_factory=partial(asyncio.Semaphore, CALLS))

    async def make(self, claim: Claim, leave_by: float) -> Result:
        """`leave_by`, on the loop's clock: a process that stood still past it may have lost the claim.

        Never raises: a bug costs one row, not the work of its workspace.
        """
        async with self.calls:
            return await self._make(claim, leave_by)

    async def _make(self, claim: Claim, leave_by: float) -> Result:
        logger = log.bind(delivery=claim.key, destination=claim.destination, attempt=claim.attempts)
        if asyncio.get_running_loop().time() > leave_by:
            return Result(_unsure(claim, 0) if claim.is_look else _held(claim, 0, STOOD_STILL))
        try:
            result = await (self._look(claim) if claim.is_look else self._send(claim))
        except Exception as error:
            logger.exception("delivery failed")
            return Result(_failed(claim, error))
        outcome = result.outcome
        logger.info("delivery", state=outcome.state.value, ts=outcome.ts, note=outcome.note)
        return result

    async def _send(self, claim: Claim) -> Result:
        answer = await self._ask(claim)
        match answer:
            case Posted(ts):
                return Result(Outcome(claim.id, State.SENT, ts=ts))
            case RateLimited(seconds):
                return Result(_held(claim, seconds, SLOW_DOWN), Rest(seconds, SLOW_DOWN))
            case Unreachable(reason):
                return Result(_held(claim, 0, reason), Rest(None, reason))
            case Unknown(reason) if claim.target_ts:
                return Result(_held(claim, 0, reason), Rest(None, reason))
            case Unknown(reason):
                unsure = Outcome(claim.id, State.UNSURE, note=reason, after=self.patience.looks[0])
                return Result(unsure, Rest(None, reason))
            case TooLong() if claim.message.blocks:
                return Result(_held(claim, 0, "split: Slack found it too long"), split=True)
            case TooLong():
                return Result(Outcome(claim.id, State.PARKED, note="Slack finds it too long"))
            case Refused(code, advice, Reach.WORKSPACE):  # it waits until the token is renewed
                await self.on_refused(claim, answer)
                return Result(_held(claim, 0, f"{code}: {advice}"))
            case Refused(code, advice):
                await self.on_refused(claim, answer)
                return Result(Outcome(claim.id, State.PARKED, note=f"{code}: {advice}"))

    async def _ask(self, claim: Claim) -> Answer:
        poster = self.poster(claim.workspace)
        message, key = claim.message, claim.key
        if claim.target_ts:
            return await poster.change(claim.destination, message, ts=claim.target_ts)
        return await poster.post(claim.destination, message, key=key, thread_ts=claim.thread_ts)

    async def _look(self, claim: Claim) -> Result:
        """Where the history can't be read, the operator's setting decides."""
        found = await self.poster(claim.workspace).find(
            claim.destination, key=claim.key, since=claim.attempted_at, thread_ts=claim.thread_ts
        )
        match found:
            case Posted(ts):
                return Result(Outcome(claim.id, State.SENT, ts=ts, note="found in the channel's history"))
            case RateLimited(seconds):
                return Result(_unsure(claim, seconds), look_in=seconds)
            case Unreachable(reason) | Unknown(reason):
                return Result(_unsure(claim, self.patience.looks[0]), Rest(None, reason))
            case CannotLook(reason) if self.resend_when_unsure:
                return Result(_held(claim, 0, f"sent again: can't tell whether it arrived ({reason})"))
            case CannotLook(reason):
                why = f"can't tell whether it arrived ({reason}); not sent again"
                return Result(Outcome(claim.id, State.PARKED, note=why))
            case Missing():
                return Result(self._missing(claim))

    def _missing(self, claim: Claim) -> Outcome:
        """Looks are counted and not timed: a clock that jumps must not cut them short."""
        looks = self.patience.looks
        made = claim.looks + 1
        if made < len(looks):
            wait = looks[made] - looks[made - 1]
            return Outcome(claim.id, State.UNSURE, note=claim.note, after=wait, looks=made)
        return _held(claim, 0, "sent again: it is not in the channel's history")


def _failed(claim: Claim, error: Exception) -> Outcome:
    """A bug of ours, or the database is away. A bug must not shut the lane for ever."""
    note = f"internal error: {error}"
    if claim.attempts + claim.looks >= MOST_FAILURES and not isinstance(error, LibraryError):
        return Outcome(claim.id, State.PARKED, note=note)
    return Outcome(claim.id, State.UNSURE, note=note, after=AFTER_FAILURE, looks=claim.looks + 1)


def _unsure(claim: Claim, seconds: float) -> Outcome:
    """It still is: no look was made."""
    return Outcome(claim.id, State.UNSURE, note=claim.note, after=seconds, looks=claim.looks)


def _held(claim: Claim, seconds: float, note: str) -> Outcome:
    return Outcome(claim.id, State.HELD, note=note, after=seconds)
