"""Everything that can go wrong on the way to Slack goes wrong on demand, and only as often as asked."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox, SandboxError, sample_workspace
from bot.sandbox.workspace import wall_clock


@pytest.fixture
def blunt(sandbox: Sandbox) -> AsyncWebClient:
    """A client that never tries twice."""
    return AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])


def texts(sandbox: Sandbox) -> list[str]:
    return [message.text for message in sandbox.workspace.channel("papers").timeline]


@pytest.mark.parametrize("retry_after", ["30", "0", "Fri, 20 Nov 2026 09:00:00 GMT", None])
async def test_a_rate_limit_says_how_long_or_does_not(
    sandbox: Sandbox, blunt: AsyncWebClient, retry_after: str | None
) -> None:
    sandbox.faults.add("rate_limit", method="chat.postMessage", retry_after=retry_after)
    with pytest.raises(SlackApiError) as error:
        await blunt.chat_postMessage(channel="papers", text="One")

    assert error.value.response.status_code == 429
    assert error.value.response["error"] == "ratelimited"
    assert error.value.response.headers.get("Retry-After") == retry_after
    await blunt.chat_postMessage(channel="papers", text="Two")
    assert texts(sandbox) == ["Two"]


@pytest.mark.parametrize(("stored", "kept"), [(False, []), (True, ["One"])])
async def test_a_cut_connection_leaves_the_message_stored_or_not(
    sandbox: Sandbox, blunt: AsyncWebClient, stored: bool, kept: list[str]
) -> None:
    sandbox.faults.add("cut", stored=stored)
    with pytest.raises(aiohttp.ClientConnectionError):
        await blunt.chat_postMessage(channel="papers", text="One")

    assert texts(sandbox) == kept


@pytest.mark.parametrize(("stored", "kept"), [(False, []), (True, ["One"])])
async def test_a_server_error_may_hide_a_stored_message(
    sandbox: Sandbox, blunt: AsyncWebClient, stored: bool, kept: list[str]
) -> None:
    sandbox.faults.add("server_error", stored=stored)
    with pytest.raises(SlackApiError) as error:
        await blunt.chat_postMessage(channel="papers", text="One")

    assert error.value.response.status_code == 500
    assert texts(sandbox) == kept


async def test_an_answer_that_is_no_json_and_one_that_is_a_strange_refusal(
    sandbox: Sandbox, blunt: AsyncWebClient
) -> None:
    sandbox.faults.add("not_json")
    sandbox.faults.add("refuse", error="moon_is_full")
    with pytest.raises(SlackApiError):
        await blunt.chat_postMessage(channel="papers", text="One")
    with pytest.raises(SlackApiError, match="moon_is_full"):
        await blunt.chat_postMessage(channel="papers", text="Two")
    assert texts(sandbox) == []


async def test_a_slow_answer_is_an_answer(sandbox: Sandbox, blunt: AsyncWebClient) -> None:
    sandbox.faults.add("slow", delay=0.01)
    await blunt.chat_postMessage(channel="papers", text="One")

    assert texts(sandbox) == ["One"]


async def test_a_fault_strikes_only_what_it_is_meant_for(sandbox: Sandbox, blunt: AsyncWebClient) -> None:
    other = sandbox.add(sample_workspace(wall_clock, number=2))
    papers = sandbox.workspace.channel("papers").id
    sandbox.faults.add("refuse", method="chat.postMessage", channel=papers, times=2)
    sandbox.faults.add("refuse", workspace=other.id, times=None)

    await blunt.auth_test()
    await blunt.chat_postMessage(channel=sandbox.workspace.channel("reading-group").id, text="x")
    for _ in range(2):
        with pytest.raises(SlackApiError):
            await blunt.chat_postMessage(channel=papers, text="x")
    await blunt.chat_postMessage(channel=papers, text="x")
    stranger = AsyncWebClient(other.bot_token, base_url=sandbox.api_url)
    for _ in range(3):
        with pytest.raises(SlackApiError):
            await stranger.auth_test()
    assert len(sandbox.faults.struck) == 5


async def test_chance_is_the_same_for_the_same_seed() -> None:
    async def struck() -> list[bool]:
        async with Sandbox(seed=7) as sandbox:
            sandbox.faults.add("refuse", probability=0.5, times=None)
            client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
            outcomes = []
            for _ in range(12):
                try:
                    await client.auth_test()
                    outcomes.append(False)
                except SlackApiError:
                    outcomes.append(True)
            return outcomes

    first = await struck()

    assert first == await struck()
    assert 0 < sum(first) < 12


async def test_slack_is_down_and_comes_back_at_the_same_address(
    sandbox: Sandbox, blunt: AsyncWebClient
) -> None:
    async with aiohttp.ClientSession() as session:
        kept = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, session=session, retry_handlers=[])
        await kept.auth_test()
        async with sandbox.down():
            with pytest.raises(aiohttp.ClientConnectorError):
                await blunt.auth_test()
            with pytest.raises(aiohttp.ClientConnectionError):
                await kept.auth_test()
        await kept.auth_test()
    await blunt.auth_test()


async def test_a_paced_sandbox_limits_each_channel_for_itself() -> None:
    async with Sandbox(paced=True) as sandbox:
        client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)

        async def burst(channel: str) -> Any:
            for sent in range(100):
                try:
                    await client.chat_postMessage(channel=channel, text="x")
                except SlackApiError as error:
                    return sent, error.response.headers["Retry-After"]
            return None

        for channel in ("papers", "reading-group"):
            sent, wait = await burst(channel)
            assert sent >= 3 and wait == "1"  # more where they took a second


def test_a_fault_nobody_knows_is_a_sentence() -> None:
    with pytest.raises(SandboxError, match="A fault is one of rate_limit"):
        Sandbox().faults.add("earthquake")
