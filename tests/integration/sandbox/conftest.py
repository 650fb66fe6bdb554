"""A sandbox, and a Bolt app talking to it over real sockets or real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

import pytest
from aiohttp import web
from beside import SLACK_API
from patience import PATIENCE
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox

Refusal = Callable[[Awaitable[Any]], Awaitable[str]]
Running = Callable[[AsyncApp], AbstractAsyncContextManager[None]]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Every call is held against the contract where there is one."""
    contract = SLACK_API if SLACK_API.is_dir() else None
    async with Sandbox(contract=contract, patience=PATIENCE) as sandbox:
        yield sandbox
    assert [str(violation) for violation in sandbox.violations] == []


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)


@pytest.fixture
def app(sandbox: Sandbox) -> AsyncApp:
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    return AsyncApp(client=client, signing_secret=sandbox.signing_secret)


@pytest.fixture
def refusal() -> Refusal:
    """`await refusal(call)`: the code that Slack refuses the call with."""

    async def code(call: Awaitable[Any]) -> str:
        with pytest.raises(SlackApiError) as error:
            await call
        return str(error.value.response["error"])

    return code


@asynccontextmanager
async def over_sockets(sandbox: Sandbox, app: AsyncApp) -> AsyncIterator[None]:
    handler = AsyncSocketModeHandler(app, sandbox.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await sandbox.connected()
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def over_http(sandbox: Sandbox, app: AsyncApp) -> AsyncIterator[None]:
    async def events(request: web.Request) -> web.Response:
        response = await app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(response)

    site = web.Application()
    site.router.add_post("/slack/events", events)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sandbox.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    try:
        yield
    finally:
        await runner.cleanup()


@pytest.fixture
def running_over_sockets(sandbox: Sandbox) -> Running:
    return partial(over_sockets, sandbox)


@pytest.fixture
def running_over_http(sandbox: Sandbox) -> Running:
    return partial(over_http, sandbox)


@pytest.fixture(params=["sockets", "http"])
def running(request: pytest.FixtureRequest) -> Running:
    """`async with running(app)`: the app is up, in either mode."""
    mode: Running = request.getfixturevalue(f"running_over_{request.param}")
    return mode
