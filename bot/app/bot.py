"""The bot: what runs in a process, its start, its jobs and its stop."""

from __future__ import annotations

import asyncio
import datetime as dt
from contextlib import AbstractAsyncContextManager
from enum import StrEnum
from functools import partial

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot import schedule
from bot.app import parts
from bot.app.core import Core
from bot.delivery import ledger, queue, standing
from bot.delivery.mail import Mail
from bot.delivery.pace import Pace
from bot.delivery.patience import Patience
from bot.delivery.quiet import Quiet
from bot.delivery.runner import QueueRunner, Rhythm, Runner
from bot.health.server import Health
from bot.library.inbox import Inbox
from bot.model import Feed
from bot.settings import Cron, Interval
from bot.slack import listeners
from bot.slack.channels import Channels
from bot.slack.connection import Connection
from bot.slack.identity import Identity
from bot.slack.listeners.inbox import replay
from bot.slack.people import People
from bot.slack.places import Places
from bot.slack.services import Services
from bot.sources.source import Source
from bot.subscriptions import feeds
from bot.subscriptions.recent import Recent

log = structlog.get_logger(__name__)

FOLLOW = dt.timedelta(seconds=1)  # how far the search index may be behind the library
TAKE_OVER = dt.timedelta(minutes=1)
LISTEN = dt.timedelta(hours=1)  # whether a source is silent, which is known by the day
TICK = dt.timedelta(seconds=5)  # how late a post may be after its hour
JOB_SECONDS = 3.0  # for a job under way when we stop: each can be cut short, and comes again
DRAIN_SECONDS = 8.0  # of the ten that a stop may take
BETWEEN = "Paperboy is starting or stopping. Ask again in a moment."
CUT_OFF = (
    "There is no connection to Slack; Paperboy keeps trying. Check this machine's network, and"
    " status.slack.com."
)


class Role(StrEnum):
    ALL = "all"
    LISTEN = "listen"  # answers members
    SCHEDULE = "schedule"  # fetches digests and plans deliveries
    DELIVER = "deliver"  # posts


class Bot:
    """Everything that runs. `start` and `stop` once each; `identity` is who Slack says we are."""

    def __init__(
        self,
        core: Core,
        client: AsyncWebClient,
        identity: Identity,
        role: Role,
        pace: Pace,
        patience: Patience,
        rhythm: Rhythm,
        health: Health,
    ) -> None:
        self.core = core
        self.health = health
        self.workspace = identity.workspace
        self._role = role
        self._plan_lock = asyncio.Lock()
        self._planning = parts.planning(core)
        self._silence = parts.silence_watch(core, health.meters)
        self._courier = parts.courier(core, client, identity, pace, patience, health.meters)
        self.runner: Runner = QueueRunner(
            self._open_queue,
            self._courier.drain,
            self._courier.nudge,
            self._with_work,
            delivers=role in (Role.ALL, Role.DELIVER),
            rhythm=rhythm,
        )
        self._services = Services(
            core.library,
            core.subscriptions,
            Recent(core.database),
            parts.inquiry(core),
            People(client),
            Places(client),
            client,
            core.clock,
            Inbox(core.database),
            self._uninstalled,
            parts.channel_feeds(core, self.runner.wake),
            Channels(client),
            Quiet(core.database),
            Mail(core.database, core.time, self.runner.wake),
        )
        self._bolt = parts.bolt(core, client)
        self._listening = listeners.register(self._bolt, self._services)
        self._scheduler = schedule.Schedule(self._jobs())
        self.connection: Connection | None = None
        self._running: asyncio.Task[None] | None = None
        self._following: asyncio.Task[int] | None = None

    # --- starting and stopping ------------------------------------------------------------------

    async def start(self) -> None:
        self.health.troubles = self._troubles
        await self._prepare()
        if self._role is not Role.LISTEN:
            self._running = asyncio.create_task(self.runner.run(), name="runner")
        if self._role in (Role.ALL, Role.LISTEN):
            await self.follow()
            await self.replay(everything=self.core.database.dialect == "sqlite")
            self.connection = parts.connection(self.core, self._bolt)
            if not self.core.settings.http_mode:
                self.health.meters.watch_socket(self.connection.is_open)
            await self.connection.open()
        self._scheduler.start()
        log.info("paperboy runs", role=self._role.value, workspace=self.workspace)

    async def _prepare(self) -> None:
        """What the file says of feeds becomes rows; what a dead process left is taken up."""
        async with self.core.database.begin() as conn:
            now = await self.core.time(conn)
            await standing.enable(conn, self.workspace)
            await feeds.sync(conn, self.workspace, self._configured_feeds(), now)
            if self.core.database.dialect == "sqlite":
                await ledger.release_all(conn, now)

    def _configured_feeds(self) -> list[Feed]:
        return [Feed(workspace=self.workspace, **dict(one)) for one in self.core.settings.feeds]

    def _troubles(self) -> dict[str, str]:
        found = {}
        if not self._scheduler.running:
            found["process"] = BETWEEN
        if self.connection and not self.connection.is_open():
            found["slack"] = CUT_OFF
        return found

    async def stop(self) -> None:
        """Take nothing new, finish what is under way, within ten seconds. What is left is in the ledger."""
        self._courier.stop()
        if self.connection:
            await self.connection.close()
        await asyncio.gather(
            self._scheduler.stop(JOB_SECONDS),
            self.runner.stop(DRAIN_SECONDS),
            self._listening.finish(DRAIN_SECONDS),
            return_exceptions=True,
        )
        if self._following:
            self._following.cancel()  # between two batches; what was taken in stays
            await asyncio.wait({self._following})
        log.info("paperboy stopped")

    # --- jobs -----------------------------------------------------------------------------------

    def _jobs(self) -> list[schedule.Job]:
        jobs: list[schedule.Job] = []
        if self._role is Role.LISTEN:  # elsewhere planning does so
            jobs.append(schedule.Job("follow the library", FOLLOW, self.follow))
        if self._role in (Role.ALL, Role.LISTEN):
            jobs.append(schedule.Job("take over what was left", TAKE_OVER, self.replay))
        if self._role in (Role.ALL, Role.SCHEDULE):
            jobs.append(schedule.Job("plan", TICK, self.plan))
            jobs.append(schedule.Job("listen for silence", LISTEN, self.listen_for_silence))
            jobs += [
                schedule.Job(f"poll {source.name}", _when(settings.poll), partial(self.poll, source))
                for source, settings in zip(self.core.sources, self.core.settings.sources, strict=True)
            ]
        return jobs

    async def follow(self) -> None:
        """Bring the search index up to the library; nobody waits the minutes of one that is made anew."""
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self.core.library.catch_up(), name="search index")
        done, _ = await asyncio.wait({self._following}, timeout=FOLLOW.total_seconds())
        for task in done:
            if not task.cancelled():
                task.result()

    async def poll(self, source: Source) -> None:
        report = await self.core.ingest.poll(source)
        if report.changed:
            await self.plan()

    async def replay(self, *, everything: bool = False) -> None:
        """Handle what Slack was told we have, and a process that died did not handle."""
        for item in await self._services.inbox.abandoned(self.core.clock(), everything=everything):
            await replay(self._bolt, item)

    async def plan(self) -> None:
        """Plan what is due and wake the courier. What was just ingested is searchable from here on."""
        async with self._plan_lock:
            await self.follow()
            async with self.core.database.glance() as conn:
                now = await self.core.time(conn)
            for workspace in await self._planning.plan(now):
                self.runner.wake(workspace)

    async def listen_for_silence(self) -> None:
        async with self.core.database.glance() as conn:
            now = await self.core.time(conn)
        for workspace in await self._silence.look(now):
            self.runner.wake(workspace)

    def _open_queue(self) -> AbstractAsyncContextManager[queue.Queue]:
        database = self.core.database
        return queue.in_memory() if database.dialect == "sqlite" else queue.on_postgresql(database.connect)

    async def _with_work(self) -> list[str]:
        async with self.core.database.read() as conn:
            return await ledger.workspaces_with_work(conn, await self.core.time(conn))

    async def _uninstalled(self, workspace: str) -> None:
        async with self.core.database.begin() as conn:
            await standing.disable(conn, workspace, await self.core.time(conn))


def _when(poll: Interval | Cron) -> dt.timedelta | str:
    return poll.every if isinstance(poll, Interval) else poll.line
