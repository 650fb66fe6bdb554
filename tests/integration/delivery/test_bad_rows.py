"""What the courier does with rows, channels and answers that are not as they should be."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from aiohttp import web
from killer import Slack
from office import Office

from bot.delivery import standing
from bot.library.tables import delivery, feed
from bot.model import Feed, Message
from bot.sandbox import Draft
from bot.subscriptions import feeds

KEY_OF_A = {"event_type": "paperboy_delivery", "event_payload": {"key": "a"}}


@pytest.mark.parametrize(
    "payload",
    [
        None,
        "message a",
        ["message a"],
        {},
        {"text": "message a", "blocks": []},
        {"v": 1, "text": "message a"},
        {"v": 1, "text": "message a", "blocks": None},
        {"v": 1, "text": "message a", "blocks": ["not a block"]},
        {"v": 2, "text": "message a", "blocks": []},
    ],
)
async def test_a_row_that_can_not_be_read_is_parked_and_costs_the_others_nothing(
    office: Office, payload: object
) -> None:
    await office.plan(office.delivery("a"), office.delivery("b"), office.delivery("a1", parent="a"))
    async with office.database.begin() as conn:
        await conn.execute(delivery.update().where(delivery.c.key == "a").values(payload=payload))
    await office.drain(office.courier())
    assert await office.states() == {"a": "parked", "a1": "parked", "b": "sent"}
    assert office.texts() == ["message b"]


async def test_a_feed_deleted_in_the_middle_of_a_thread_ends_it_there(office: Office) -> None:
    mine = await made(office, Feed(office.team, office.channel()))
    await office.plan(office.delivery("a", feed_id=mine.id))
    await office.drain(office.courier())
    await office.plan(office.delivery("a1", parent="a", feed_id=mine.id), office.delivery("b"))
    async with office.database.begin() as conn:
        await feeds.sync(conn, office.team, [], office.clock())
    await office.drain(office.courier())
    assert (await office.rows())["a1"] == ("parked", "the feed was removed before it was sent")
    assert office.texts() == ["message a", "message b"]


async def test_a_workspace_that_uninstalls_us_is_left_alone_until_it_is_back(office: Office) -> None:
    await office.plan(office.delivery("a"), *(office.delivery(f"a{n}", parent="a") for n in range(3)))
    courier = office.courier()
    office.sandbox.faults.add("slow", method="chat.postMessage", delay=0)
    office.sandbox.faults.add("refuse", method="chat.postMessage", error="account_inactive", times=None)
    await office.drain(courier)
    assert await office.states() == {"a": "sent", "a0": "held", "a1": "planned", "a2": "planned"}
    asked = len(office.sandbox.faults.struck)
    await office.drain(courier)
    assert len(office.sandbox.faults.struck) == asked, "Slack is not asked again"
    office.sandbox.faults.clear()
    async with office.database.begin() as conn:
        await standing.enable(conn, office.team)
    await office.drain(courier)
    (thread,) = office.sandbox.workspace.channel("papers").timeline
    assert [reply.text for reply in thread.replies] == ["message a0", "message a1", "message a2"]


async def test_a_channel_made_private_with_us_in_it_goes_on(office: Office) -> None:
    office.sandbox.faults.add("cut", method="chat.postMessage", stored=True)
    await office.plan(office.delivery("a"), office.delivery("b"))
    courier = office.courier()
    await courier.drain(office.team)
    office.sandbox.workspace.channel("papers").is_private = True
    await office.drain(courier)
    assert (await office.rows())["a"] == ("sent", "found in the channel's history")
    assert office.texts() == ["message a", "message b"]


async def test_a_channel_made_private_without_us_pauses_its_feed(office: Office) -> None:
    channel = office.sandbox.workspace.channel("robotics")
    mine = await made(office, Feed(office.team, channel.id, owner=office.sandbox.member("ada").id))
    where: dict[str, Any] = {"destination": channel.id, "feed_id": mine.id}
    await office.plan(office.delivery("a", **where), office.delivery("elsewhere"))
    courier = office.courier()
    await office.drain(courier)
    channel.is_private = True
    await office.plan(office.delivery("b", **where), office.delivery("c", **where))
    await office.drain(courier)
    rows = await office.rows()
    assert rows["b"][0] == "parked" and "invite the bot" in (rows["b"][1] or "")
    assert rows["c"] == ("parked", "the feed is paused: channel_not_found")
    assert len(office.sandbox.member("ada").dms()) == 1
    assert (office.texts("robotics"), office.texts()) == (["message a"], ["message elsewhere"])
    async with office.database.read() as conn:
        assert (await conn.execute(sa.select(feed.c.paused))).scalar_one() == "channel_not_found"


@pytest.mark.sends_refused
@pytest.mark.parametrize(
    ("message", "why"),
    [
        (Message("fine", ({"type": "unheard of"},)), "invalid_blocks: Slack refused this message."),
        (Message("x" * 40_001), "Slack finds it too long"),
    ],
)
async def test_a_message_slack_will_not_take_is_parked_with_the_reason(
    office: Office, message: Message, why: str
) -> None:
    await office.plan(replace(office.delivery("a"), message=message), office.delivery("b"))
    await office.drain(office.courier())
    assert (await office.rows())["a"] == ("parked", why)
    assert office.texts() == ["message b"]


@pytest.mark.parametrize(
    ("header", "seconds"), [("Mon, 28 Apr 2025 06:00:00 GMT", 1), ("inf", 30), ("1e999", 30), ("", 30)]
)
async def test_a_retry_after_that_makes_no_sense_is_a_short_wait(
    office: Office, header: str, seconds: float
) -> None:
    office.sandbox.faults.add("rate_limit", method="chat.postMessage", retry_after=header)
    await office.plan(office.delivery("a"))
    assert await office.courier().drain(office.team) == pytest.approx(seconds, abs=1)
    await office.drain(office.courier())
    assert office.texts() == ["message a"]


async def test_a_retry_after_of_a_day_holds_whoever_comes_next_and_then_ends(office: Office) -> None:
    office.sandbox.faults.add("rate_limit", method="chat.postMessage", retry_after="86400")
    await office.plan(office.delivery("a"), office.delivery("b", "reading-group"))
    await office.courier().drain(office.team)
    office.clock.move(dt.timedelta(hours=23).total_seconds())
    await office.courier("the next").drain(office.team)
    assert office.texts("reading-group") == ["message b"]  # it had left before Slack asked to wait
    assert office.texts() == []
    office.clock.move(dt.timedelta(hours=1, seconds=1).total_seconds())
    await office.drain(office.courier("the next"))
    assert office.texts() == ["message a"]


NOTHINGS = ["", "null", "[]", '["x"]', '"ok"', "{}", '{"ok": true}', '{"ok": false}', "{", "<html>", "\ud800"]


@pytest.mark.parametrize("answer", NOTHINGS)
@pytest.mark.parametrize("kind", ["application/json", "text/html"])
async def test_an_answer_that_says_nothing_leaves_the_row_unsure(
    office: Office, answer: str, kind: str
) -> None:
    body = answer.encode("utf-8", "surrogatepass")
    async with answering(body, kind) as url:
        workspace = office.sandbox.workspace
        odd = Slack(url, "xoxb-odd", workspace.id, workspace.bot_id)
        await office.plan(office.delivery("a"))
        courier = replace(office, sandbox=odd).courier("odd")  # type: ignore[arg-type]
        await courier.drain(office.team)
    assert await office.states() == {"a": "unsure"}
    office.clock.move(3600)
    await office.drain(office.courier())
    assert await office.states() == {"a": "sent"}
    assert office.texts() == ["message a"]


@pytest.mark.parametrize("thread", [False, True])
async def test_another_app_s_copy_of_our_metadata_is_not_our_message(office: Office, thread: bool) -> None:
    workspace = office.sandbox.workspace
    other = workspace.add_user("copycat", "Copycat", is_bot=True).id
    channel = workspace.channel("papers")
    await office.plan(office.delivery("head"))
    await office.drain(office.courier())
    (head,) = channel.timeline
    place = head.ts if thread else None
    copy = workspace.post(channel, other, Draft("a copy", metadata=KEY_OF_A, thread_ts=place))
    copy.bot_id, copy.app_id = "B0COPYCAT", "A0COPYCAT"
    office.sandbox.faults.add("cut", method="chat.postMessage")
    await office.plan(office.delivery("a", parent="head" if thread else None))
    await office.drain(office.courier())
    said = head.replies if thread else channel.timeline[1:]
    assert [message.text for message in said] == ["a copy", "message a"]
    async with office.database.read() as conn:
        of_a = sa.select(delivery.c.slack_ts).where(delivery.c.key == "a")
        assert (await conn.execute(of_a)).scalar_one() == said[1].ts


async def made(office: Office, wanted: Feed) -> Feed:
    async with office.database.begin() as conn:
        await feeds.put(conn, wanted, office.clock())
        (one,) = await feeds.all_of(conn, office.team)
    return one


@asynccontextmanager
async def answering(body: bytes, kind: str) -> AsyncIterator[str]:
    """The address of an API that answers every call with `body`."""

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=body, content_type=kind, charset="utf-8")

    app = web.Application()
    app.router.add_route("*", "/api/{method}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}/api/"
    finally:
        await runner.cleanup()
