"""The one door to the store: transactions on SQLite or PostgreSQL, migrations, errors a person can act on."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import LibraryError
from bot.library import engines, failures, migrations
from bot.library.lock import locked

# The time that rows are held against: the database's own, where several machines share it.
Time = Callable[[AsyncConnection], Awaitable[dt.datetime]]

T = TypeVar("T")

MIGRATION_LOCK = 0x5041504552_01  # "PAPER", and which one


def insert(conn: AsyncConnection, table: sa.Table) -> postgresql.Insert:
    """The dialect's own INSERT, for its ON CONFLICT: both have the same methods."""
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    return cast(postgresql.Insert, dialect.insert(table))


def evened(values: Collection[T]) -> list[T]:
    """For an IN that is asked often: the last one repeated until there are 1, 2, 4, 8, …, since PostgreSQL
    plans anew for each number of them."""
    some = list(values)
    return some + some[-1:] * ((1 << (len(some) - 1).bit_length()) - len(some)) if some else some


async def queue_up(conn: AsyncConnection, lock: int) -> None:
    """Wait for other transactions that queue for the same advisory lock; SQLite has one writer anyway."""
    if conn.dialect.name == "postgresql":
        await conn.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))


@dataclass(frozen=True, slots=True)
class Schema:
    """The revision that a database has (None: no tables yet) and the one that this code needs."""

    current: str | None
    head: str

    @property
    def is_newer(self) -> bool:
        return self.current is not None and self.current > self.head


class Database:
    """`begin()` to write, `read()` for a snapshot; what goes wrong outside our code is a LibraryError."""

    def __init__(self, url: str) -> None:
        self._url = engines.understood(url)
        self.dialect = self._url.get_backend_name()
        self.place = engines.place(self._url)
        if self.dialect == "sqlite":
            self.engine = engines.sqlite(self._url)
            self._reader = self._glancer = self.engine.execution_options(begin=engines.READING)
            # SQLite has one writer. Waiting for one's turn here is fair; SQLite itself would poll.
            self._turn: asyncio.Lock | nullcontext[None] = asyncio.Lock()
        else:
            self.engine = engines.postgresql(self._url)
            self._reader = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            self._glancer = self.engine.execution_options(isolation_level="AUTOCOMMIT")
            self._turn = nullcontext()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that writes. Never one inside another: on SQLite it would wait for itself."""
        async with self._turn, self._transaction(self.engine) as conn:
            yield conn

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees one state of the database, however many statements it takes."""
        async with self._transaction(self._reader) as conn:
            yield conn

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[AsyncConnection]:
        """For one statement that is run again and again: on PostgreSQL without BEGIN and COMMIT around it."""
        async with self._transaction(self._glancer) as conn:
            yield conn

    async def check(self) -> Schema:
        async with self.read() as conn:
            return Schema(await conn.run_sync(_revision), migrations.HEAD)

    async def require_current(self) -> None:
        """For commands that use a database and don't migrate it: looking makes no empty file, either."""
        file = engines.file_of(self._url)
        if file and engines.is_absent(file):
            raise LibraryError(failures.too_old(self.place))
        schema = await self.check()
        if schema.is_newer:
            raise LibraryError(failures.too_new(self.place, schema.current, schema.head))
        if schema.current != schema.head:
            raise LibraryError(failures.too_old(self.place))

    async def require_writable(self) -> None:
        """LibraryError where nothing can be stored: it is read-only, or another program holds it."""
        version = sa.table("alembic_version", sa.column("version_num"))
        async with self.begin() as conn:  # SQLite makes no fuss here of a file that is read-only
            await conn.execute(sa.update(version).where(sa.false()).values(version_num=""))

    async def upgrade(self) -> Schema:
        """Bring the schema to this code's, and return what it was; many processes may do so at once."""
        self._make_folder()
        schema = await self.check()
        if schema.is_newer:
            raise LibraryError(failures.too_new(self.place, schema.current, schema.head))
        if schema.current == schema.head:
            return schema
        migrator = self.engine.execution_options(begin=engines.MIGRATING)
        async with self._turn, self._transaction(migrator) as conn:
            await queue_up(conn, MIGRATION_LOCK)
            await conn.run_sync(migrations.upgrade)
        await self.engine.dispose()  # with the connection whose foreign keys are off
        return schema

    def lock(self) -> AbstractContextManager[None]:
        """Held by `run`: one process a SQLite database; any number on PostgreSQL."""
        file = engines.file_of(self._url)
        return locked(file) if file else nullcontext()

    async def connect(self) -> Any:
        """A connection of asyncpg's own to PostgreSQL, beside the pool: to LISTEN on."""
        return await engines.connector(self._url)(command_timeout=engines.PATIENCE)

    async def close(self) -> None:
        """Without it, SQLite's threads keep the process from ending."""
        await self.engine.dispose()

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        try:
            async with AsyncExitStack() as stack:
                conn = await self._connected(stack, engine)
                await stack.enter_async_context(conn.begin())
                yield conn
        except SQLAlchemyError as error:
            if sentence := failures.explain(error, self.place):
                raise LibraryError(sentence) from error
            raise

    async def _connected(self, stack: AsyncExitStack, engine: AsyncEngine) -> AsyncConnection:
        try:
            return await stack.enter_async_context(engine.connect())
        except (OSError, SQLAlchemyError) as error:
            raise LibraryError(failures.unreachable(error, self.place)) from error

    def _make_folder(self) -> None:
        if file := engines.file_of(self._url):
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise LibraryError(failures.no_folder(file.parent, error)) from error


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
