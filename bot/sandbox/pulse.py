"""Waiting for something to become so: looked at again after each change, never on a timer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


class Pulse:
    def __init__(self) -> None:
        self._next = asyncio.Event()

    def beat(self) -> None:
        """Something changed: whoever waits looks again."""
        self._next.set()
        self._next = asyncio.Event()

    async def until(self, predicate: Callable[[], T], seconds: float) -> T:
        """The predicate's first true value; TimeoutError if there is none in time.

        A LookupError is a "not yet", so that it may be as plain as `lambda: member.dms()[0]`.
        """
        async with asyncio.timeout(seconds):
            while True:
                with suppress(LookupError):
                    if value := predicate():
                        return value
                await self._next.wait()
