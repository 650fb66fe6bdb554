"""Reading a workspace: history and threads in pages, channels and members."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox

Refusal = Callable[[Awaitable[Any]], Awaitable[str]]
KEYED = {"event_type": "delivery", "event_payload": {"key": "ch:1"}}


async def test_history_is_paged_newest_first_within_its_window(
    sandbox: Sandbox, client: AsyncWebClient, refusal: Refusal
) -> None:
    channel = sandbox.workspace.channel("papers").id
    stamps = [(await client.chat_postMessage(channel=channel, text=str(n)))["ts"] for n in range(7)]
    await client.chat_postMessage(channel=channel, text="reply", thread_ts=stamps[3])

    texts, cursor = [], None
    while cursor != "":
        page = await client.conversations_history(
            channel=channel, oldest=stamps[0], latest=stamps[6], limit=2, cursor=cursor
        )
        texts.append([message["text"] for message in page["messages"]])
        cursor = page["response_metadata"]["next_cursor"]
    whole = await client.conversations_history(
        channel=channel, oldest=stamps[5], latest=stamps[6], inclusive=True
    )

    assert texts == [["5", "4"], ["3", "2"], ["1"]]
    assert [message["text"] for message in whole["messages"]] == ["6", "5"]
    bad = client.conversations_history(channel=channel, cursor="nonsense")
    assert await refusal(bad) == "invalid_cursor"
    assert await refusal(client.conversations_history(channel=channel, oldest="then")) == "invalid_ts_oldest"


async def test_history_may_lag_behind(sandbox: Sandbox, client: AsyncWebClient) -> None:
    channel = (await client.chat_postMessage(channel="papers", text="x"))["channel"]
    sandbox.workspace.history_lag = 60

    assert (await client.conversations_history(channel=channel))["messages"] == []


async def test_replies_come_behind_their_parent(
    sandbox: Sandbox, client: AsyncWebClient, refusal: Refusal
) -> None:
    parent = await client.chat_postMessage(channel="papers", text="Parent")
    channel, ts = parent["channel"], parent["ts"]
    for text in ("One", "Two"):
        await client.chat_postMessage(channel=channel, text=text, thread_ts=ts, metadata=KEYED)

    thread = await client.conversations_replies(channel=channel, ts=ts, include_all_metadata=True)
    first = await client.conversations_replies(channel=channel, ts=ts, limit=2)

    assert [message["text"] for message in thread["messages"]] == ["Parent", "One", "Two"]
    assert thread["messages"][0]["reply_count"] == 2
    assert thread["messages"][2]["metadata"] == KEYED
    assert first["has_more"] is True
    missing = client.conversations_replies(channel=channel, ts="1.000000")
    assert await refusal(missing) == "thread_not_found"


async def test_channels_and_members_are_listed_in_pages(sandbox: Sandbox, client: AsyncWebClient) -> None:
    names, cursor = [], None
    while cursor != "":
        page = await client.conversations_list(
            types="public_channel,private_channel", exclude_archived=True, limit=2, cursor=cursor
        )
        names += [channel["name"] for channel in page["channels"]]
        cursor = page["response_metadata"]["next_cursor"]
    mine = await client.users_conversations(types="public_channel")

    assert names == ["general", "papers", "reading-group", "robotics", "research-leads"]
    assert [channel["name"] for channel in mine["channels"]] == ["papers", "reading-group", "old-project"]
    people = await client.users_list()
    assert [person["tz"] for person in people["members"] if not person["is_bot"]] == [
        "America/Los_Angeles",
        "Europe/Berlin",
        "Asia/Tokyo",
    ]
    inside = await client.conversations_members(channel=sandbox.workspace.channel("papers").id)
    assert sandbox.workspace.bot_user in inside["members"]


async def test_one_channel_one_member(sandbox: Sandbox, client: AsyncWebClient, refusal: Refusal) -> None:
    robotics = sandbox.workspace.channel("robotics").id
    assert (await client.conversations_info(channel=robotics))["channel"]["is_member"] is False
    await client.conversations_join(channel=robotics)
    assert (await client.conversations_info(channel=robotics))["channel"]["is_member"] is True
    hidden = sandbox.workspace.channel("board-only").id
    assert await refusal(client.conversations_info(channel=hidden)) == "channel_not_found"
    assert (await client.users_info(user=sandbox.member("jonas").id))["user"]["tz"] == "Europe/Berlin"
    assert await refusal(client.users_info(user="U404")) == "user_not_found"
    left_out = client.api_call("users.info", http_verb="GET", params={"include_locale": True})
    assert await refusal(left_out) == "invalid_arguments"
    sandbox.violations.clear()
