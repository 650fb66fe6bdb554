"""Databases for a benchmark, each new and gone after it, with a ledger full of rows to send."""

from __future__ import annotations

import datetime as dt
import itertools
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from bot.app.parts import RENDER
from bot.delivery import desk
from bot.delivery.planning import Planning
from bot.errors import BadArgument
from bot.library import digests
from bot.library.database import Database
from bot.model import Digest, Feed, Layout, Paper
from bot.subscriptions import feeds

NO_SERVER = (
    "--database wants a PostgreSQL server: postgresql://user:password@host/database. SQLite needs no address."
)
NOT_ALLOWED = "PostgreSQL lets this user make no database there ({why})."
SOURCE = "bench"

_numbers = itertools.count(1)


@asynccontextmanager
async def fresh(server: str | None, folder: Path) -> AsyncIterator[str]:
    """The address of an empty database: on `server`, beside what is there, or a SQLite file in `folder`."""
    name = f"paperboy_bench_{os.getpid()}_{next(_numbers)}"
    if server is None:
        yield f"sqlite+aiosqlite:///{folder / name}.db"
        return
    await _execute(server, f"CREATE DATABASE {name}")
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        await _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


async def _execute(server: str, statement: str) -> None:
    database = Database(server)
    if database.dialect != "postgresql":
        raise BadArgument(NO_SERVER)
    try:
        await database.check()  # says in a sentence what is wrong with the address
        connection = await database.connect()
    finally:
        await database.close()
    try:
        await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError as error:
        raise BadArgument(NOT_ALLOWED.format(why=error)) from error
    finally:
        await connection.close()


async def fill(url: str, channels: Mapping[str, Sequence[str]], each: int) -> int:
    """Plan a digest for `channels` of workspaces, `each` messages a channel: a thread's head and replies.

    Returns how many rows there are to send.
    """
    database = Database(url)
    try:
        await database.upgrade()
        now = dt.datetime.now(dt.UTC)
        async with database.begin() as conn:
            for workspace, ids in channels.items():
                for channel in ids:
                    await feeds.put(conn, Feed(workspace, channel, layout=Layout.THREAD), now)
            await digests.ingest(conn, _digest(now.date(), each - 1), path=SOURCE, now=now, postable=True)
        await Planning(database, RENDER, first_run_latest=True, max_age=None, sources=frozenset()).plan(now)
        async with database.read() as conn:
            return (await desk.counts(conn)).get("planned", 0)
    finally:
        await database.close()


async def sent(url: str) -> int:
    """How many rows the ledger says were sent."""
    database = Database(url)
    try:
        async with database.read() as conn:
            return (await desk.counts(conn)).get("sent", 0)
    finally:
        await database.close()


def _digest(date: dt.date, papers: int) -> Digest:
    return Digest(date, SOURCE, tuple(_paper(number) for number in range(1, papers + 1)))


def _paper(number: int) -> Paper:
    """As long as papers are."""
    return Paper(
        title=f"A Sufficiently Long Title about Learning from Demonstrations, Number {number}",
        url=f"https://arxiv.org/abs/2504.{number:05}",
        arxiv_id=f"2504.{number:05}",
        authors=("Ada Reyes", "Jonas Weber", "Yuki Tanaka", "Yi Peng"),
        summary=tuple(
            f"Point {point} of the summary says in some hundred characters what was done, and how it went."
            for point in range(1, 5)
        ),
        tags=("Robotics", "Computer Vision"),
        github_urls=(f"https://github.com/example/paper-{number}",),
    )
