"""What the courier makes of a Slack that is slow, away, silent or refuses: nothing is lost or comes twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from email.utils import format_datetime

import pytest
import sqlalchemy as sa
from office import Office
from patience import PATIENCE

from bot.delivery import standing
from bot.delivery.claims import Outcome
from bot.delivery.pace import Pace
from bot.library.tables import feed
from bot.model import Feed, Message
from bot.sandbox import Draft
from bot.subscriptions import feeds


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


async def test_when_slack_wants_no_look_the_others_wait_too(office: Office) -> None:
    one_by_one = office.courier(pace=Pace(0, 1_000_000, looks_per_minute=600, looks_at_once=1))
    office.sandbox.faults.add("cut", method="chat.postMessage", stored=True, times=2)
    office.sandbox.faults.add("rate_limit", method="conversations.history", retry_after="3600")
    await office.plan(office.delivery("a"), office.delivery("b", "reading-group"))
    await one_by_one.drain(office.team)
    office.clock.move(5)
    for _ in range(3):
        assert await one_by_one.drain(office.team) == pytest.approx(3600, abs=PATIENCE)
    assert "conversations.history" not in {call.method for call in office.sandbox.calls}, (
        "but the refused one"
    )
    assert set((await office.states()).values()) == {"unsure"}


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
    counted: list[Outcome] = []
    await office.drain(office.courier(on_recorded=counted.extend))
    states = await office.rows()
    assert states["a"][0] == "parked" and "channel_not_found" in (states["a"][1] or "")
    ends = [one.state for one in counted]
    assert sorted(ends) == ["parked", "parked", "parked", "sent"], "what was never tried counts too"
    assert states["a1"] == ("parked", "the message it replies to was not posted")
    assert states["b"] == ("parked", "the feed is paused: channel_not_found")
    refused = [call for call in office.sandbox.calls if call.error == "channel_not_found"]
    assert len(refused) == 1, "Slack is not asked again for the rest of it"
    async with office.database.read() as conn:
        paused = (await conn.execute(sa.select(feed.c.paused))).scalar_one()
    assert paused == "channel_not_found"
    (told,) = office.sandbox.member("ada").dms()
    assert "paused" in told.text and "invite the bot" in told.text


async def test_a_dead_token_stops_the_workspace_and_loses_nothing(office: Office) -> None:
    office.sandbox.workspace.revoked = True
    await office.plan(office.delivery("a"), office.delivery("b"))
    await office.drain(office.courier())
    state, note = (await office.rows())["a"]
    assert state == "held" and "install the app again" in (note or "")
    assert (await office.states())["b"] == "planned"
    assert len([call for call in office.sandbox.calls if call.error]) <= 1, "and asks Slack no more"
    office.sandbox.workspace.revoked = False
    async with office.database.begin() as conn:
        await standing.enable(conn, office.team)
    await office.drain(office.courier())
    assert office.texts() == ["message a", "message b"]


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


async def test_a_look_that_fails_is_made_again_and_nothing_is_sent_twice(office: Office) -> None:
    office.sandbox.faults.add("cut", method="chat.postMessage", stored=True)
    office.sandbox.faults.add("server_error", method="conversations.history", times=3)
    await office.plan(office.delivery("a"))
    await office.drain(office.courier())
    assert (office.texts(), office.posts()) == (["message a"], 1)


async def test_history_that_lags_is_waited_for(office: Office) -> None:
    office.sandbox.workspace.history_lag = 8
    office.sandbox.faults.add("cut", method="chat.postMessage", stored=True)
    await office.plan(office.delivery("a"))
    await office.drain(office.courier())
    assert (office.texts(), office.posts()) == (["message a"], 1)


async def test_another_app_s_message_with_our_key_is_not_ours(office: Office) -> None:
    channel = office.sandbox.workspace.channel("papers")
    metadata = {"event_type": "paperboy_delivery", "event_payload": {"key": "a"}}
    author = office.sandbox.member("ada").id
    office.sandbox.workspace.post(channel, author, Draft("a forgery", metadata=metadata))
    office.sandbox.faults.add("cut", method="chat.postMessage")
    await office.plan(office.delivery("a"))
    await office.drain(office.courier())
    assert office.texts() == ["a forgery", "message a"]


async def test_a_member_s_dm_is_found_too_where_scopes_allow(office: Office) -> None:
    office.sandbox.faults.add("cut", method="chat.postMessage", stored=True)
    jonas = office.sandbox.member("jonas")
    await office.plan(office.delivery("a", jonas.id))
    await office.drain(office.courier())
    assert len(jonas.dms()) == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [(None, 30), ("0", 1), ("nonsense", 30), ("-5", 1), ("nan", 30), ("86400", 86400), ("9999999", 86400)],
)
async def test_retry_after_of_any_kind(office: Office, header: str | None, seconds: float) -> None:
    office.sandbox.faults.add("rate_limit", method="chat.postMessage", retry_after=header)
    await office.plan(office.delivery("a"))
    assert await office.courier().drain(office.team) == pytest.approx(seconds, abs=1)


async def test_retry_after_as_a_date(office: Office) -> None:
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=4000)
    office.sandbox.faults.add("rate_limit", method="chat.postMessage", retry_after=format_datetime(moment))
    await office.plan(office.delivery("a"))
    assert await office.courier().drain(office.team) == pytest.approx(4000, abs=PATIENCE)


async def test_a_message_too_long_that_can_not_be_halved_is_said_in_plain_words(office: Office) -> None:
    office.sandbox.faults.add("refuse", method="chat.postMessage", error="msg_blocks_too_long")
    block = {"type": "section", "text": {"type": "plain_text", "text": "all"}}
    await office.plan(office.delivery("a", message=Message("in short", (block,))))
    await office.drain(office.courier())
    (post,) = office.sandbox.workspace.channel("papers").timeline
    assert (post.text, post.blocks) == ("in short", [])
