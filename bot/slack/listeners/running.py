"""Listeners at work: Bolt does not track them, and a shutdown has to wait for them."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Running:
    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[object]] = set()

    def tracked(self, listener: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        @functools.wraps(listener)  # Bolt reads the arguments' names through it
        async def track(*args: P.args, **kwargs: P.kwargs) -> T:
            task = asyncio.current_task()
            if task:
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            return await listener(*args, **kwargs)

        return track

    async def finish(self, timeout: float) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout)
