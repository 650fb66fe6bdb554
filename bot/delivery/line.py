"""PgQueuer's connection to PostgreSQL, made anew whenever it breaks: what is asked meanwhile waits.

On a connection that breaks for good PgQueuer stops, and stops the heartbeats of the jobs under way with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Self

import structlog
from pgqueuer.core.tm import TaskManager
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential_jitter

log = structlog.get_logger(__name__)

Connect = Callable[[], Awaitable[Any]]  # an asyncpg connection; asyncpg has no types
Hear = Callable[[str | bytes | bytearray], None]

FIRST_WAIT, LONGEST_WAIT = 0.1, 5.0  # seconds between attempts to connect


class Line:
    """One listener a channel. Statements must bear being run twice, and PgQueuer's do."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._connection: Any = None
        self._turn = asyncio.Lock()
        self._listeners: dict[str, Callable[..., None]] = {}
        self.shutdown = asyncio.Event()
        self.tm = TaskManager()

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        return [dict(row) for row in await self._ask("fetch", query, *args)]

    async def execute(self, query: str, *args: object) -> str:
        return str(await self._ask("execute", query, *args))

    async def notify(self, channel: str, payload: str) -> None:
        await self.execute("SELECT pg_notify($1, $2)", channel, payload)

    async def add_listener(self, channel: str, callback: Hear) -> None:
        if earlier := self._listeners.get(channel):
            await self._ask("remove_listener", channel, earlier)
        self._listeners[channel] = lambda connection, pid, channel, payload: callback(payload)
        await self._ask("add_listener", channel, self._listeners[channel])

    async def close(self) -> None:
        if self._connection:
            self._connection.terminate()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """PgQueuer's managers come and go; `close` ends it."""

    async def _ask(self, method: str, *given: object) -> Any:
        patiently = AsyncRetrying(
            retry=retry_if_exception(self._is_broken),
            wait=wait_exponential_jitter(multiplier=FIRST_WAIT, max=LONGEST_WAIT),
            before_sleep=_say_once,
        )
        return await patiently(self._ask_once, method, *given)

    async def _ask_once(self, method: str, *given: object) -> Any:
        async with self._turn:
            connection = await self._opened()
            return await getattr(connection, method)(*given)

    async def _opened(self) -> Any:
        if self._connection is None or self._connection.is_closed():
            self._connection = None
            connection = await self._connect()
            for channel, listener in self._listeners.items():
                await connection.add_listener(channel, listener)
            self._connection = connection
        return self._connection

    def _is_broken(self, error: BaseException) -> bool:
        """An error of PostgreSQL's that leaves the connection in order is the asker's."""
        if isinstance(error, TimeoutError) and self._connection:
            self._connection.terminate()
        return isinstance(error, Exception) and (self._connection is None or self._connection.is_closed())


def _say_once(state: RetryCallState) -> None:
    if state.attempt_number == 1:
        error = state.outcome.exception() if state.outcome else None
        log.warning("the queue's connection broke; connecting again", error=repr(error))
