"""Runners over a real queue, with a drain that only takes notes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace

import asyncpg
from patience import PATIENCE

from bot.delivery import queue
from bot.delivery.runner import QueueRunner, Rhythm

# Short but for `silence`: on a machine under load a process is silent for seconds and lives.
QUICK = Rhythm(sweep=30, silence=15, poll=0.5, rest=0.5, retry=0.2)


@dataclass
class Drains:
    """What couriers would do: `results` are what the next drains return, or raise; then None."""

    results: list[float | Exception | None] = field(default_factory=list)
    seconds: float = 0.0
    begun: list[tuple[str, str]] = field(default_factory=list)  # who, where
    nudged: list[str] = field(default_factory=list)
    under_way: list[str] = field(default_factory=list)
    at_most: int = 0  # drains of one workspace at a time
    work: list[str] = field(default_factory=list)  # what a sweep finds

    async def drain(self, who: str, workspace: str) -> float | None:
        self.begun.append((who, workspace))
        self.under_way.append(workspace)
        self.at_most = max(self.at_most, self.under_way.count(workspace))
        try:
            await asyncio.sleep(self.seconds)
        finally:
            self.under_way.remove(workspace)
        result = self.results.pop(0) if self.results else None
        if isinstance(result, Exception):
            raise result
        return result

    async def open_workspaces(self) -> list[str]:
        return self.work

    def of(self, workspace: str) -> int:
        return sum(one == workspace for _, one in self.begun)


@dataclass
class Shop:
    """Runners that share a queue: PostgreSQL's, or one runner with a queue in its memory."""

    drains: Drains
    url: str | None = None

    def open(self) -> AbstractAsyncContextManager[queue.Queue]:
        return queue.on_postgresql(self.connect) if self.url else queue.in_memory()

    async def connect(self) -> asyncpg.Connection:
        return await asyncpg.connect(self.url, timeout=PATIENCE, command_timeout=PATIENCE)

    @asynccontextmanager
    async def runner(
        self, who: str = "one", *, delivers: bool = True, **rhythm: float
    ) -> AsyncIterator[QueueRunner]:
        runner = QueueRunner(
            self.open,
            lambda workspace: self.drains.drain(who, workspace),
            self.drains.nudged.append,
            self.drains.open_workspaces,
            delivers=delivers,
            rhythm=replace(QUICK, **rhythm),
        )
        task = asyncio.create_task(runner.run())
        await asyncio.sleep(0)
        try:
            yield runner
        finally:
            await runner.stop(PATIENCE)
            assert task.done()

    async def sql(self, statement: str) -> list[asyncpg.Record]:
        connection = await self.connect()
        try:
            rows: list[asyncpg.Record] = await connection.fetch(statement)
            return rows
        finally:
            await connection.close()


async def until(predicate: Callable[[], object | Awaitable[object]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = predicate()
            if await answer if isinstance(answer, Awaitable) else answer:
                return
            await asyncio.sleep(0.02)
