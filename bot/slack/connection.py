"""How Slack reaches us: over a socket that we open, or by signed HTTP requests to an address of ours."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import Protocol

import aiohttp
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.poster import Refused
from bot.errors import SettingsError
from bot.slack.client import answer_to

EVENTS_PATH = "/slack/events"
REFUSED = (
    "Slack refuses SLACK_APP_TOKEN ({code}). Make an App-Level Token with the scope connections:write in your"
    " Slack app's Basic Information, and turn Socket Mode on."
)
TAKEN = "PAPERBOY_HTTP: can't listen on {host}:{port} ({why}). Stop what uses it, or name another port."


class Connection(Protocol):
    async def open(self) -> None: ...
    async def close(self) -> None: ...
    def is_open(self) -> bool: ...


class SocketConnection:
    """Socket Mode: needs no public address. The library reconnects by itself."""

    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient) -> None:
        self._handler = AsyncSocketModeHandler(app, app_token, web_client=client)

    async def open(self) -> None:
        """SettingsError where Slack refuses the token, with which the library would try for ever."""
        client = self._handler.client
        try:
            answer = await client.web_client.apps_connections_open(app_token=self._handler.app_token)
            client.wss_uri = str(answer["url"])
        except (SlackApiError, aiohttp.ClientError, OSError, TimeoutError) as error:
            if isinstance(refused := answer_to(error), Refused):
                raise SettingsError(REFUSED.format(code=refused.code)) from error
        await client.connect()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        await self._handler.client.close()  # type: ignore[no-untyped-call]

    def is_open(self) -> bool:
        session = self._handler.client.current_session
        return session is not None and not session.closed


class HttpConnection:
    """Signed requests to `EVENTS_PATH`, behind the operator's own TLS."""

    def __init__(self, app: AsyncApp, host: str, port: int) -> None:
        server = app.web_app(path=EVENTS_PATH)
        server.middlewares.append(_refuse_bad_headers)
        self._runner = web.AppRunner(server, access_log=None)
        self._host, self._port = host, port
        self.address: str | None = None

    async def open(self) -> None:
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        try:
            await site.start()
        except OSError as error:
            why = os.strerror(error.errno or 0)
            raise SettingsError(TAKEN.format(host=self._host, port=self._port, why=why)) from error
        port = self._runner.addresses[0][1]
        self.address = f"http://{self._host}:{port}{EVENTS_PATH}"

    async def close(self) -> None:
        await self._runner.cleanup()

    def is_open(self) -> bool:
        return bool(self._runner.addresses)


@web.middleware
async def _refuse_bad_headers(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Bolt answers 500 with a traceback to a timestamp that is no number or a signature that is not
    ASCII (seen with slack-bolt 1.30); both are just bad signatures."""
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    if not (timestamp.isascii() and timestamp.isdigit() and signature.isascii()):
        return web.Response(status=401, text="bad signature")
    return await handler(request)
