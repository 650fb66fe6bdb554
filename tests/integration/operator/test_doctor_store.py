"""`paperboy doctor` about what is kept here: settings, database, disk, sources, index, outbox, feeds."""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import replace

import pytest
from premises import Premises, digest, row

from bot.app.core import open_core
from bot.delivery import outbox
from bot.doctor import Finding, Health, examine, feeds, store
from bot.library.database import Database
from bot.model import Delivery, DeliveryKind, Feed, State
from bot.sandbox import Sandbox
from bot.subscriptions import feeds as feed_rows

NOON = dt.datetime(2025, 3, 29, 12, 0, tzinfo=dt.UTC)  # the day before Berlin's clocks go on
FOLDER = '[[sources]]\nname = "local"\nkind = "folder"\npath = "{}"\n'


async def look(premises: Premises) -> dict[str, Finding]:
    return {finding.check: finding async for finding in examine(premises.settings(), lambda: NOON)}


# --- settings and database ----------------------------------------------------------------------


def test_a_fresh_installation_is_told_what_to_do_and_nothing_is_made(bare: Premises) -> None:
    told = bare.paperboy("doctor").out
    assert "• settings: no config/paperboy.toml, so all is default; sources: 0, feeds: 0\n" in told
    assert "  → Add a [[sources]] table: where the digests come from.\n" in told
    assert "• database: there is no data/paperboy.db yet\n  → `paperboy run` makes it.\n" in told
    assert list(bare.folder.iterdir()) == []


def test_a_wrong_key_in_the_configuration(bare: Premises) -> None:
    bare.config("[delivery]\nmax_agee = 3\n")
    done = bare.paperboy("doctor")
    assert done.code == 2
    assert 'max_agee: there is no such key; did you mean "max_age"?' in done.out
    (only,) = bare.paperboy("doctor", "--json").objects
    assert (only["check"], only["health"]) == ("settings", "wrong")


async def database(premises: Premises) -> Finding:
    found = (await look(premises))["database"]
    assert found.health is Health.WRONG
    return found


def sqlite(premises: Premises) -> sqlite3.Connection:
    return sqlite3.connect(premises.folder / "data" / "paperboy.db", isolation_level=None)


async def test_a_database_without_its_tables(bare: Premises) -> None:
    bare.write("data/paperboy.db", "")
    assert "Run `paperboy db upgrade`" in (await database(bare)).found


async def test_a_database_of_a_newer_paperboy(premises: Premises) -> None:
    connection = sqlite(premises)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert "was written by a newer Paperboy" in (await database(premises)).found


async def test_a_database_that_is_read_only(premises: Premises) -> None:
    path = premises.folder / "data" / "paperboy.db"
    premises.env["DATABASE_URL"] = f"sqlite:///file:{path}?mode=ro&uri=true"
    assert (
        "can't be written. Give the user that runs Paperboy write access" in (await database(premises)).found
    )


async def test_a_postgresql_that_is_read_only(premises: Premises, postgres_url: str) -> None:
    separator = "&" if "?" in postgres_url else "?"
    premises.env["DATABASE_URL"] = f"{postgres_url}{separator}default_transaction_read_only=on"
    assert "is read-only, perhaps a standby" in (await database(premises)).found


async def test_a_database_that_another_program_holds(premises: Premises) -> None:
    connection = sqlite(premises)
    connection.execute("BEGIN IMMEDIATE")
    path = premises.folder / "data" / "paperboy.db"
    premises.env["DATABASE_URL"] = f"sqlite:///{path}?timeout=0.05"
    assert "is locked by another program" in (await database(premises)).found
    connection.close()


async def test_a_file_that_is_no_database(bare: Premises) -> None:
    bare.write("data/paperboy.db", "These are my notes, and they are longer than a header. " * 30)
    assert "is not a SQLite database" in (await database(bare)).found


async def test_an_address_of_no_database(bare: Premises) -> None:
    bare.env["DATABASE_URL"] = "mysql://nobody@nowhere/nothing"
    assert "DATABASE_URL names no database" in (await database(bare)).found


async def test_a_server_that_is_not_there(bare: Premises) -> None:
    bare.env["DATABASE_URL"] = "postgresql://paperboy:hush@127.0.0.1:1/paperboy"
    found = await database(bare)
    assert "can't be reached" in found.found
    assert "hush" not in found.found


async def test_a_sound_postgresql(premises: Premises, postgres_url: str) -> None:
    premises.env["DATABASE_URL"] = postgres_url
    assert (await look(premises))["database"].health is Health.FINE


def test_a_disk_that_is_nearly_full(premises: Premises) -> None:
    found = store.disk(premises.settings(), room=10**18)
    assert (found.health, found.advice) == (
        Health.WRONG,
        "Free some space: soon nothing can be stored any more.",
    )
    assert store.disk(premises.settings()).health is Health.FINE


# --- sources, library, index, outbox ------------------------------------------------------------


async def test_a_source_that_was_never_read(premises: Premises) -> None:
    premises.config(FOLDER.format(premises.folder))
    found = (await look(premises))["source local"]
    assert (found.health, found.found) == (Health.NOTE, "never read yet")


async def test_a_source_without_its_folder(bare: Premises) -> None:
    bare.config(FOLDER.format("nowhere"))
    found = (await look(bare))["source local"]
    assert (found.health, found.found) == (Health.WRONG, "there is no folder nowhere")
    assert found.advice == "Create it, or mend `path` in the settings."


async def test_a_source_that_fails_says_since_when_and_why(premises: Premises, slack: Sandbox) -> None:
    premises.config(f'[[sources]]\nname = "away"\nkind = "url"\nurl = "{slack.url}/all.md"\n')
    await premises.beside("ingest")
    found = (await look(premises))["source away"]
    assert found.health is Health.WRONG
    assert found.found.startswith(f"failing since {dt.datetime.now(dt.UTC):%Y-}")
    assert found.advice.startswith(f"{slack.url}/all.md answered 404: nothing is there")


async def test_a_source_that_is_silent_for_longer_than_ever(premises: Premises) -> None:
    premises.config(FOLDER.format(premises.folder / "digests"))
    for day in range(1, 7):
        text = digest(f"2025-03-0{day}", row(f"Grasping {day}", f"2503.0000{day}"))
        premises.write(f"digests/2025-03-0{day}.md", text)
    await premises.beside("ingest")
    with sqlite3.connect(premises.folder / "data" / "paperboy.db") as database:  # as if it came on its days
        database.execute("UPDATE digest SET seen_at = date || ' 12:00:00.000000'")
    found = (await look(premises))["source local"]
    assert found.health is Health.NOTE and "never before for more than 1 days" in found.found
    assert "has nothing new" in found.advice


async def test_what_was_read_is_counted_and_the_index_brought_in_step(premises: Premises) -> None:
    premises.config(FOLDER.format(premises.folder / "digests"))
    premises.write("digests/2025-03-28.md", digest("2025-03-28", row("Grasping", "2503.00001")))
    premises.paperboy("ingest")
    (premises.folder / "data" / "search.db").unlink()
    found = await look(premises)
    assert found["source local"].found.startswith("last read ")
    assert found["library"].found == "papers: 1, digests: 1, the newest of 2025-03-28"
    assert found["search index"].found == "in step; it lacked 1 papers"
    assert (await look(premises))["search index"].found == "in step"


async def test_a_search_index_that_can_not_be_used(premises: Premises) -> None:
    (premises.folder / "data" / "search.db").mkdir()
    found = (await look(premises))["search index"]
    assert found.health is Health.WRONG
    assert "can't be used" in found.found


async def test_posts_that_were_given_up(premises: Premises) -> None:
    given_up = Delivery("k", "T1", "C1", DeliveryKind.CHANNEL, NOON, state=State.PARKED, note="is_archived")
    database = Database(premises.settings().database_url)
    async with database.begin() as conn:
        await outbox.add(conn, [given_up], NOON)
    await database.close()
    found = (await look(premises))["deliveries"]
    assert (found.health, found.found) == (Health.NOTE, "1 parked")
    assert "`paperboy deliveries --state parked`" in found.advice


# --- feeds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "hour", "there", "then"),
    [
        ("Europe/Berlin", "09:00", "Saturday 13:00", "Sunday at 09:00"),
        ("Europe/Berlin", "02:30", "Saturday 13:00", "Sunday at 03:30"),  # which that day has instead
        ("Asia/Tokyo", "21:30", "Saturday 21:00", "Saturday at 21:30"),
        ("Pacific/Kiritimati", "09:00", "Sunday 02:00", "Sunday at 09:00"),
    ],
)
def test_a_feed_says_what_time_it_is_there_and_when_it_posts_next(
    zone: str, hour: str, there: str, then: str
) -> None:
    found = feeds.hours_of(Feed("T1", "C1", dt.time.fromisoformat(hour), zone), NOON)
    assert found.found == f"posts at {hour} in {zone}, where it is {there} now; next on {then}"


async def test_a_paused_feed_says_why(premises: Premises, slack: Sandbox) -> None:
    premises.connect(slack)
    where = slack.workspace.channel("papers").id
    async with open_core(premises.settings()) as core, core.database.begin() as conn:
        await feed_rows.put(conn, Feed(slack.workspace.id, where), NOON)
        await feed_rows.pause(conn, 1, "is_archived", NOON)
    found = (await look(premises))[f"feed {where}"]
    assert (found.health, found.found) == (Health.WRONG, "paused, since Slack said is_archived")


async def test_a_feed_that_a_member_made_is_looked_at_too(premises: Premises, slack: Sandbox) -> None:
    premises.connect(slack)
    made = Feed(slack.workspace.id, slack.workspace.channel("old-project").id, owner="U1")
    async with open_core(premises.settings()) as core, core.database.begin() as conn:
        await feed_rows.put(conn, made, NOON)
    found = await look(premises)
    assert found[f"feed {made.channel}"].health is Health.FINE
    assert found[f"channel {made.channel}"].found == "#old-project is archived"


def test_a_filter_that_is_read_otherwise_than_it_was_written_is_told() -> None:
    found = feeds.filter_of(Feed("T1", "C1", filter="tag:robotcs ("), (), NOON)
    assert found and found.health is Health.NOTE
    assert "Robotics" in found.advice and "robotcs" in found.found
    assert feeds.filter_of(Feed("T1", "C1", filter="tag:robotics -survey"), (), NOON) is None


def test_a_filter_that_asks_for_nothing_is_wrong() -> None:
    found = feeds.filter_of(Feed("T1", "C1", filter="((("), (), NOON)
    assert found and found.health is Health.WRONG
    assert "every paper is posted" in found.found and "“(((”" in found.advice


def test_a_feed_whose_channel_the_bot_left_waits_for_an_invitation_alone() -> None:
    for reason in ("removed_from_channel", "not_in_channel"):
        found = feeds.hours_of(Feed("T1", "C1", paused=reason), NOON)
        assert found.health is Health.WRONG and "the bot is not in the channel" in found.found
        assert "/invite @Paperboy" in found.advice and "restart" not in found.advice
    archived = Feed("T1", "C1", paused="is_archived")
    assert "restart" in feeds.hours_of(archived, NOON).advice
    assert "/papers feed resume" in feeds.hours_of(replace(archived, owner="U1"), NOON).advice
