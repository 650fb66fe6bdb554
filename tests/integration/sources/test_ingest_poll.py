"""From a source to the library, by one poller or by several at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.library.database import Database
from bot.library.tables import digest
from bot.sources.folder import FolderSource
from bot.sources.ingest import Ingest
from bot.sources.source import Document, Skipped

DAY = dt.date(2025, 4, 28)
NOW = dt.datetime(2025, 4, 28, 6, tzinfo=dt.UTC)
ROW = "| [Grasping](https://arxiv.org/abs/2504.00001) | Ada |"
TEXT = f"## Papers for {DAY}\n\n| Title | Authors |\n|---|---|\n{ROW}\n"


async def now(conn: AsyncConnection) -> dt.datetime:
    return NOW


@pytest.fixture
def ingest(database: Database) -> Callable[[], Ingest]:
    """Each a process of its own, as far as the library can tell."""
    return lambda: Ingest(database, now, None)


class Slow:
    """A source where a digest arrives between the look into the library and the listing."""

    name = "local"

    def __init__(self, meanwhile: Callable[[], Awaitable[object]]) -> None:
        self._meanwhile = meanwhile

    async def changed(
        self, seen: Mapping[str, str], now: dt.datetime
    ) -> AsyncGenerator[Document | Skipped, None]:
        await self._meanwhile()
        yield Document("2025-04-28.md", TEXT.encode(), "1")


async def test_what_arrives_after_another_poller_s_first_look_is_news(
    ingest: Callable[[], Ingest], database: Database, tmp_path: Path
) -> None:
    empty = FolderSource("local", tmp_path, None)
    await ingest().poll(Slow(lambda: ingest().poll(empty)))
    async with database.read() as conn:
        assert list((await conn.execute(sa.select(digest.c.postable))).scalars()) == [True]


async def test_what_is_there_at_the_first_look_is_no_news(
    ingest: Callable[[], Ingest], database: Database, tmp_path: Path
) -> None:
    (tmp_path / "2025-04-28.md").write_text(TEXT)
    await ingest().poll(FolderSource("local", tmp_path, None))
    async with database.read() as conn:
        assert list((await conn.execute(sa.select(digest.c.postable))).scalars()) == [False]


async def test_a_folder_where_nothing_happens_costs_the_database_nothing(
    ingest: Callable[[], Ingest], database: Database, tmp_path: Path
) -> None:
    poller, folder = ingest(), FolderSource("local", tmp_path, None)
    for _ in range(2):  # the first look is noted, the second remembered
        await poller.poll(folder)
    asked: list[str] = []

    @sa.event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def note(conn: object, cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    await poller.poll(folder)
    assert asked == []
    (tmp_path / "2025-04-28.md").write_text(TEXT)
    assert (await poller.poll(folder)).new == 1
