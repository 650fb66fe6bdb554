"""What the ledger says of a row, and what reaches Slack, whatever becomes of our own processes."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
import sqlalchemy as sa
from office import Office

from bot.delivery import desk, ledger, outbox
from bot.delivery.claims import Outcome, Room
from bot.delivery.poster import Missing, Posted, TooLong
from bot.library.tables import delivery
from bot.model import Feed, Message, State
from bot.subscriptions import feeds

MINUTE = dt.timedelta(minutes=1)
ROOM = Room(9, 9)


async def test_posts_arrive_once_in_order_and_replies_in_their_thread(office: Office) -> None:
    head = office.delivery("a")
    await office.plan(head, office.delivery("a1", parent="a"), office.delivery("a2", parent="a"))
    await office.drain(office.courier())
    assert office.texts() == ["message a"]
    (thread,) = office.sandbox.workspace.channel("papers").timeline
    replies = [reply.text for reply in thread.replies]
    assert replies == ["message a1", "message a2"]
    assert set((await office.states()).values()) == {"sent"}
    assert office.posts() == 3


async def test_planning_twice_adds_nothing(office: Office) -> None:
    assert await office.plan(office.delivery("a")) == {"a"}
    assert await office.plan(office.delivery("a"), office.delivery("b")) == {"b"}
    await office.drain(office.courier())
    assert await office.plan(office.delivery("a")) == set()
    await office.drain(office.courier())
    assert sorted(office.texts()) == ["message a", "message b"]


async def test_a_dead_process_leaves_nothing_lost_and_nothing_twice(office: Office) -> None:
    """One died before its request left, one after it had arrived."""
    await office.plan(office.delivery("before"), office.delivery("after", "reading-group"))
    async with office.database.begin() as conn:
        claims = await ledger.claim(conn, {office.team: ROOM}, owner="dead", now=office.clock(), lease=MINUTE)
    taken = {claim.key: claim for claim in claims[office.team].taken}
    assert set(taken) == {"before", "after"}
    arrived = taken["after"]
    await office.poster.post(arrived.destination, arrived.message, key="after", thread_ts=None)
    survivor = office.courier("two")
    assert await survivor.drain(office.team) == pytest.approx(60, abs=1)
    assert office.texts() == []
    office.clock.move(61)
    await office.drain(survivor)
    assert (office.texts(), office.texts("reading-group")) == (["message before"], ["message after"])
    assert set((await office.states()).values()) == {"sent"}


async def test_who_lost_a_claim_can_not_write_what_became_of_it(office: Office) -> None:
    await office.plan(office.delivery("a"))
    async with office.database.begin() as conn:
        claims = await ledger.claim(conn, {office.team: ROOM}, owner="slow", now=office.clock(), lease=MINUTE)
    (claim,) = claims[office.team].taken
    office.clock.move(61)
    await office.drain(office.courier("quick"))
    late = Outcome(claim.id, State.PARKED, note="too late")
    async with office.database.begin() as conn:
        await ledger.record(conn, [late], owner="slow", now=office.clock())
    assert (await office.states())["a"] == "sent"


class Slow:
    """A poster whose answer comes when it is let go."""

    def __init__(self) -> None:
        self.asked, self.let_go = asyncio.Event(), asyncio.Event()

    async def post(self, *_: object, **__: object) -> TooLong:
        self.asked.set()
        await self.let_go.wait()
        return TooLong()


class Finding:
    """A poster that finds whatever it looks for."""

    async def find(self, *_: object, **__: object) -> Posted:
        return Posted("1.0")


async def test_who_lost_a_claim_neither_counts_it_nor_splits_it(office: Office) -> None:
    blocks = tuple({"type": "section", "block_id": name} for name in ("first", "second"))
    await office.plan(office.delivery("a", message=Message("message a", blocks)))
    poster, late, early = Slow(), list[Outcome](), list[Outcome]()
    slow = asyncio.create_task(office.courier(poster=poster, on_recorded=late.extend).drain(office.team))
    await poster.asked.wait()
    office.clock.move(61)
    await office.drain(office.courier("quick", poster=Finding(), on_recorded=early.extend))
    poster.let_go.set()
    await slow
    assert ([one.state for one in early], late) == ([State.SENT], [])
    assert await office.states() == {"a": "sent"}


class Broken:
    """A poster with a bug."""

    async def post(self, *_: object, **__: object) -> Posted:
        raise ValueError("no such thing")

    async def find(self, *_: object, **__: object) -> Missing:
        return Missing()


async def test_a_bug_of_ours_parks_its_row_in_the_end_and_lets_the_lane_go_on(office: Office) -> None:
    await office.plan(office.delivery("a"))
    courier = office.courier(poster=Broken())
    await office.drain(courier, turns=100)
    assert (await office.rows())["a"] == ("parked", "internal error: no such thing")


async def test_every_row_says_when_it_ended(office: Office) -> None:
    await office.plan(office.delivery("a"))
    await office.drain(office.courier())
    async with office.database.read() as conn:
        row = (await conn.execute(sa.select(delivery))).one()
    assert row.slack_ts and row.done_at and row.attempts == 1
    assert row.owner is None and row.lease_until is None


async def test_a_row_of_another_version_is_parked_and_costs_the_others_nothing(office: Office) -> None:
    await office.plan(office.delivery("a"), office.delivery("b"))
    async with office.database.begin() as conn:
        old = {"v": 0, "body": "what an older version wrote"}
        await conn.execute(delivery.update().where(delivery.c.key == "a").values(payload=old))
    await office.drain(office.courier())
    assert (await office.rows())["a"][1] == "another version of Paperboy wrote it, and this one can't read it"
    assert office.texts() == ["message b"]


async def test_what_was_planned_for_a_feed_that_is_removed_is_not_sent(office: Office) -> None:
    async with office.database.begin() as conn:
        await feeds.put(conn, Feed(office.team, office.channel()), office.clock())
        (mine,) = await feeds.all_of(conn, office.team)
        await outbox.add(conn, [office.delivery("a", feed_id=mine.id)], office.clock())
        await feeds.sync(conn, office.team, [], office.clock())
    await office.drain(office.courier())
    assert (await office.rows())["a"] == ("parked", "the feed was removed before it was sent")
    assert office.texts() == []


async def test_a_row_s_story_tells_each_move_and_why(office: Office) -> None:
    office.sandbox.faults.add("rate_limit", method="chat.postMessage", retry_after="30")
    await office.plan(office.delivery("a"))
    await office.drain(office.courier())
    async with office.database.read() as conn:
        (row,) = await desk.listing(conn)
    moves = [line.split(" ", 2)[2] for line in row.story.splitlines()]
    assert moves == [
        "planned",
        "sending: one",
        "held: Slack asked to slow down",
        "sending: one",
        "sent",
    ]


async def test_an_operator_can_park_and_retry(office: Office) -> None:
    await office.plan(office.delivery("a"))
    async with office.database.begin() as conn:
        (row,) = await desk.listing(conn)
        assert not await desk.retry(conn, row.id, office.clock())
        assert await desk.park(conn, row.id, office.clock())
    await office.drain(office.courier())
    assert office.texts() == []
    async with office.database.begin() as conn:
        assert await desk.retry(conn, row.id, office.clock())
    await office.drain(office.courier())
    assert office.texts() == ["message a"]
    async with office.database.begin() as conn:
        assert not await desk.park(conn, row.id, office.clock()), "what was sent can't be given up"
