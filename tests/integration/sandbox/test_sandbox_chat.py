"""Posting, updating and deleting: what is kept, and what is refused with Slack's codes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox

Refusal = Callable[[Awaitable[Any]], Awaitable[str]]
KEYED = {"event_type": "delivery", "event_payload": {"key": "ch:1"}}
TEXT = {"type": "plain_text", "text": "Hello"}


async def test_a_post_is_kept_with_its_blocks_and_hidden_metadata(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    blocks = [{"type": "section", "text": TEXT}]
    posted = await client.chat_postMessage(channel="#papers", text="Hello", blocks=blocks, metadata=KEYED)
    channel = posted["channel"]

    message = sandbox.workspace.channel("papers").by_ts[posted["ts"]]
    assert message.blocks[0]["text"] == TEXT
    assert message.blocks[0]["block_id"]
    bare = await client.conversations_history(channel=channel)
    whole = await client.conversations_history(channel=channel, include_all_metadata=True)
    assert "metadata" not in bare["messages"][0]
    assert whole["messages"][0]["metadata"] == KEYED


async def test_blocks_and_metadata_may_come_as_json_in_a_form(
    sandbox: Sandbox, client: AsyncWebClient, refusal: Refusal
) -> None:
    form = {
        "channel": sandbox.workspace.channel("papers").id,
        "blocks": '[{"type": "divider"}]',
        "metadata": '{"event_type": "delivery", "event_payload": {}}',
        "unfurl_links": "false",
    }
    await client.api_call("chat.postMessage", data=form)

    message = sandbox.workspace.channel("papers").timeline[0]
    assert message.blocks[0]["type"] == "divider"
    assert message.metadata == {"event_type": "delivery", "event_payload": {}}
    form["blocks"] = "[{"
    assert await refusal(client.api_call("chat.postMessage", data=form)) == "invalid_blocks_format"


async def test_a_post_to_a_member_opens_the_dm(
    sandbox: Sandbox, client: AsyncWebClient, refusal: Refusal
) -> None:
    yuki = sandbox.member("yuki")
    first = await client.chat_postMessage(channel=yuki.id, text="Good morning")
    opened = await client.conversations_open(users=yuki.id, return_im=True)

    assert first["channel"].startswith("D")
    assert opened["channel"]["id"] == first["channel"]
    assert [message.text for message in yuki.dms()] == ["Good morning"]
    bot = sandbox.workspace.bot_user
    assert await refusal(client.chat_postMessage(channel=bot, text="x")) == "cannot_dm_bot"


async def test_places_where_the_bot_may_not_post(
    sandbox: Sandbox, client: AsyncWebClient, refusal: Refusal
) -> None:
    sandbox.workspace.scopes -= {"chat:write.public"}
    for channel, code in (
        ("C404", "channel_not_found"),
        ("board-only", "channel_not_found"),
        ("robotics", "not_in_channel"),
        ("old-project", "is_archived"),
    ):
        assert await refusal(client.chat_postMessage(channel=channel, text="x")) == code
    await client.chat_postMessage(channel="research-leads", text="x")
    sandbox.workspace.scopes |= {"chat:write.public"}
    await client.chat_postMessage(channel="robotics", text="x")
    assert sandbox.calls[-1].needed == {"chat:write", "chat:write.public"}


async def test_messages_that_can_not_be_posted(
    sandbox: Sandbox, client: AsyncWebClient, refusal: Refusal
) -> None:
    async def posting(**said: Any) -> str:
        return await refusal(client.chat_postMessage(channel="papers", **said))

    with pytest.warns(UserWarning, match="text"):
        assert await posting(text="") == "no_text"
    assert await posting(text="x" * 40_001) == "msg_too_long"
    assert await posting(text="x", blocks=[{"type": "section"}]) == "invalid_blocks"
    long = {"type": "section", "text": {"type": "plain_text", "text": "x" * 2900}}
    assert await posting(text="x", blocks=[long] * 5) == "msg_blocks_too_long"
    assert await posting(text="x", thread_ts="1.000000") == "thread_not_found"
    assert await posting(text="x", metadata={"event_type": "x"}) == "invalid_metadata_format"
    assert sandbox.workspace.channel("papers").timeline == []


async def test_the_reasons_stand_where_slack_puts_them(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as error:
        empty = {"type": "section", "text": {"type": "mrkdwn", "text": ""}}
        await client.chat_postMessage(channel="papers", text="x", blocks=[empty])

    said = error.value.response["response_metadata"]["messages"]
    assert said == ["[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]"]


async def test_update_and_delete_are_for_ones_own_messages(
    sandbox: Sandbox, client: AsyncWebClient, refusal: Refusal
) -> None:
    channel = sandbox.workspace.channel("papers")
    posted = await client.chat_postMessage(channel=channel.id, text="One", metadata=KEYED)
    theirs = await sandbox.member("ada").post("papers", "Mine")
    await client.chat_update(channel=channel.id, ts=posted["ts"], text="Two")

    message = channel.by_ts[posted["ts"]]
    assert (message.text, message.metadata) == ("Two", KEYED)
    assert message.as_slack()["edited"]["user"] == sandbox.workspace.bot_user
    update = client.chat_update(channel=channel.id, ts=theirs.ts, text="x")
    assert await refusal(update) == "cant_update_message"
    assert await refusal(client.chat_delete(channel=channel.id, ts=theirs.ts)) == "cant_delete_message"
    long = client.chat_update(channel=channel.id, ts=posted["ts"], text="x" * 4001)
    assert await refusal(long) == "msg_too_long"
    await client.chat_delete(channel=channel.id, ts=posted["ts"])
    gone = client.chat_update(channel=channel.id, ts=posted["ts"], text="x")
    assert await refusal(gone) == "message_not_found"


async def test_ephemeral_messages_are_for_one_who_is_there(
    sandbox: Sandbox, client: AsyncWebClient, refusal: Refusal
) -> None:
    ada, jonas = sandbox.member("ada"), sandbox.member("jonas")
    await client.chat_postEphemeral(channel="papers", user=ada.id, text="Psst")

    assert [message.text for message in ada.ephemerals()] == ["Psst"]
    assert jonas.ephemerals() == []
    outside = client.chat_postEphemeral(channel="papers", user="U999", text="x")
    assert await refusal(outside) == "user_not_in_channel"


async def test_permalinks(sandbox: Sandbox, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="papers", text="x")
    link = await client.chat_getPermalink(channel=posted["channel"], message_ts=posted["ts"])

    assert link["permalink"].endswith(f"/archives/{posted['channel']}/p{posted['ts'].replace('.', '')}")
