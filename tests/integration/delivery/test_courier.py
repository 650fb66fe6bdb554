"""What reaches Slack, and what the ledger says of it, whatever happens in between."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa
from office import Office

from bot.delivery import ledger
from bot.library.tables import delivery, feed
from bot.model import Feed, Message
from bot.subscriptions import feeds

MINUTE = dt.timedelta(minutes=1)


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


async def test_a_429_holds_the_workspace_for_as_long_as_slack_asks(office: Office) -> None:
    office.sandbox.faults.add("rate_limit", method="chat.postMessage", retry_after="30")
    await office.plan(office.delivery("a"), office.delivery("b", "reading-group"))
    courier = office.courier()
    delay = await courier.drain(office.team)
    assert delay == pytest.approx(30, abs=1)
    assert (await office.rows())["a"] == ("held", "Slack asked to slow down")
    office.clock.move(31)
    await office.drain(courier)
    assert office.texts() == ["message a"]
    assert office.texts("reading-group") == ["message b"]


@pytest.mark.parametrize("trouble", ["cut", "server_error", "not_json"])
async def test_a_post_that_arrived_without_an_answer_is_found_and_not_sent_again(
    office: Office, trouble: str
) -> None:
    office.sandbox.faults.add(trouble, method="chat.postMessage", stored=True)
    await office.plan(office.delivery("a"))
    await office.drain(office.courier())
    assert office.texts() == ["message a"]
    assert office.posts() == 1
    assert (await office.rows())["a"] == ("sent", "found in the channel's history")


@pytest.mark.parametrize("trouble", ["cut", "server_error"])
async def test_a_post_that_did_not_arrive_is_sent_again(office: Office, trouble: str) -> None:
    office.sandbox.faults.add(trouble, method="chat.postMessage")
    await office.plan(office.delivery("a"))
    await office.drain(office.courier())
    assert office.texts() == ["message a"]
    assert (await office.rows())["a"][0] == "sent"


async def test_without_the_history_scope_the_setting_decides(office: Office) -> None:
    office.sandbox.faults.add("refuse", method="conversations.history", error="missing_scope", times=None)
    office.sandbox.faults.add("cut", method="chat.postMessage", stored=True)
    await office.plan(office.delivery("a"))
    await office.drain(office.courier(resend=False))
    state, note = (await office.rows())["a"]
    assert (state, office.posts()) == ("parked", 1)
    assert "missing_scope" in (note or "")

    office.sandbox.faults.add("cut", method="chat.postMessage", stored=True)
    await office.plan(office.delivery("b"))
    await office.drain(office.courier(resend=True))
    assert (await office.states())["b"] == "sent"
    assert office.texts().count("message b") == 2


async def test_slack_away_keeps_everything_and_goes_on(office: Office) -> None:
    await office.plan(*(office.delivery(f"a{number}") for number in range(3)))
    courier = office.courier()
    async with office.sandbox.down():
        for _ in range(4):
            delay = await courier.drain(office.team)
            assert delay is not None and 0 < delay <= 62
            office.clock.move(delay)
    office.clock.move(60)
    await office.drain(courier)
    assert office.texts() == ["message a0", "message a1", "message a2"]


async def test_a_dead_process_leaves_nothing_lost_and_nothing_twice(office: Office) -> None:
    """One died before its request left, one after it had arrived."""
    await office.plan(office.delivery("before"), office.delivery("after", "reading-group"))
    async with office.database.begin() as conn:
        claims = await ledger.claim(
            conn, office.team, owner="dead", now=office.clock(), lease=MINUTE, busy=(), room=9
        )
    assert {claim.key for claim in claims.taken} == {"before", "after"}
    arrived = next(claim for claim in claims.taken if claim.key == "after")
    await (
        office.courier()
        ._poster(office.team)
        .post(arrived.destination, arrived.message, key="after", thread_ts=None)
    )
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
        (claim,) = (
            await ledger.claim(
                conn, office.team, owner="slow", now=office.clock(), lease=MINUTE, busy=(), room=9
            )
        ).taken
    office.clock.move(61)
    await office.drain(office.courier("quick"))
    late = ledger.Outcome(claim.id, ledger.State.PARKED, note="too late")
    async with office.database.begin() as conn:
        await ledger.record(conn, [late], owner="slow", now=office.clock())
    assert (await office.states())["a"] == "sent"


async def test_a_refusal_pauses_the_feed_and_tells_its_owner_once(office: Office) -> None:
    owner = office.sandbox.member("ada").id
    mine = Feed(office.team, "C404404404", owner=owner)
    async with office.database.begin() as conn:
        await feeds.put(conn, mine, office.clock())
        (mine,) = await feeds.all_of(conn, office.team)
    gone = {"destination": mine.channel, "feed_id": mine.id}
    await office.plan(
        office.delivery("a", **gone), office.delivery("a1", parent="a", **gone), office.delivery("b", **gone)
    )
    await office.drain(office.courier())
    states = await office.rows()
    assert states["a"][0] == "parked" and "channel_not_found" in (states["a"][1] or "")
    assert states["a1"] == ("parked", "the message it replies to was not posted")
    async with office.database.read() as conn:
        paused = (await conn.execute(sa.select(feed.c.paused))).scalar_one()
    assert paused == "channel_not_found"
    (told,) = office.sandbox.member("ada").dms()
    assert "paused" in told.text and "invite the bot" in told.text


async def test_a_dead_token_stops_the_workspace_and_loses_nothing(office: Office) -> None:
    office.sandbox.workspace.revoked = True
    await office.plan(office.delivery("a"), office.delivery("b"))
    await office.drain(office.courier())
    assert (await office.states())["b"] == "planned"
    office.sandbox.workspace.revoked = False
    async with office.database.begin() as conn:
        await ledger.enable(conn, office.team)
    await office.drain(office.courier())
    assert office.texts() == ["message b"]


async def test_what_slack_finds_too_long_is_split(office: Office) -> None:
    office.sandbox.faults.add("refuse", method="chat.postMessage", error="msg_blocks_too_long")
    blocks = tuple(
        {"type": "section", "text": {"type": "plain_text", "text": f"part {number}"}} for number in range(4)
    )
    await office.plan(replace(office.delivery("a"), message=Message("all", blocks)))
    await office.drain(office.courier())
    shown = [message.blocks for message in office.sandbox.workspace.channel("papers").timeline]
    assert [len(blocks) for blocks in shown] == [2, 2]
    assert [block["text"]["text"] for blocks in shown for block in blocks] == [
        f"part {number}" for number in range(4)
    ]


async def test_a_message_that_slack_refuses_costs_the_others_nothing(office: Office) -> None:
    office.sandbox.faults.add("refuse", method="chat.postMessage", error="some_new_error")
    await office.plan(office.delivery("a"), office.delivery("b"))
    await office.drain(office.courier())
    assert (await office.rows())["a"] == ("parked", "some_new_error: Slack refused this message.")
    assert office.texts() == ["message b"]


async def test_every_row_says_when_it_ended(office: Office) -> None:
    await office.plan(office.delivery("a"))
    await office.drain(office.courier())
    async with office.database.read() as conn:
        row = (await conn.execute(sa.select(delivery))).one()
    assert row.slack_ts and row.done_at and row.attempts == 1
    assert row.owner is None and row.lease_until is None
