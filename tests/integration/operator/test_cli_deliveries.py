"""`paperboy deliveries`: the ledger as a table, and as JSON."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from premises import Premises, digest, row
from rich.cells import cell_len

from bot.delivery import ledger, outbox
from bot.delivery.claims import Outcome, Room
from bot.library import digests
from bot.library.database import Database
from bot.model import Delivery, DeliveryKind, Message, State

MORNING = dt.datetime(2025, 4, 28, 7, 0, tzinfo=dt.UTC)
NOTE = "is_archived: The channel is archived: choose another, or bring it back."


def delivery(key: str, kind: DeliveryKind, destination: str, digest_id: int | None = None) -> Delivery:
    where = {"workspace": "T1", "destination": destination, "kind": kind, "digest_id": digest_id}
    return Delivery(key=key, due_at=MORNING, message=Message("Good morning"), **where)


async def fill(url: str) -> None:
    """Three of a channel's messages (sent, parked, still to go), a member's, and a notice."""
    database = Database(url)
    async with database.begin() as conn:
        (stored,) = await digests.on(conn, dt.date(2025, 4, 28))
        parts = [f"ch:1:T1:C0000001:{part}" for part in range(3)]
        rows = [delivery(key, DeliveryKind.CHANNEL, "C0000001", stored.id) for key in parts]
        rows.append(delivery("dm:T1:U01:2025-04-28", DeliveryKind.MEMBER, "U01"))
        rows.append(delivery("notice:x", DeliveryKind.NOTICE, "U02"))
        await outbox.add(conn, rows, MORNING)
        how = {"owner": "me", "now": MORNING + dt.timedelta(minutes=1)}
        minute, rooms = dt.timedelta(minutes=1), {"T1": Room(1, 1, busy={"U01", "U02"})}
        for state, ts, note in (State.SENT, "1745823600.000100", None), (State.PARKED, None, NOTE):
            claims = await ledger.claim(conn, rooms, lease=minute, **how)
            outcome = Outcome(claims["T1"].taken[0].id, state, ts=ts, note=note)
            await ledger.record(conn, [outcome], **how)
    await database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def ledgered(request: pytest.FixtureRequest, premises: Premises) -> Premises:
    if request.param == "postgresql":
        premises.env["DATABASE_URL"] = request.getfixturevalue("postgres_url")
    premises.write("local/2025-04-28.md", digest("2025-04-28", row("Grasping", "2504.00001")))
    premises.paperboy("ingest", "local", "--source", "local")
    asyncio.run(fill(premises.settings().database_url))
    return premises


def test_an_empty_ledger_says_so(premises: Premises) -> None:
    done = premises.paperboy("deliveries")
    assert (done.code, done.out) == (0, "The ledger is empty: nothing was sent, and nothing waits.\n")
    assert premises.paperboy("deliveries", "--json").out == ""


def test_the_table_says_what_went_where_when_and_why_not(ledgered: Premises) -> None:
    done = ledgered.paperboy("deliveries", COLUMNS="100")
    table = " ".join(done.out.split())
    assert "5 planned 2025-04-28 07:00 U02 notice" in table
    assert "4 planned 2025-04-28 07:00 U01 digest of @U01" in table
    assert "3 planned 2025-04-28 07:00 C0000001 2025-04-28 local #2" in table
    assert "1 sent 2025-04-28 07:01 C0000001 2025-04-28 local #0" in table
    assert "1 parked, 3 planned, 1 sent" in table
    assert "is_archived: The channel is archived" in table
    assert done.code == 0


@pytest.mark.parametrize("columns", ["100", "80"])
def test_it_fits(ledgered: Premises, columns: str) -> None:
    done = ledgered.paperboy("deliveries", COLUMNS=columns)
    assert max(cell_len(line) for line in done.out.splitlines()) <= int(columns)


def test_some_of_them(ledgered: Premises) -> None:
    (parked,) = ledgered.paperboy("deliveries", "--state", "parked", "--json").objects
    assert parked["note"] == NOTE
    assert [one["id"] for one in ledgered.paperboy("deliveries", "--channel", "U01", "--json").objects] == [4]
    assert [one["id"] for one in ledgered.paperboy("deliveries", "--limit", "2", "--json").objects] == [5, 4]
    of_the_day = ledgered.paperboy("deliveries", "--day", "2025-04-28", "--json").objects
    assert [one["id"] for one in of_the_day] == [5, 4, 3, 2, 1]
    assert ledgered.paperboy("deliveries", "--day", "2025-04-27", "--json").objects == []
    refused = ledgered.paperboy("deliveries", "--day", "someday")
    assert refused.code == 2 and "“someday” is no day" in refused.err
    assert ledgered.paperboy("deliveries", "--state", "unsure").out == "The ledger has no such row.\n"


def test_json_has_all_that_is_known(ledgered: Premises) -> None:
    *_, first = ledgered.paperboy("deliveries", "--json").objects
    assert first == {
        "id": 1,
        "key": "ch:1:T1:C0000001:0",
        "state": "sent",
        "workspace": "T1",
        "destination": "C0000001",
        "kind": "channel",
        "date": "2025-04-28",
        "source": "local",
        "due_at": "2025-04-28T07:00:00+00:00",
        "done_at": "2025-04-28T07:01:00+00:00",
        "attempts": 1,
        "slack_ts": "1745823600.000100",
        "note": None,
    }


def test_a_row_tells_its_story_and_takes_an_operator_s_word(ledgered: Premises) -> None:
    story = ledgered.paperboy("deliveries", "--why", "2").out.splitlines()
    assert [line.split(" ", 2)[2] for line in story] == ["planned", "sending: me", f"parked: {NOTE}"]
    assert "planned: an operator asked for it" in ledgered.paperboy("deliveries", "--retry", "2").out
    assert "parked: an operator gave it up" in ledgered.paperboy("deliveries", "--park", "2").out
    refused = ledgered.paperboy("deliveries", "--park", "1")
    assert refused.code != 0 and "Row 1 does not wait" in refused.err
    assert "no row 99" in ledgered.paperboy("deliveries", "--why", "99").err
