"""Transactions that hold what they say on both databases, and failures told as sentences."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
import sqlalchemy as sa

from bot.errors import LibraryError, SettingsError
from bot.library.database import Database, insert
from bot.library.failures import explain
from bot.library.tables import inbox, workspace

NOON = dt.datetime(2031, 5, 6, 12, 0, 0, 123456, tzinfo=dt.UTC)


async def add(database: Database, name: str) -> None:
    async with database.begin() as conn:
        await conn.execute(sa.insert(workspace).values(id=name))


async def names(database: Database) -> list[str]:
    async with database.read() as conn:
        return list((await conn.execute(sa.select(workspace.c.id).order_by(workspace.c.id))).scalars())


# --- transactions -------------------------------------------------------------------------------


async def test_what_fails_half_way_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError):
        async with database.begin() as conn:
            await conn.execute(sa.insert(workspace).values(id="T1"))
            raise RuntimeError
    assert await names(database) == []


async def test_reading_sees_one_state_while_others_write(database: Database) -> None:
    await add(database, "T1")
    async with database.read() as conn:
        count = sa.select(sa.func.count()).select_from(workspace)
        before = (await conn.execute(count)).scalar()
        await add(database, "T2")
        assert (await conn.execute(count)).scalar() == before == 1
    assert await names(database) == ["T1", "T2"]


async def test_writers_take_turns(database: Database) -> None:
    async def bump() -> None:
        async with database.begin() as conn:
            row = await conn.execute(sa.select(workspace.c.hold_reason).with_for_update())
            number = int(row.scalar_one())
            await asyncio.sleep(0)
            await conn.execute(sa.update(workspace).values(hold_reason=str(number + 1)))

    async with database.begin() as conn:
        await conn.execute(sa.insert(workspace).values(id="T1", hold_reason="0"))
    await asyncio.gather(*(bump() for _ in range(25)))
    async with database.read() as conn:
        assert (await conn.execute(sa.select(workspace.c.hold_reason))).scalar() == "25"


async def test_a_writer_that_is_cancelled_blocks_nobody(database: Database) -> None:
    entered = asyncio.Event()

    async def linger() -> None:
        async with database.begin() as conn:
            await conn.execute(sa.insert(workspace).values(id="T1"))
            entered.set()
            await asyncio.sleep(3600)

    task = asyncio.create_task(linger())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await add(database, "T2")
    assert await names(database) == ["T2"]


async def test_on_conflict_works_on_both(database: Database) -> None:
    async with database.begin() as conn:
        statement = insert(conn, workspace).on_conflict_do_nothing().returning(workspace.c.id)
        first = await conn.execute(statement, [{"id": "T1"}])
        assert list(first.scalars()) == ["T1"]
        second = await conn.execute(statement, [{"id": "T1"}])
        assert list(second.scalars()) == []


async def test_a_moment_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    east = NOON.astimezone(dt.timezone(dt.timedelta(hours=5, minutes=45)))
    async with database.begin() as conn:
        await conn.execute(sa.insert(inbox).values(key="E1", payload={}, taken_at=east))
        kept = (await conn.execute(sa.select(inbox.c.taken_at))).scalar_one()
        assert (kept, kept.tzinfo) == (NOON, dt.UTC)
        later = sa.select(inbox).where(inbox.c.taken_at > east - dt.timedelta(microseconds=1))
        assert (await conn.execute(later)).one()
    with pytest.raises(sa.exc.StatementError, match="time zone"):
        async with database.begin() as conn:
            naive = NOON.replace(tzinfo=None)
            await conn.execute(sa.insert(inbox).values(key="E2", payload={}, taken_at=naive))


async def test_a_fault_of_ours_is_not_blamed_on_the_database(database: Database) -> None:
    await add(database, "T1")
    with pytest.raises(sa.exc.IntegrityError):
        await add(database, "T1")


# --- addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["sqlite", "sqlite+aiosqlite"])
async def test_either_spelling_of_a_file(sqlite_url: str, scheme: str) -> None:
    database = Database(f"{scheme}://{sqlite_url.partition('://')[2]}")
    await add(database, "T1")
    await database.close()
    assert database.dialect == "sqlite"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
async def test_every_spelling_of_a_server(postgres_url: str, scheme: str) -> None:
    database = Database(f"{scheme}://{postgres_url.partition('://')[2]}")
    await add(database, "T1")
    await database.close()
    assert database.dialect == "postgresql"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "paperboy.db",
        "mysql://me:secret@host/db",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://h:port/d",
    ],
)
def test_an_address_of_nothing_we_know(url: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL names no database") as caught:
        Database(url)
    assert "secret" not in str(caught.value)


# --- failures -----------------------------------------------------------------------------------


async def failure(database: Database) -> str:
    """What a person is told when a write fails."""
    try:
        with pytest.raises(LibraryError) as caught:
            await add(database, "T1")
    finally:
        await database.close()
    return caught.value.user_message


async def test_a_database_that_is_read_only(sqlite_url: str) -> None:
    path = sqlite_url.partition("///")[2]
    told = await failure(Database(f"sqlite:///file:{path}?mode=ro&uri=true"))
    assert "can't be written. Give the user that runs Paperboy write access" in told


async def test_a_database_that_is_locked_by_another_program(sqlite_url: str) -> None:
    other = sqlite3.connect(sqlite_url.partition("///")[2], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    told = await failure(Database(f"{sqlite_url}?timeout=0.05"))
    other.close()
    assert "is locked by another program. Close what has it open" in told


async def test_a_full_disk_undoes_what_was_being_written(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with pytest.raises(LibraryError, match=r"is full. Free some space and try again"):
        async with database.begin() as conn:
            await conn.exec_driver_sql("PRAGMA max_page_count = 1")
            await conn.execute(sa.insert(workspace).values(id="T1", hold_reason="x" * 1_000_000))
    assert await names(database) == []
    await database.close()


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "paperboy.db"
    path.write_text("These are my notes, and they are longer than SQLite's header. " * 20)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(LibraryError, match=r"is not a SQLite database. Move that file away"):
        await database.upgrade()
    assert path.read_text().startswith("These are my notes")
    await database.close()


async def test_a_folder_that_can_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, where a folder should be")
    database = Database(f"sqlite:///{tmp_path}/data/paperboy.db")
    with pytest.raises(LibraryError, match=r"folder .* can't be made .* or DATABASE_URL"):
        await database.upgrade()
    assert "can't be opened. Check that its folder exists" in await failure(database)


async def test_a_server_that_does_not_answer() -> None:
    told = await failure(Database("postgresql://me:secret@127.0.0.1:1/papers"))
    assert "The PostgreSQL database papers at 127.0.0.1 can't be reached" in told
    assert "secret" not in told


async def test_a_server_that_refuses_the_user(postgres_url: str) -> None:
    url = sa.make_url(postgres_url).set(username="nobody_we_know", password="secret")
    told = await failure(Database(url.render_as_string(hide_password=False)))
    assert "refused the user or the password" in told
    assert "secret" not in told


async def test_a_server_without_that_database(postgres_url: str) -> None:
    url = sa.make_url(postgres_url).set(database="no_such_database")
    told = await failure(Database(url.render_as_string(hide_password=False)))
    assert 'database "no_such_database" does not exist). Create it' in told


@pytest.mark.parametrize("option", ["channel_bonding=require", "sslmode=perhaps"])
async def test_an_option_that_nobody_knows(postgres_url: str, option: str) -> None:
    told = await failure(Database(f"{postgres_url}{'&' if '?' in postgres_url else '?'}{option}"))
    assert option.partition("=")[0] in told
    assert "DATABASE_URL" in told


async def test_a_server_that_was_restarted_in_between(postgres_url: str) -> None:
    database = Database(postgres_url)
    await add(database, "T1")
    other = await asyncpg.connect(postgres_url)
    with pytest.raises(LibraryError, match="broke"):
        async with database.begin() as conn:
            await conn.execute(sa.insert(workspace).values(id="T2"))
            await other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            await conn.execute(sa.insert(workspace).values(id="T3"))
    await other.close()
    await add(database, "T4")
    assert await names(database) == ["T1", "T4"]
    await database.close()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            asyncpg.InvalidPasswordError("wrong"),
            "Here refused the user or the password (wrong).",
        ),
        (asyncpg.DiskFullError("no space"), "The disk of here is full."),
        (asyncpg.TooManyConnectionsError("too many"), "Here takes no more connections."),
        (asyncpg.ReadOnlySQLTransactionError("read-only"), "Here is read-only, perhaps a standby."),
        (asyncpg.CannotConnectNowError("starting up"), "Here is starting or stopping (starting up)."),
        (asyncpg.SyntaxOrAccessError("ours"), None),
        (ValueError("ours"), None),
    ],
)
def test_what_a_server_says_is_told_in_sentences(error: Exception, told: str | None) -> None:
    sentence = explain(error, "here")
    assert sentence == told or (sentence and told and sentence.startswith(told))


# --- one process a file -------------------------------------------------------------------------

HOLD = """
import sys
from bot.library.database import Database
with Database(sys.argv[1]).lock():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_on_a_file_is_told_about_the_first(sqlite_url: str) -> None:
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, sqlite_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert first.stdout and first.stdout.readline() == "held\n"
    with pytest.raises(LibraryError) as caught, Database(sqlite_url).lock():
        pass
    assert f"Another Paperboy (process {first.pid}) runs on" in caught.value.user_message
    first.kill()
    first.communicate()
    with Database(sqlite_url).lock():
        pass


def test_any_number_of_processes_on_a_server() -> None:
    database = Database("postgresql://me@host/papers")
    with database.lock(), database.lock():
        pass
