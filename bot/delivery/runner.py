"""Wakes drains: one at a time a workspace, in whichever process takes its turn. Holds no truth of its own.

A turn is a job of PgQueuer's, at most one a workspace, waiting or under way. It ends when nothing is due
for a while; a second kind of job then waits for the moment and asks for the next turn. Losing every job
costs a minute at most, since a sweep finds every workspace with open rows.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import structlog
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.models import Job
from pgqueuer.domain.types import Channel

from bot.delivery.queue import OpenQueue, Queue
from bot.errors import LibraryError

log = structlog.get_logger(__name__)

TURN, LATER = "turn", "later"  # the two kinds of job
NUDGES = "paperboy_nudges"  # a channel: workspaces where something new is due, for drains under way
AT_ONCE = 500  # turns in a process; most of them rest
BATCH = 2  # turns taken at a time: few, so that processes share
MODESTY, LONGEST_MODESTY = 0.0005, 0.02  # seconds before the next, for each that it has, and in all
DUE = timedelta(days=-1)  # also where the clock is set back before the turn is taken
CHUNK = 200  # workspaces in a notification, which holds 8000 bytes


class Runner(Protocol):
    def wake(self, workspace: str, after: float = 0.0) -> None:
        """Drain `workspace` in `after` seconds, or sooner, here or in another process."""

    async def run(self) -> None:
        """Serve wake-ups until stopped."""

    async def stop(self, timeout: float) -> None:
        """Begin no turn any more, and wait for those under way."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds. Tests pass shorter ones."""

    sweep: float = 60.0  # so often every workspace with open rows is woken
    silence: float = 15.0  # of a process that works, after which its turns are another's
    poll: float = 10.0  # so often the queue is looked at unasked: for dead processes, and lost notices
    rest: float = 10.0  # up to this a rest is part of the turn: here the workspace's pace is known
    retry: float = 5.0  # after a drain that failed, for example with the database away


@dataclass(slots=True)
class _Turn:
    task: asyncio.Task[None] | None
    nudged: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class _Modest(QueueManager):
    """Takes a new turn the later, the more it has: most go to the process that has least to do."""

    turns: Mapping[str, _Turn] = field(default_factory=dict)

    async def fetch_jobs(
        self, batch_size: int, global_concurrency_limit: int | None, heartbeat_timeout: timedelta
    ) -> AsyncGenerator[Job, None]:
        async for job in super().fetch_jobs(batch_size, global_concurrency_limit, heartbeat_timeout):
            yield job
            await asyncio.sleep(min(len(self.turns) * MODESTY, LONGEST_MODESTY))


class QueueRunner:
    """`delivers`: take turns here; else wake-ups are only passed on."""

    def __init__(
        self,
        open_queue: OpenQueue,
        drain: Callable[[str], Awaitable[float | None]],
        nudge: Callable[[str], None],
        open_workspaces: Callable[[], Awaitable[list[str]]],
        *,
        delivers: bool = True,
        rhythm: Rhythm = Rhythm(),
    ) -> None:
        self._open_queue = open_queue
        self._drain = drain
        self._nudge = nudge
        self._open_workspaces = open_workspaces
        self._delivers = delivers
        self._rhythm = rhythm
        self._wakes: dict[str, float] = {}
        self._woken = asyncio.Event()
        self._turns: dict[str, _Turn] = {}
        self._stopping = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    # --- waking ---------------------------------------------------------------------------------

    def wake(self, workspace: str, after: float = 0.0) -> None:
        self._wakes[workspace] = min(after, self._wakes.get(workspace, after))
        self._woken.set()

    async def _tell(self, queue: Queue) -> None:
        """Put wake-ups into the queue, as many at a time as have come meanwhile."""
        while self._wakes or not self._stopping.is_set():
            await self._woken.wait()
            self._woken.clear()
            wakes, self._wakes = list(self._wakes.items()), {}
            try:
                for start in range(0, len(wakes), CHUNK):
                    await _put(queue, dict(wakes[start : start + CHUNK]))
            except Exception:
                log.exception("wake-ups are lost until the next sweep", workspaces=len(wakes))

    async def _sweep(self, queue: Queue) -> None:
        while not self._stopping.is_set():
            pause = self._rhythm.sweep
            try:
                for workspace in await self._open_workspaces():
                    self.wake(workspace)
                await queue.clear_queue_log([TURN, LATER])  # else it grows for ever
            except Exception as error:
                _tell("sweep failed", error, again_in=self._rhythm.retry)
                pause = self._rhythm.retry
            await _wait(self._stopping, pause)

    def _hear(self, payload: str | bytes | bytearray) -> None:
        for workspace in str(payload).split():
            if turn := self._turns.get(workspace):
                turn.nudged.set()
                self._nudge(workspace)

    # --- a turn ---------------------------------------------------------------------------------

    async def _take_turn(self, queue: Queue, job: Job) -> None:
        workspace = _workspace(job)
        if workspace in self._turns:  # someone emptied the queue meanwhile
            self._hear(workspace)
            return
        turn = self._turns[workspace] = _Turn(asyncio.current_task())
        try:
            delay = await self._drain_until_rest(workspace, turn.nudged)
            await _end(queue, job)
        finally:
            del self._turns[workspace]
        if turn.nudged.is_set() or self._stopping.is_set():
            delay = 0.0  # whoever comes first goes on: here, or where nobody is about to stop
        if delay is not None:
            await _put(queue, {workspace: min(delay, self._rhythm.sweep)})

    async def _drain_until_rest(self, workspace: str, nudged: asyncio.Event) -> float | None:
        while True:
            nudged.clear()
            try:
                delay = await self._drain(workspace)
            except Exception as error:
                _tell("drain failed", error, workspace=workspace, again_in=self._rhythm.retry)
                return self._rhythm.retry
            if delay is None or delay > self._rhythm.rest or self._stopping.is_set():
                return delay
            await _wait(nudged, delay)

    # --- running --------------------------------------------------------------------------------

    async def run(self) -> None:
        self._running = asyncio.current_task()
        while not self._stopping.is_set():
            try:
                async with self._open_queue() as queue:
                    await self._serve(queue)
            except Exception:
                log.exception("the queue failed", again_in=self._rhythm.retry)
                await _wait(self._stopping, self._rhythm.retry)

    async def _serve(self, queue: Queue) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tell(queue))
            if self._delivers:
                await queue.driver.add_listener(NUDGES, self._hear)
                group.create_task(self._sweep(queue))
                group.create_task(self._work(queue))

    async def _work(self, queue: Queue) -> None:
        manager = _Modest(queue, Channel(queue.qbe.settings.channel), turns=self._turns)
        manager.shutdown = self._stopping

        @manager.entrypoint(TURN)
        async def turn(job: Job) -> None:
            await self._take_turn(queue, job)

        @manager.entrypoint(LATER)
        async def later(job: Job) -> None:
            await _end(queue, job)
            await _put(queue, {_workspace(job): 0.0})

        await manager.run(
            dequeue_timeout=timedelta(seconds=self._rhythm.poll),
            heartbeat_timeout=timedelta(seconds=self._rhythm.silence),
            batch_size=BATCH,
            max_concurrent_tasks=AT_ONCE,
            log_aggregation_interval=timedelta(0),
        )

    async def stop(self, timeout: float) -> None:
        self._stopping.set()
        self._woken.set()
        for turn in self._turns.values():
            turn.nudged.set()
        if self._running is None:
            return
        await asyncio.wait({self._running}, timeout=timeout)
        for turn in self._turns.values():
            if turn.task:
                turn.task.cancel()
        self._running.cancel()
        await asyncio.wait({self._running}, timeout=0.5)


def _tell(event: str, error: Exception, **what: object) -> None:
    """A database that is away comes back, and needs no traceback each time it is asked."""
    if isinstance(error, LibraryError):
        log.warning(event, error=error.user_message, **what)
    else:
        log.error(event, exc_info=error, **what)


async def _put(queue: Queue, wakes: dict[str, float]) -> None:
    """A turn now, or a later wake-up, for each workspace that has none. Nudges go first: a turn that
    stands in the way of a new one then hears of it before it ends."""
    now = [workspace for workspace, after in wakes.items() if after <= 0]
    if now:
        await queue.driver.notify(NUDGES, " ".join(now))
    await queue.enqueue(
        [TURN if after <= 0 else LATER for after in wakes.values()],
        [workspace.encode() for workspace in wakes],
        [0] * len(wakes),
        [timedelta(seconds=after) if after > 0 else DUE for after in wakes.values()],
        # Of two that wait equally long, the one that is there comes first, and asks again if it is too early.
        [f"{workspace}+{math.ceil(after)}" if after > 0 else workspace for workspace, after in wakes.items()],
        on_conflict="skip",
    )


async def _end(queue: Queue, job: Job) -> None:
    """PgQueuer would do so a little later, and what is put in between would find the job, and not go in."""
    await queue.log_jobs([(job, "successful", None)])


def _workspace(job: Job) -> str:
    return (job.payload or b"").decode()


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
