"""Who calls, with which token and scopes, and what is no call at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from beside import SLACK_API, needs
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox

Refusal = Callable[[Awaitable[Any]], Awaitable[str]]


async def test_who_am_i(sandbox: Sandbox, client: AsyncWebClient) -> None:
    me = await client.auth_test()

    assert (me["team_id"], me["user_id"]) == (sandbox.workspace.id, sandbox.workspace.bot_user)
    assert "chat:write" in me.headers["x-oauth-scopes"]
    assert (await client.team_info())["team"]["name"] == sandbox.workspace.name


async def test_tokens_that_are_missing_wrong_or_swapped(sandbox: Sandbox, refusal: Refusal) -> None:
    def using(token: str | None) -> AsyncWebClient:
        return AsyncWebClient(token, base_url=sandbox.api_url)

    assert await refusal(using(None).auth_test()) == "not_authed"
    sandbox.violations.clear()
    assert await refusal(using("xoxb-none").auth_test()) == "invalid_auth"
    assert await refusal(using(sandbox.app_token).auth_test()) == "not_allowed_token_type"
    swapped = using(None).apps_connections_open(app_token=sandbox.bot_token)
    assert await refusal(swapped) == "not_allowed_token_type"


async def test_each_call_takes_its_scopes_and_no_more(
    sandbox: Sandbox, client: AsyncWebClient, refusal: Refusal
) -> None:
    sandbox.workspace.scopes = frozenset({"chat:write", "channels:history"})
    with pytest.raises(SlackApiError) as error:
        await client.users_info(user="U001000002")
    assert error.value.response["error"] == "missing_scope"
    assert error.value.response["needed"] == "users:read"
    assert error.value.response["provided"] == "channels:history,chat:write"

    await client.conversations_history(channel=sandbox.workspace.channel("papers").id)
    assert sandbox.calls[-1].needed == {"channels:history"}
    private = client.conversations_history(channel=sandbox.workspace.channel("research-leads").id)
    assert await refusal(private) == "missing_scope"
    assert sandbox.calls[-1].needed == {"groups:history"}


@needs(SLACK_API)
async def test_scopes_are_among_those_that_slack_lists(sandbox: Sandbox, client: AsyncWebClient) -> None:
    contract = sandbox.platform.contract
    assert contract
    channel = (await client.chat_postMessage(channel="papers", text="x"))["channel"]
    await client.conversations_history(channel=channel)
    await client.conversations_list()
    await client.users_list()
    await client.team_info()

    for call in sandbox.calls:
        assert call.needed <= contract.scopes(call.method)


async def test_a_revoked_token_is_dead(sandbox: Sandbox, client: AsyncWebClient, refusal: Refusal) -> None:
    assert (await client.auth_revoke(test=True))["revoked"] is False
    await client.auth_test()
    await client.auth_revoke()

    assert await refusal(client.chat_postMessage(channel="papers", text="x")) == "token_revoked"


async def test_what_is_no_call_at_all(sandbox: Sandbox, client: AsyncWebClient, refusal: Refusal) -> None:
    assert await refusal(client.api_call("chat.sing")) == "unknown_method"
    sandbox.violations.clear()
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    async with aiohttp.ClientSession(sandbox.api_url, headers=headers) as session:
        for kind, body, code in (
            ("application/json", "{", "invalid_json"),
            ("application/json", "[]", "json_not_object"),
            ("text/plain", "x", "invalid_post_type"),
        ):
            async with session.post("auth.test", data=body, headers={"Content-Type": kind}) as answer:
                assert (await answer.json())["error"] == code


async def test_a_json_body_is_not_seen_by_methods_that_take_none(
    sandbox: Sandbox, client: AsyncWebClient, refusal: Refusal
) -> None:
    asked = client.api_call("users.info", json={"user": sandbox.member("ada").id})

    assert await refusal(asked) == "invalid_arguments"
    if sandbox.violations:
        assert str(sandbox.violations.pop()) == "users.info: takes no JSON body"


async def test_blocks_can_be_validated_without_posting(client: AsyncWebClient, refusal: Refusal) -> None:
    await client.api_call("blocks.validate", json={"blocks": '[{"type": "divider"}]'})
    bad = client.api_call("blocks.validate", json={"blocks": '[{"type": "diver"}]'})
    assert await refusal(bad) == "invalid_blocks"
    assert await refusal(client.api_call("blocks.validate")) == "invalid_arguments"
    assert (await client.api_test())["ok"] is True
