"""The courier, the only one who posts: it claims rows, posts them, and writes what became of them.

Many lanes (channels, members) are under way at once, each in order and at Slack's pace. Whatever ended
since the last look is recorded in one transaction with the next claims.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from tenacity import AsyncRetrying, RetryCallState, wait_exponential_jitter

from bot.delivery import ledger
from bot.delivery.ledger import Claim, Claims, Outcome
from bot.delivery.pace import Meter, Pace
from bot.delivery.poster import (
    CannotLook,
    Posted,
    Poster,
    RateLimited,
    Refused,
    TooLong,
    Unknown,
    Unreachable,
)
from bot.library.database import Database
from bot.model import State

log = structlog.get_logger(__name__)

LEASE = dt.timedelta(seconds=60)  # longer than the poster's own time limit, so nobody takes over a live post
AT_ONCE = 50  # posts under way in a workspace
LOOKS = (2.0, 10.0, 30.0)  # seconds after a post at which to look for it: history lags behind posts
LONGEST_REST = 60.0  # seconds; so Slack's return is noticed within a minute
_backoff = wait_exponential_jitter(initial=1, max=LONGEST_REST, jitter=1)


def resting_time(failures: int) -> float:
    """Seconds to leave Slack alone after so many failures in a row, with jitter."""
    state = RetryCallState(AsyncRetrying(), None, (), {})
    state.attempt_number = failures
    return _backoff(state)


@dataclass(slots=True)
class _Flight:
    """The posts under way for one workspace, and what is known but not yet recorded."""

    meter: Meter
    nudged: asyncio.Event = field(default_factory=asyncio.Event)
    posts: dict[asyncio.Task[Outcome], Claim] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    failures: int = 0  # times in a row that Slack could not be reached
    resting_until: float = 0.0  # on the loop's clock

    def land(self) -> None:
        for task in [task for task in self.posts if task.done()]:
            self.outcomes.append(task.result())
            del self.posts[task]

    def busy(self, tick: float) -> set[str]:
        return self.meter.resting(tick) | {claim.destination for claim in self.posts.values()}

    def failed(self, tick: float) -> float:
        """Slack was not reached: how long to rest. Posts that fail side by side count once."""
        if tick >= self.resting_until:
            self.failures += 1
            self.resting_until = tick + resting_time(self.failures)
        return self.resting_until - tick

    async def change(self, timeout: float | None) -> None:
        """Wait until a post ends, something new is due, or `timeout` seconds pass."""
        nudge = asyncio.create_task(self.nudged.wait())
        await asyncio.wait({*self.posts, nudge}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        nudge.cancel()
        self.nudged.clear()


# Told when Slack refuses for good: pauses the feed and tells its owner.
OnRefused = Callable[[Claim, Refused], Awaitable[None]]


class Courier:
    def __init__(
        self,
        database: Database,
        poster: Callable[[str], Poster],  # a workspace's
        *,
        owner: str,
        clock: Callable[[], dt.datetime],
        resend_when_unsure: bool,
        on_refused: OnRefused,
        pace: Pace,
        looks: tuple[float, ...] = LOOKS,
    ) -> None:
        self._database = database
        self._poster = poster
        self._owner = owner
        self._clock = clock
        self._resend_when_unsure = resend_when_unsure
        self._on_refused = on_refused
        self._pace = pace
        self._looks = looks
        self._flights: dict[str, _Flight] = {}
        self._stopping = False

    def stop(self) -> None:
        """Claim nothing more; drains under way end when their posts have."""
        self._stopping = True

    def nudge(self, workspace: str) -> None:
        """Something new is due there: a drain under way looks at once."""
        if flight := self._flights.get(workspace):
            flight.nudged.set()

    async def drain(self, workspace: str) -> float | None:
        """Send what is due in `workspace`, and return in how many seconds to look again (None: when woken).

        One drain a workspace at a time; the runner sees to it.
        """
        flight = self._flights.setdefault(workspace, _Flight(Meter(self._pace)))
        while True:
            flight.land()
            delay = await self._turn(workspace, flight)
            if not flight.posts:
                return delay
            await flight.change(delay)

    async def _turn(self, workspace: str, flight: _Flight) -> float | None:
        """Record what landed, claim what may leave, set it off. Returns when to turn again."""
        now, tick = self._clock(), asyncio.get_running_loop().time()
        async with self._database.begin() as conn:
            await ledger.record(conn, flight.outcomes, owner=self._owner, now=now)
            await ledger.release_dead(conn, now)
            standing = await ledger.standing(conn, workspace)
            held = standing.hold_until is not None and standing.hold_until > now
            room = min(AT_ONCE - len(flight.posts), flight.meter.room(tick))
            if self._stopping or standing.disabled or held:
                room = 0
            claims = await ledger.claim(
                conn,
                workspace,
                owner=self._owner,
                now=now,
                lease=LEASE,
                busy=flight.busy(tick),
                room=room,
            )
        flight.outcomes.clear()
        for one in claims.taken:
            flight.meter.leave(one.destination, tick)
            flight.posts[asyncio.create_task(self._deliver(one, flight))] = one
        if self._stopping or standing.disabled:
            return None
        if held and standing.hold_until:
            return (standing.hold_until - now).total_seconds()
        return _until_next(claims, now, flight.meter.wait(tick))

    # --- one delivery ---------------------------------------------------------------------------

    async def _deliver(self, claim: Claim, flight: _Flight) -> Outcome:
        logger = log.bind(delivery=claim.key, destination=claim.destination, attempt=claim.attempts)
        try:
            if claim.unsure:
                outcome = await self._reconcile(claim)
            else:
                outcome = await self._post(claim, flight)
        except Exception as error:  # a bug must cost one row, not the workspace's lane of work
            logger.exception("delivery failed")
            return Outcome(claim.id, State.UNSURE, note=f"internal error: {error}", due_at=self._in(60))
        logger.info("delivery", state=outcome.state.value, ts=outcome.ts, note=outcome.note)
        return outcome

    async def _post(self, claim: Claim, flight: _Flight) -> Outcome:
        poster = self._poster(claim.workspace)
        answer = await poster.post(claim.destination, claim.message, key=claim.key, thread_ts=claim.thread_ts)
        if not isinstance(answer, Unreachable | Unknown):
            flight.failures = 0
        match answer:
            case Posted(ts):
                return Outcome(claim.id, State.SENT, ts=ts, note=claim.note)
            case RateLimited(seconds):
                return await self._rest(claim, seconds, "Slack asked to slow down")
            case Unreachable(reason):
                return await self._rest(claim, flight.failed(self._tick()), reason)
            case Unknown(reason):
                rest = max(flight.failed(self._tick()), self._looks[0])
                return Outcome(claim.id, State.UNSURE, note=reason, due_at=self._in(rest))
            case TooLong():
                return await self._split(claim)
            case Refused():
                await self._on_refused(claim, answer)
                return Outcome(claim.id, State.PARKED, note=f"{answer.code}: {answer.advice}")

    async def _reconcile(self, claim: Claim) -> Outcome:
        """The message may have arrived: look for its key; where that can't be, the setting decides."""
        found = await self._poster(claim.workspace).find(
            claim.destination, key=claim.key, since=claim.attempted_at, thread_ts=claim.thread_ts
        )
        match found:
            case Posted(ts):
                return Outcome(claim.id, State.SENT, ts=ts, note="found in the channel's history")
            case RateLimited(seconds):
                return Outcome(claim.id, State.UNSURE, note=claim.note, due_at=self._in(seconds))
            case CannotLook(reason) if self._resend_when_unsure:
                return self._held(claim, 0, f"sent again: can't tell whether it arrived ({reason})")
            case CannotLook(reason):
                return Outcome(
                    claim.id, State.PARKED, note=f"can't tell whether it arrived ({reason}); not sent again"
                )
        age = (self._clock() - claim.attempted_at).total_seconds()
        if later := [look for look in self._looks if look > age]:
            return Outcome(claim.id, State.UNSURE, note=claim.note, due_at=self._in(later[0] - age))
        return self._held(claim, 0, "sent again: it is not in the channel's history")

    async def _split(self, claim: Claim) -> Outcome:
        async with self._database.begin() as conn:
            halved = await ledger.split(conn, claim, self._clock())
        if halved:
            return self._held(claim, 0, "split: Slack found it too long")
        return Outcome(claim.id, State.PARKED, note="Slack finds it too long, and it can't be split")

    async def _rest(self, claim: Claim, seconds: float, reason: str) -> Outcome:
        async with self._database.begin() as conn:
            await ledger.hold(conn, claim.workspace, self._in(seconds), reason)
        return self._held(claim, seconds, reason)

    def _held(self, claim: Claim, seconds: float, note: str) -> Outcome:
        return Outcome(claim.id, State.HELD, note=note, due_at=self._in(seconds))

    def _in(self, seconds: float) -> dt.datetime:
        return self._clock() + dt.timedelta(seconds=seconds)

    @staticmethod
    def _tick() -> float:
        return asyncio.get_running_loop().time()


def _until_next(claims: Claims, now: dt.datetime, rest: float | None) -> float | None:
    """Seconds until there may be something to claim: a row falls due, or the pace allows the next post."""
    waits = [] if claims.next_at is None else [max((claims.next_at - now).total_seconds(), 0.0)]
    if claims.waiting and rest is not None:
        waits.append(rest)
    return min(waits, default=None)
