"""What the database says of why: on both databases, and on SQLite by indexes alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from bot.delivery import ledger, standing
from bot.delivery.claims import Outcome, Room
from bot.delivery.inquiry import Asked, Inquiry
from bot.delivery.planner import Renderers
from bot.delivery.planning import Planning
from bot.delivery.reasons import Answer, Policy, Reason
from bot.library import digests, sources
from bot.library.database import Database
from bot.library.tables import delivery
from bot.model import Digest, Feed, Follow, FollowKind, Layout, Paper, State, Subscription
from bot.slack.blocks import rendering
from bot.subscriptions import feeds, members

NOW = dt.datetime(2025, 4, 28, 7, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
ASKED = Asked("T1", "U1", "C1")
POLICY = Policy(first_run_latest=True, max_age=3 * DAY)
ROBOTS = Follow(FollowKind.TAG, "Robotics")
RENDER = Renderers(rendering.digest, rendering.empty, rendering.member, rendering.roundup)


def paper(title: str) -> Paper:
    return Paper(title, url=f"https://example.org/{title}", tags=("Robotics",))


async def ingest(
    database: Database, *titles: str, source: str = "local", now: dt.datetime = NOW, **given: Any
) -> None:
    async with database.begin() as conn:
        digest = Digest(now.date(), source, tuple(map(paper, titles)))
        await digests.ingest(conn, digest, path="", now=now, postable=given.get("postable", True))
        await feeds.wake_for_arrival(conn, now)
        await sources.attempted(conn, source, now, None)


async def deliver(database: Database, now: dt.datetime = NOW) -> None:
    """Plan what is due, and have it all sent."""
    planning = Planning(database, RENDER, first_run_latest=True, max_age=3 * DAY, sources=frozenset())
    await planning.plan(now)
    while True:
        async with database.begin() as conn:
            room = Room(100, 100, set(), {})
            found = await ledger.claim(conn, {"T1": room}, owner="me", now=now, lease=DAY)
            if not found["T1"].taken:
                return
            sent = [Outcome(one.id, State.SENT, ts=f"{one.id}.0") for one in found["T1"].taken]
            await ledger.record(conn, sent, owner="me", now=now)


async def ask(database: Database, title: str, now: dt.datetime = NOW, asked: Asked = ASKED) -> Answer:
    inquiry = Inquiry(database, POLICY, frozenset({"local"}))
    found = await inquiry.paper(f"https://example.org/{title}")
    assert found
    return await inquiry.of_paper(asked, found, now)


@pytest.fixture
async def settled(database: Database) -> Database:
    """A channel and a member, a day before."""
    before = NOW - DAY
    async with database.begin() as conn:
        await feeds.put(conn, Feed("T1", "C1", layout=Layout.COMPACT, owner="U1"), before)
        follows = Subscription("T1", "U1", timezone="Europe/Berlin", follows=(ROBOTS,))
        await members.put(conn, follows, before)
        await sources.attempted(conn, "local", before, None)
        await sources.attempted(conn, "other", before, None)
    await deliver(database, before)
    return database


async def test_what_was_sent_is_known_by_its_row(settled: Database) -> None:
    await ingest(settled, "A", "B")
    await deliver(settled)
    found = await ask(settled, "A")
    assert found.channel and found.channel.reason is found.member.reason is Reason.SENT
    assert found.channel.row and found.channel.row.ts and found.channel.row.key.startswith("ch:")
    assert found.member.row and found.member.row.key == "dm:T1:U1:2025-04-28"
    assert (await ask(settled, "A", asked=replace(ASKED, channel=""))).channel is None
    elsewhere = await ask(settled, "A", asked=Asked("T2", "U1", "C1"))
    assert elsewhere.channel and elsewhere.channel.reason is Reason.NO_FEED


async def test_a_revision_s_paper_has_its_own_message_and_a_changed_one_its_first(settled: Database) -> None:
    await ingest(settled, "A")
    await deliver(settled)
    await ingest(settled, "A", "B", now=NOW + dt.timedelta(hours=1))
    await deliver(settled, NOW + dt.timedelta(hours=1))
    first, second = await ask(settled, "A"), await ask(settled, "B")
    assert first.channel and first.channel.row and first.channel.row.key.endswith(":0")
    assert second.channel and second.channel.row and second.channel.row.key.endswith(":r2:new0")
    assert second.member.reason is Reason.NOT_DUE and second.member.at == NOW.replace(minute=0) + DAY


async def test_two_digests_of_a_day_both_carry_it(settled: Database) -> None:
    await ingest(settled, "A")
    await ingest(settled, "A", "B", source="other", now=NOW + dt.timedelta(minutes=1))
    await deliver(settled, NOW + dt.timedelta(minutes=2))
    found = (await ask(settled, "A")).channel
    assert found and found.row and len(found.others) == 1
    assert len((await ask(settled, "A")).member.others) == 0, "a member had it once"


async def test_a_feed_that_slack_refused_knows_since_when(settled: Database) -> None:
    await ingest(settled, "A")
    await deliver(settled)
    async with settled.begin() as conn:
        (one,) = await feeds.all_of(conn, "T1")
        refused = {"state": State.PARKED.value, "note": "is_archived: The channel is archived."}
        await conn.execute(delivery.update().where(delivery.c.destination == "C1").values(**refused))
        await feeds.pause(conn, one.id, "is_archived", NOW)
    await ingest(settled, "B", now=NOW + DAY)
    found = (await ask(settled, "B", NOW + DAY)).channel
    assert found and (found.reason, found.at, found.note) == (Reason.PAUSED, NOW, "is_archived")


async def test_where_slack_asked_for_a_pause_all_wait(settled: Database) -> None:
    await ingest(settled, "A")
    planning = Planning(settled, RENDER, first_run_latest=True, max_age=3 * DAY, sources=frozenset())
    await planning.plan(NOW)
    until = NOW + dt.timedelta(minutes=2)
    async with settled.begin() as conn:
        await standing.hold(conn, "T1", until, "Slack asked to slow down")
    found = await ask(settled, "A")
    for one in (found.channel, found.member):
        assert one and (one.reason, one.at, one.note) == (Reason.WAITING, until, "Slack asked to slow down")


async def test_in_general(settled: Database) -> None:
    await ingest(settled, "A")
    await deliver(settled)
    status = await Inquiry(settled, POLICY, frozenset({"local"})).in_general(ASKED, NOW)
    (source,) = status.sources
    assert (source.name, source.date, source.seen_at) == ("local", NOW.date(), NOW)
    assert status.channel and status.channel.last and status.channel.on_arrival
    assert status.member.last and status.member.next_at == NOW.replace(minute=0) + DAY
    assert not status.channel.troubles and not status.member.troubles


async def test_the_ledger_is_read_by_its_indexes(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    async with database.begin() as conn:
        await feeds.put(conn, Feed("T1", "C1", owner="U1"), NOW)
        await members.put(conn, Subscription("T1", "U1", follows=(ROBOTS,)), NOW)
        (one,) = await feeds.all_of(conn, "T1")
        await feeds.pause(conn, one.id, "is_archived", NOW)
    await ingest(database, "A")
    seen: list[tuple[str, Any]] = []

    def note(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        seen.append((statement, parameters))

    sa.event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    await ask(database, "A")
    await Inquiry(database, POLICY, frozenset({"local"})).in_general(ASKED, NOW)
    asked = [(statement, given) for statement, given in seen if statement.startswith("SELECT")]
    assert len(asked) > 10
    async with database.read() as conn:
        for statement, given in asked:
            plan = await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
            for *_, detail in plan:
                assert not detail.startswith(("SCAN delivery", "SCAN delivered_paper", "SCAN paper")), (
                    statement
                )
    await database.close()
