"""The courier, the only one who posts: it claims rows, posts them, and writes what became of them.

Many lanes (channels, members) are under way at once, each in order and at Slack's pace. Whatever ended
since the last look is recorded in one transaction with the next claims, for many workspaces at a time.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import ledger
from bot.delivery import standing as standings
from bot.delivery.attempt import Attempt, Rest, Result
from bot.delivery.claims import Claim, Claims, Outcome, Room
from bot.delivery.pace import Meter, Pace
from bot.delivery.patience import Patience
from bot.delivery.standing import Standing
from bot.errors import LibraryError
from bot.library.database import Database, Time

AT_ONCE = 50  # posts under way in a workspace
SHARE = 100  # workspaces in a transaction
TRANSACTIONS = 2  # at a time; SQLite does one after the other
BEAT = 0.02  # seconds at least from one to the next: who asks meanwhile shares that one

_Turn = asyncio.Future[float | None]  # in how many seconds to turn again

# Told what the ledger now says of deliveries, to count it.
OnRecorded = Callable[[Sequence[Outcome]], None]


@dataclass(slots=True)
class _Flight:
    """The posts under way for one workspace, and what is known but not yet recorded."""

    workspace: str
    meter: Meter
    looks: Meter
    patience: Patience
    nudged: asyncio.Event = field(default_factory=asyncio.Event)
    posts: dict[asyncio.Task[Result], Claim] = field(default_factory=dict)
    results: list[tuple[Claim, Result]] = field(default_factory=list)
    failures: int = 0  # times in a row that Slack could not be reached
    resting_until: float = 0.0  # on the loop's clock

    def land(self, tick: float) -> None:
        for task in [task for task in self.posts if task.done()]:
            claim, result = self.posts.pop(task), task.result()
            self.results.append((claim, result))
            if result.look_in:
                self.looks.rest(result.look_in, tick)
            if result.rest is None:
                self.failures = 0
            elif result.rest.seconds is None and tick >= self.resting_until:
                self.failures += 1  # posts that fail side by side count once
                self.resting_until = tick + self.patience.rest(self.failures)

    def rest(self, tick: float) -> Rest | None:
        """The longest rest that what landed asks for."""
        asked = [result.rest for _, result in self.results if result.rest]
        waits = [Rest(one.seconds or self.resting_until - tick, one.reason) for one in asked]
        return max(waits, key=lambda one: one.seconds or 0.0, default=None)

    def room(self, tick: float, *, closed: bool) -> Room:
        busy = self.meter.resting(tick) | {claim.destination for claim in self.posts.values()}
        free = 0 if closed else AT_ONCE - len(self.posts)
        return Room(
            min(free, self.meter.room(tick)), min(free, self.looks.room(tick)), busy, self.meter.served(tick)
        )

    def leave(self, claim: Claim, tick: float) -> None:
        if claim.is_look:
            self.looks.leave("", tick)
        else:
            self.meter.leave(claim.destination, tick)

    def wait(self, tick: float) -> float | None:
        """Seconds until the pace allows something that it does not allow now."""
        waits = [one.wait(tick) for one in (self.meter, self.looks)]
        return min((wait for wait in waits if wait is not None), default=None)

    async def change(self, timeout: float | None) -> None:
        """Wait until a post ends, something new is due, or `timeout` seconds pass."""
        nudge = asyncio.create_task(self.nudged.wait())
        await asyncio.wait({*self.posts, nudge}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        nudge.cancel()


class Courier:
    def __init__(
        self,
        database: Database,
        attempt: Attempt,
        *,
        owner: str,
        time: Time,
        pace: Pace,
        on_recorded: OnRecorded = lambda outcomes: None,
    ) -> None:
        self._database = database
        self._attempt = attempt
        self._owner = owner
        self._time = time
        self._pace = pace
        self._on_recorded = on_recorded
        self._flights: dict[str, _Flight] = {}
        self._asked: dict[str, _Turn] = {}
        self._turning: set[asyncio.Task[None]] = set()
        self._next_turn = 0.0  # not before, on the loop's clock
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
        new = _Flight(workspace, Meter(self._pace), Meter(self._pace.of_looks), self._attempt.patience)
        flight = self._flights.setdefault(workspace, new)
        while True:
            delay = await self._turn(workspace)
            if not flight.posts:
                return delay
            await flight.change(delay)

    async def _turn(self, workspace: str) -> float | None:
        """Workspaces that ask before the next transaction begins share it."""
        turn = self._asked.setdefault(workspace, asyncio.get_running_loop().create_future())
        if sum(not one.done() for one in self._turning) < TRANSACTIONS:
            turning = asyncio.create_task(self._take_turns(), name="turns")
            self._turning.add(turning)
            turning.add_done_callback(self._turning.discard)
        return await asyncio.shield(turn)

    async def _take_turns(self) -> None:
        """What fails together is tried again one by one: one workspace's trouble is not that of all."""
        share = SHARE
        while self._asked:
            await self._beat()
            turns = {one: self._asked.pop(one) for one in list(self._asked)[:share]}
            if not turns:  # the other transaction's now
                return
            try:
                delays = await self._take([self._flights[one] for one in turns])
            except Exception as error:
                if len(turns) > 1 and not isinstance(error, LibraryError):
                    share, self._asked = 1, turns | self._asked
                    continue
                for turn in turns.values():
                    turn.set_exception(error)
            else:
                for turn, delay in zip(turns.values(), delays, strict=True):
                    turn.set_result(delay)

    async def _beat(self) -> None:
        """At once, where the last transaction began long enough ago."""
        tick = asyncio.get_running_loop().time()
        begin = max(tick, self._next_turn)
        self._next_turn = begin + BEAT
        await asyncio.sleep(begin - tick)

    async def _take(self, flights: Sequence[_Flight]) -> list[float | None]:
        """Record what landed, claim what may leave, set it off. Returns when each is to turn again."""
        for flight in flights:  # what is due by now is seen below
            flight.nudged.clear()
        async with self._database.begin() as conn:
            now = await self._time(conn)
            tick = asyncio.get_running_loop().time()
            for flight in flights:
                flight.land(tick)
            recorded = await self._record(conn, flights, now, tick)
            standing = await standings.of(conn, [flight.workspace for flight in flights])
            rooms = {
                one.workspace: one.room(tick, closed=self._stopping or standing[one.workspace].closed(now))
                for one in flights
            }
            claims = await ledger.claim(
                conn,
                rooms,
                owner=self._owner,
                now=now,
                lease=self._attempt.patience.lease,
            )
        self._on_recorded(recorded + [one for each in claims.values() for one in each.parked])
        return [
            self._set_off(flight, claims[flight.workspace], standing[flight.workspace], now, tick)
            for flight in flights
        ]

    def _set_off(
        self, flight: _Flight, claims: Claims, standing: Standing, now: dt.datetime, tick: float
    ) -> float | None:
        flight.results.clear()
        # Half of the lease is for leaving, half for Slack's answer.
        leave_by = tick + self._attempt.patience.lease.total_seconds() / 2
        for one in claims.taken:
            flight.leave(one, tick)
            flight.posts[asyncio.create_task(self._attempt.make(one, leave_by))] = one
        if self._stopping or standing.disabled:
            return None
        return standing.held_for(now) or _until_next(claims, now, flight.wait(tick))

    async def _record(
        self, conn: AsyncConnection, flights: Sequence[_Flight], now: dt.datetime, tick: float
    ) -> list[Outcome]:
        """What another process took over meanwhile is that one's to record, and to count."""
        landed = [each for flight in flights for each in flight.results]
        held = await ledger.held(conn, [claim.id for claim, _ in landed], self._owner)
        landed = [(claim, result) for claim, result in landed if claim.id in held]
        for claim, result in landed:
            if result.split:
                await ledger.split(conn, claim, now)
        outcomes = [result.outcome for _, result in landed]
        await ledger.record(conn, outcomes, owner=self._owner, now=now)
        for flight in flights:
            if rest := flight.rest(tick):
                until = now + dt.timedelta(seconds=rest.seconds or 0)
                await standings.hold(conn, flight.workspace, until, rest.reason)
        return outcomes


def _until_next(claims: Claims, now: dt.datetime, rest: float | None) -> float | None:
    """Seconds until there may be something to claim: a row falls due, or the pace allows the next post."""
    waits = [] if claims.next_at is None else [max((claims.next_at - now).total_seconds(), 0.0)]
    if claims.waiting and rest is not None:
        waits.append(rest)
    return min(waits, default=None)
