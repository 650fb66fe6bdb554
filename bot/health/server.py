"""A port for monitors: /metrics, /healthz (does the loop turn?), /readyz (can this process do its part?)."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.aiohttp import make_aiohttp_handler

from bot.errors import LibraryError, SettingsError
from bot.health.meters import Meters
from bot.health.shared import TIMEOUT, Shared
from bot.library.database import Database

log = structlog.get_logger(__name__)

NO_SLACK_YET = (
    "Slack has not said yet who the bot is; Paperboy keeps asking. Check this machine's network, and"
    " status.slack.com."
)
SILENT = f"The database gave no answer in {TIMEOUT:g} s. Check that it runs, and what keeps it busy."
TAKEN = (
    "PAPERBOY_HEALTH: nothing can listen at {host}:{port} ({why}). Stop what listens there, or write another"
    " address."
)


class Health:
    """`troubles` says what keeps the process from its part, by check, and what to do; the bot sets it."""

    def __init__(
        self, database: Database, clock: Callable[[], dt.datetime], configured: Collection[str]
    ) -> None:
        registry = CollectorRegistry()
        self.meters = Meters(registry)
        self.troubles: Callable[[], dict[str, str]] = lambda: {"slack": NO_SLACK_YET}
        self.address: str | None = None
        self._database = database
        self._shared = Shared(database, clock, configured)
        registry.register(self._shared)
        self._exposition = make_aiohttp_handler(registry)

    @asynccontextmanager
    async def served(self, host: str, port: int) -> AsyncIterator[None]:
        """SettingsError where something else listens there."""
        app = web.Application()
        app.add_routes(
            [
                web.get("/healthz", self._alive),
                web.get("/readyz", self._ready),
                web.get("/metrics", self._metrics),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            await self._listen(runner, host, port)
            yield
        finally:
            await runner.cleanup()

    async def _listen(self, runner: web.AppRunner, host: str, port: int) -> None:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            why = str(error).rpartition(": ")[2]
            raise SettingsError(TAKEN.format(host=host, port=port, why=why)) from error
        self.address = f"http://{host}:{runner.addresses[0][1]}"
        log.info("answers monitors", address=self.address)

    async def _alive(self, _: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def _ready(self, _: web.Request) -> web.Response:
        failed = await self._database_trouble() | self.troubles()
        return web.json_response({"ready": not failed, "failed": failed}, status=503 if failed else 200)

    async def _database_trouble(self) -> dict[str, str]:
        try:
            async with asyncio.timeout(TIMEOUT):
                await self._database.require_current()
        except LibraryError as error:
            return {"database": error.user_message}
        except TimeoutError:
            return {"database": SILENT}
        return {}

    async def _metrics(self, request: web.Request) -> web.StreamResponse:
        await self._shared.refresh()
        return await self._exposition(request)
