"""The migrations make what tables.py says, once, however many processes start together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import LibraryError
from bot.library import migrations
from bot.library.database import Database, Schema
from bot.library.tables import metadata

# What Alembic doesn't compare: predicates of partial indexes, and SQLite's tables to the letter.
DEFINITIONS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL",
    "postgresql": "SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE schemaname = 'public'",
}


def differences(connection: sa.Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


async def definitions(conn: AsyncConnection) -> dict[str, str]:
    query = sa.text(DEFINITIONS[conn.dialect.name]).columns(sa.column("name"), sa.column("sql"))
    return {row.name: " ".join(row.sql.split()) for row in await conn.execute(query)}


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a database that nobody set up."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/made/on the way/paperboy.db"
    url: str = request.getfixturevalue("bare_postgres_url")
    return url


@pytest.fixture
async def nodes(bare_url: str) -> AsyncIterator[list[Database]]:
    nodes = [Database(bare_url) for _ in range(6)]
    yield nodes
    for node in nodes:
        await node.close()


async def test_the_migrated_schema_is_that_of_the_tables(database: Database) -> None:
    async with database.begin() as conn:
        assert await conn.run_sync(differences) == []
        migrated = await definitions(conn)
        await conn.run_sync(metadata.drop_all)
        await conn.run_sync(metadata.create_all)
        assert await definitions(conn) == migrated


def test_the_head_that_the_code_names_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "bot.library:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == migrations.HEAD


async def test_many_nodes_may_start_at_once(nodes: list[Database]) -> None:
    await asyncio.gather(*(node.upgrade() for node in nodes))
    await nodes[0].upgrade()
    assert await nodes[0].check() == Schema(migrations.HEAD, migrations.HEAD)
    await nodes[0].require_current()
    async with nodes[0].read() as conn:
        assert await conn.run_sync(differences) == []


async def test_a_link_to_nothing_is_refused_after_a_migration_too(nodes: list[Database]) -> None:
    """SQLite checks foreign keys on connections that ask for it; a migration asks for the opposite."""
    await nodes[0].upgrade()
    with pytest.raises(sa.exc.IntegrityError):
        async with nodes[0].begin() as conn:
            await conn.exec_driver_sql("INSERT INTO paper_tag VALUES (1, 0, 'of no paper')")


async def test_a_newer_schema_is_left_alone(database: Database) -> None:
    async with database.begin() as conn:
        await conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9001'")
    for use in (database.upgrade, database.require_current):
        with pytest.raises(LibraryError, match=r"newer Paperboy .*9001.* Install the newer version"):
            await use()


async def test_a_database_that_is_not_set_up_says_how(nodes: list[Database]) -> None:
    nodes[0]._make_folder()
    assert (await nodes[0].check()).current is None
    with pytest.raises(LibraryError, match="Run `paperboy db upgrade`"):
        await nodes[0].require_current()
    with pytest.raises(LibraryError, match="Run `paperboy db upgrade`"):
        async with nodes[0].read() as conn:
            await conn.exec_driver_sql("SELECT * FROM paper")
