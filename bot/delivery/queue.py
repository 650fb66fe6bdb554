"""PgQueuer's queue: tables and a channel beside the ledger's on PostgreSQL, or this process's memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from pgqueuer.adapters.inmemory import InMemoryDriver, InMemoryQueries
from pgqueuer.adapters.persistence import qb
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.settings import DBSettings, Durability
from pydantic_settings import BaseSettings
from pydantic_settings import PydanticBaseSettingsSource as Source

from bot.delivery.line import Connect, Line

Queue = Queries | InMemoryQueries
OpenQueue = Callable[[], AbstractAsyncContextManager[Queue]]


class Names(DBSettings):
    """What PgQueuer calls its things. It would also take names from variables as common as CHANNEL."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: Source,
        env_settings: Source,
        dotenv_settings: Source,
        file_secret_settings: Source,
    ) -> tuple[Source, ...]:
        return (init_settings,)


def _builders() -> tuple[qb.QueryBuilderEnvironment, qb.QueryQueueBuilder, qb.QuerySchedulerBuilder]:
    # Volatile: nothing waits for the disk, and what a crash of PostgreSQL empties the next sweep fills.
    names = Names(prefix="paperboy_", durability=Durability.volatile)
    return (
        qb.QueryBuilderEnvironment(names),
        qb.QueryQueueBuilder(names),
        qb.QuerySchedulerBuilder(names),
    )


@asynccontextmanager
async def in_memory() -> AsyncIterator[Queue]:
    """For one process, beside SQLite."""
    yield InMemoryQueries(InMemoryDriver(), *_builders())


@asynccontextmanager
async def on_postgresql(connect: Connect) -> AsyncIterator[Queue]:
    """For any number of processes. Tables that are missing or of an older PgQueuer are made good first,
    under PgQueuer's advisory lock: they hold nothing worth a migration."""
    line = Line(connect)
    try:
        queue = Queries(line, *_builders())
        await queue.apply_upgrade()
        yield queue
    finally:
        await line.close()
