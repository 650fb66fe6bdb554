"""The sandbox: workspaces served on a loopback port as Slack would serve them.

async with Sandbox() as sandbox:
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    reply = await sandbox.member("ada").command("papers", "/papers", "today")
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import aiohttp
from aiohttp import web

from bot.sandbox.contract import Violation
from bot.sandbox.control import Control
from bot.sandbox.delivery import ACK_SECONDS, Ack, SentEvent
from bot.sandbox.endpoint import Endpoint
from bot.sandbox.faults import Faults
from bot.sandbox.guard import same_site
from bot.sandbox.http_delivery import HttpDelivery
from bot.sandbox.member import Member
from bot.sandbox.platform import Platform, RecordedCall
from bot.sandbox.recorder import Recorder
from bot.sandbox.sockets import Sockets
from bot.sandbox.tickets import Clock
from bot.sandbox.workspace import Workspace, sample_workspace, wall_clock

T = TypeVar("T")


class Sandbox:
    """One app, installed in one workspace or several; `sandbox.workspace` is the first, or else a sample.

    `clock` is the sample's; a workspace that is given has its own.
    `request_url`: deliver by signed HTTP instead of Socket Mode. `contract`: a folder of Slack's method
    descriptions to hold every call against. `seed`: of the chance in faults. `paced`: chat.postMessage is
    limited to one a second and channel. `record`: a file that gets every payload the app sends (recorder.py).
    `port` 0 picks a free one. `patience`: seconds for an ack, for a trigger_id, and for what is waited for
    here; None: three and three, as Slack's are, and ten. A machine under load needs more.
    """

    def __init__(
        self,
        workspace: Workspace | None = None,
        *,
        clock: Clock = wall_clock,
        request_url: str | None = None,
        contract: Path | None = None,
        seed: int = 0,
        paced: bool = False,
        record: Path | None = None,
        port: int = 0,
        patience: float | None = None,
    ) -> None:
        self.workspace = workspace or sample_workspace(clock)
        self.platform = Platform(
            self.workspace,
            contract=contract,
            seed=seed,
            paced=paced,
            recorder=Recorder(record),
            patience=patience,
        )
        self._ack_seconds = patience or ACK_SECONDS
        self.sockets = Sockets(self.platform.app.id, self.platform.pulse.beat, self._ack_seconds)
        self.platform.carrier = self.sockets
        self._request_url = request_url
        self._port = port
        self._runner: web.AppRunner | None = None
        self._site: web.SockSite | None = None
        self._more: list[Callable[[web.Application], None]] = []
        self._session: aiohttp.ClientSession | None = None

    # Addresses and keys

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        return self.workspace.bot_token

    @property
    def app_token(self) -> str:
        return self.platform.app.app_token

    @property
    def signing_secret(self) -> str:
        return self.platform.app.signing_secret

    @property
    def is_up(self) -> bool:
        return self._site is not None

    # What went on

    @property
    def faults(self) -> Faults:
        return self.platform.faults

    @property
    def calls(self) -> list[RecordedCall]:
        return self.platform.calls

    @property
    def violations(self) -> list[Violation]:
        return self.platform.violations

    @property
    def events(self) -> list[SentEvent]:
        return self.platform.events

    # Driving it

    def add(self, workspace: Workspace) -> Workspace:
        """Install the app in one more workspace."""
        return self.platform.add(workspace)

    def member(self, ref: str, workspace: Workspace | None = None) -> Member:
        """A member by id or name, of the first workspace or the given one."""
        return Member(self.platform, workspace or self.workspace, ref)

    async def until(self, predicate: Callable[[], T], timeout: float | None = None) -> T:
        """Wait for the predicate to hold; it is looked at after each change, call and connection."""
        return await self.platform.until(predicate, timeout)

    async def connected(self, timeout: float | None = None) -> None:
        """Wait for the bot's socket."""
        await self.until(lambda: self.sockets.connections, timeout)

    async def redeliver(self, event: SentEvent, reason: str = "timeout") -> Ack:
        return await self.platform.redeliver(event, reason)

    def deliver_to(self, request_url: str | None) -> None:
        """Deliver by HTTP to this address from here on; None: over sockets."""
        if request_url and self._session:
            self.platform.carrier = HttpDelivery(
                request_url, self.signing_secret, self._session, self._ack_seconds
            )
        else:
            self.platform.carrier = self.sockets

    def serve(self, attach: Callable[[web.Application], None]) -> None:
        """Serve something beside Slack, such as the page; to be said before the start."""
        self._more.append(attach)

    # Coming and going

    async def start(self) -> None:
        control = Control(self)
        app = web.Application(middlewares=[same_site])
        endpoint = Endpoint(self.platform, self._new_socket)
        app.router.add_route("*", "/api/{method}", endpoint.handle)
        app.router.add_post("/commands/{team}/{id}", endpoint.handle_response_url)
        app.router.add_get("/link", self.sockets.handle)
        app.router.add_routes(control.routes())
        for attach in self._more:
            attach(app)
        self._session = aiohttp.ClientSession()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await self.go_up()
        self.deliver_to(self._request_url)

    async def stop(self) -> None:
        await self.platform.settle()
        self.sockets.drop()
        if self._session:
            await self._session.close()
        if self._runner:
            await self._runner.cleanup()

    async def go_up(self) -> None:
        """Listen, again on the port of before."""
        if self._runner is None or self._site is not None:
            return
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        self.platform.url = self.url
        self._site = web.SockSite(self._runner, listener)
        await self._site.start()
        self.platform.pulse.beat()

    async def go_down(self) -> None:
        """Refuse connections and break those there are."""
        if self._site is None or self._runner is None:
            return
        await self._site.stop()
        self._site = None
        self.sockets.drop()
        for connection in list(self._runner.server.connections if self._runner.server else ()):
            if connection.transport:
                connection.transport.abort()
        self.platform.pulse.beat()

    @asynccontextmanager
    async def down(self) -> AsyncIterator[None]:
        """Slack is unreachable inside the block."""
        await self.go_down()
        try:
            yield
        finally:
            await self.go_up()

    async def __aenter__(self) -> Sandbox:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _new_socket(self) -> str:
        ticket, app_id = self.sockets.ticket(), self.platform.app.id
        return f"ws://127.0.0.1:{self._port}/link?ticket={ticket}&app_id={app_id}"
