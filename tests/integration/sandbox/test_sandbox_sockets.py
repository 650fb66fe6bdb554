"""Socket Mode as the real client lives it: tickets, several connections, refreshes and breaks."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox


@pytest.fixture
def listening(app: AsyncApp) -> AsyncApp:
    @app.command("/papers")
    async def papers(ack: Any) -> None:
        await ack("Here.")

    return app


async def connect(
    stack: AsyncExitStack, sandbox: Sandbox, app: AsyncApp, ping_interval: float = 15
) -> AsyncSocketModeHandler:
    """The client looks for a break every `ping_interval`, and takes four of silence for one."""
    handler = AsyncSocketModeHandler(app, sandbox.app_token, ping_interval=ping_interval)
    stack.push_async_callback(handler.close_async)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    return handler


async def test_nobody_is_there(sandbox: Sandbox) -> None:
    reply = await sandbox.member("ada").command("papers", "/papers")

    assert reply.error == "dispatch_failed"


async def test_the_client_comes_back_on_a_new_socket_when_asked(
    sandbox: Sandbox, listening: AsyncApp
) -> None:
    async with AsyncExitStack() as stack:
        await connect(stack, sandbox, listening)
        await sandbox.connected()
        await sandbox.sockets.refresh()
        assert sandbox.sockets.connections == []
        await sandbox.connected()
        assert sandbox.sockets.opened == 2

        assert (await sandbox.member("ada").command("papers", "/papers")).text == "Here."


async def test_the_client_comes_back_after_a_break(sandbox: Sandbox, listening: AsyncApp) -> None:
    async with AsyncExitStack() as stack:
        await connect(stack, sandbox, listening, ping_interval=1)
        await sandbox.connected()
        sandbox.sockets.drop()
        await sandbox.until(lambda: sandbox.sockets.opened >= 2)
        await sandbox.connected()

        assert (await sandbox.member("ada").command("papers", "/papers")).text == "Here."


async def test_a_payload_goes_to_one_connection_of_several(sandbox: Sandbox, app: AsyncApp) -> None:
    heard = []

    @app.command("/papers")
    async def papers(ack: Any, command: Any) -> None:
        heard.append(command["text"])
        await ack("Here.")

    async with AsyncExitStack() as stack:
        for _ in range(3):
            await connect(stack, sandbox, app)
        await sandbox.until(lambda: len(sandbox.sockets.connections) == 3)
        for text in "abcdef":
            await sandbox.member("ada").command("papers", "/papers", text)

    assert heard == list("abcdef")


async def test_an_ack_lost_with_its_socket_is_what_the_member_sees(sandbox: Sandbox) -> None:
    client = AsyncWebClient(base_url=sandbox.api_url)
    url = (await client.apps_connections_open(app_token=sandbox.app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        hello = await socket.receive_json()
        asked = asyncio.create_task(sandbox.member("ada").command("papers", "/papers"))
        envelope = await socket.receive_json()
        await socket.send_str("not json, and nobody minds")
        sandbox.sockets.drop()
        reply = await asked

    assert hello["type"] == "hello"
    assert hello["connection_info"]["app_id"] == sandbox.workspace.app.id
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    assert reply.error == "operation_timeout"


async def test_a_ticket_lets_in_once_and_there_are_ten_seats(sandbox: Sandbox) -> None:
    client = AsyncWebClient(base_url=sandbox.api_url)

    async def ticket() -> str:
        return str((await client.apps_connections_open(app_token=sandbox.app_token))["url"])

    async with aiohttp.ClientSession() as session, AsyncExitStack() as stack:
        urls = [await ticket() for _ in range(10)]
        for url in urls:
            await stack.enter_async_context(session.ws_connect(url))
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(urls[0])
        with pytest.raises(SlackApiError, match="too_many_websockets"):
            await ticket()
