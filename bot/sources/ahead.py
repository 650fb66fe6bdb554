"""Some requests in flight, their answers in order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


async def in_order(
    calls: Iterable[Callable[[], Coroutine[Any, Any, T]]], ahead: int
) -> AsyncGenerator[T, None]:
    """The first call that fails ends it, once all before it are yielded; none is left running."""
    running: deque[asyncio.Task[T]] = deque()
    try:
        for call in calls:
            running.append(asyncio.create_task(call()))
            if len(running) == ahead:
                yield await running.popleft()
        while running:
            yield await running.popleft()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
