"""What needs no Slack: the library, the subscriptions, the sources, and the time they are held against."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import sources
from bot.errors import SettingsError
from bot.library.database import Database, Time
from bot.library.search.index import SearchIndex
from bot.library.service import Library
from bot.settings import Settings
from bot.sources.ingest import Ingest
from bot.sources.source import Source
from bot.subscriptions.service import Subscriptions

Clock = Callable[[], dt.datetime]

NO_FOLDER = "PAPERBOY_DATA is {data}, and {why}. Mend that, or set PAPERBOY_DATA to a folder of its own."
POST_SECONDS = 10.0  # no longer than half of the courier's lease


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def folder_of(data: Path) -> Path:
    """`data`, or the nearest folder above it, to make it in. SettingsError where neither can be."""
    wanted = data.absolute()
    there = next(path for path in (wanted, *wanted.parents) if os.path.lexists(path))
    if not there.is_dir():
        raise SettingsError(NO_FOLDER.format(data=data, why=f"{there} is no folder"))
    if not os.access(there, os.X_OK if there == wanted else os.X_OK | os.W_OK):
        raise SettingsError(NO_FOLDER.format(data=data, why=f"this user has no right to {there}"))
    return there


def shared_time(clock: Clock) -> Time:
    """The time that rows are held against. Machines that share a PostgreSQL share its clock: by ours, others'
    claims could look dead, and what we plan could look due long after or before it is."""

    async def time(conn: AsyncConnection) -> dt.datetime:
        if conn.dialect.name == "sqlite" or clock is not utc_now:
            return clock()
        moment: dt.datetime = (await conn.execute(sa.select(sa.func.clock_timestamp()))).scalar_one()
        return moment

    return time


@dataclass(frozen=True, slots=True)
class Core:
    settings: Settings
    clock: Clock
    time: Time
    database: Database
    library: Library
    subscriptions: Subscriptions
    ingest: Ingest
    sources: tuple[Source, ...]
    session: aiohttp.ClientSession


@asynccontextmanager
async def open_core(
    settings: Settings, *, clock: Clock = utc_now, migrate: bool = True
) -> AsyncIterator[Core]:
    """`migrate`: bring the database up to date first; else LibraryError where it is not."""
    folder_of(settings.data)
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url)
        stack.push_async_callback(database.close)
        await (database.upgrade() if migrate else database.require_current())
        index = SearchIndex(settings.data / "search.db")
        stack.callback(index.close)
        session = await stack.enter_async_context(
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=POST_SECONDS, connect=POST_SECONDS / 2))
        )
        time = shared_time(clock)
        yield Core(
            settings,
            clock,
            time,
            database,
            Library(database, index),
            Subscriptions(database),
            Ingest(database, time, settings.delivery.max_age),
            sources.build(settings.sources, session, github_token=secret(settings.github_token)),
            session,
        )


def secret(value: SecretStr | None) -> str | None:
    return value.get_secret_value() if value else None
