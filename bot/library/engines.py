"""What DATABASE_URL says, and the engine for it."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import SettingsError

BAD_URL = (
    "DATABASE_URL names no database that Paperboy knows. Write sqlite+aiosqlite:///data/paperboy.db for a"
    " file, or postgresql://user:password@host/database."
)
# Each connection of the pool would keep 2 MB of pages; the system keeps them too.
SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-500")
WRITING = ("BEGIN IMMEDIATE",)
READING = ("BEGIN",)
# A table that is rebuilt is dropped; with foreign keys on, SQLite would empty the tables that refer to it.
MIGRATING = ("PRAGMA foreign_keys=OFF", "BEGIN IMMEDIATE")
LONGEST_STATEMENT = 60  # seconds; a server that fell off the network gives no sign of it
PATIENCE = 10  # seconds, for a connection to PostgreSQL or for SQLite's lock
POOL = {"pool_size": 5, "max_overflow": 10}


def understood(url: str) -> sa.URL:
    """One spelling of the ways people write either address; SettingsError for another database's."""
    try:
        parsed = sa.make_url(url)
    except (ArgumentError, ValueError):
        raise SettingsError(BAD_URL) from None
    if parsed.drivername in {"sqlite", "sqlite+aiosqlite"} and parsed.database not in {None, "", ":memory:"}:
        return parsed.set(drivername="sqlite+aiosqlite")
    if parsed.drivername in {"postgres", "postgresql", "postgresql+asyncpg"}:
        return parsed.set(drivername="postgresql")
    raise SettingsError(BAD_URL)


def sqlite(url: sa.URL) -> AsyncEngine:
    """SQLAlchemy's recipe for real transactions: the driver's own BEGIN off, ours at each begin."""
    if "timeout" not in url.query:
        url = url.update_query_dict({"timeout": str(PATIENCE)})
    engine = create_async_engine(url, **POOL)

    @sa.event.listens_for(engine.sync_engine, "do_connect")
    def open_first(_dialect: object, _record: object, address: list[Any], options: dict[str, Any]) -> None:
        # Where it can't, aiosqlite leaves a thread behind that outlives the event loop and complains.
        sqlite3.connect(*address, **options).close()

    @sa.event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in SQLITE_PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine.sync_engine, "begin")
    def begin(connection: sa.Connection) -> None:
        for statement in connection.get_execution_options().get("begin", WRITING):
            connection.exec_driver_sql(statement)

    return engine


def postgresql(url: sa.URL) -> AsyncEngine:
    connect = connector(url)
    # A restarted server costs the first who asks: then SQLAlchemy drops the whole pool, and jobs come again.
    return create_async_engine("postgresql+asyncpg://", async_creator=connect, **POOL)


def connector(url: sa.URL) -> partial[Any]:
    """asyncpg reads the address itself, so libpq's options (sslmode, host=/a/socket) mean what they say."""
    dsn = url.render_as_string(hide_password=False)
    return partial(asyncpg.connect, dsn, timeout=PATIENCE, command_timeout=LONGEST_STATEMENT)


def file_of(url: sa.URL) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL and for a `file:` address (uri=true)."""
    if url.get_backend_name() != "sqlite" or (url.database or "").startswith("file:"):
        return None
    return Path(url.database or "")


def is_absent(file: Path) -> bool:
    """One that can't be looked at is there, for all we know: opening it says what is wrong."""
    try:
        return not file.exists()
    except PermissionError:
        return False


def place(url: sa.URL) -> str:
    """Where the data is, for people: without the password."""
    if url.get_backend_name() == "sqlite":
        return f"the database {url.database}"
    host = url.host or url.query.get("host") or "localhost"
    return f"the PostgreSQL database {url.database or url.username} at {host}"
