"""Wakes drains: one at a time a workspace, again when its next row is due. Holds no truth of its own.

Losing every wake-up costs a minute at most, since a sweep finds every workspace with open rows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 60.0
RETRY_SECONDS = 5.0  # after a drain that failed, for example with the database away


class Runner(Protocol):
    def wake(self, workspace: str, after: float = 0.0) -> None:
        """Drain `workspace` in `after` seconds, or sooner."""

    async def run(self) -> None:
        """Serve wake-ups until cancelled."""


class InProcessRunner:
    """For one process: tasks and timers of this event loop."""

    def __init__(
        self,
        drain: Callable[[str], Awaitable[float | None]],
        nudge: Callable[[str], None],
        open_workspaces: Callable[[], Awaitable[list[str]]],
    ) -> None:
        self._drain = drain
        self._nudge = nudge
        self._open_workspaces = open_workspaces
        self._drains: dict[str, asyncio.Task[None]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._again: set[str] = set()
        self._stopped = False

    def wake(self, workspace: str, after: float = 0.0) -> None:
        loop = asyncio.get_running_loop()
        timer = self._timers.get(workspace)
        if timer and timer.when() <= loop.time() + after:
            return
        if timer:
            timer.cancel()
        self._timers[workspace] = loop.call_later(after, self._start, workspace)

    def _start(self, workspace: str) -> None:
        self._timers.pop(workspace, None)
        if self._stopped:
            return
        if workspace in self._drains:
            self._again.add(workspace)  # it may have looked just before this wake-up's row was written
            self._nudge(workspace)
            return
        task = asyncio.create_task(self._serve(workspace), name=f"drain {workspace}")
        self._drains[workspace] = task
        task.add_done_callback(lambda _: self._ended(workspace))

    def _ended(self, workspace: str) -> None:
        del self._drains[workspace]
        if workspace in self._again:
            self._again.discard(workspace)
            self._start(workspace)

    async def _serve(self, workspace: str) -> None:
        try:
            delay = await self._drain(workspace)
        except Exception:
            log.exception("drain failed", workspace=workspace, again_in=RETRY_SECONDS)
            delay = RETRY_SECONDS
        if delay is not None:
            self.wake(workspace, min(delay, SWEEP_SECONDS))

    async def run(self) -> None:
        while True:
            try:
                for workspace in await self._open_workspaces():
                    self.wake(workspace)
            except Exception:
                log.exception("sweep failed", again_in=RETRY_SECONDS)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            await asyncio.sleep(SWEEP_SECONDS)

    async def stop(self, timeout: float) -> None:
        """Start no drain any more, and wait for those under way."""
        self._stopped = True
        for timer in self._timers.values():
            timer.cancel()
        if self._drains:
            await asyncio.wait(set(self._drains.values()), timeout=timeout)
        for task in list(self._drains.values()):
            task.cancel()
