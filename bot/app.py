"""The composition root: the only place that builds things and ties them together.

`open_core` is what needs no Slack (the commands of an operator); `Bot` is the whole, in one or more roles.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import gc
import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import aiohttp
import sqlalchemy as sa
import structlog
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncConnection
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential_jitter

from bot import schedule, sources
from bot.delivery import ledger, queue, standing
from bot.delivery.attempt import Attempt
from bot.delivery.courier import Courier
from bot.delivery.pace import Pace
from bot.delivery.patience import Patience
from bot.delivery.planner import Renderers
from bot.delivery.planning import Planning
from bot.delivery.refusals import Refusals
from bot.delivery.runner import QueueRunner, Rhythm, Runner
from bot.errors import SettingsError
from bot.health.meters import MeteredPoster
from bot.health.server import Health
from bot.library.database import Database, Time
from bot.library.inbox import Inbox
from bot.library.search.index import SearchIndex
from bot.library.service import Library
from bot.model import Feed
from bot.settings import Cron, Interval, Settings
from bot.slack import listeners
from bot.slack.blocks import notice, rendering
from bot.slack.client import SlackPoster, answer_to, web_client
from bot.slack.connection import Connection, HttpConnection, SocketConnection
from bot.slack.listeners.inbox import replay
from bot.slack.people import People
from bot.slack.services import Services
from bot.sources.ingest import Ingest
from bot.sources.source import Source
from bot.subscriptions import feeds
from bot.subscriptions.recent import Recent
from bot.subscriptions.service import Subscriptions

log = structlog.get_logger(__name__)

Clock = Callable[[], dt.datetime]

FOLLOW = dt.timedelta(seconds=1)  # how far the search index may be behind the library
TAKE_OVER = dt.timedelta(minutes=1)
TICK = dt.timedelta(seconds=5)  # how late a post may be after its hour
JOB_SECONDS = 3.0  # for a job under way when we stop: each can be cut short, and comes again
DRAIN_SECONDS = 8.0  # of the ten that a stop may take
POST_SECONDS = 10.0  # no longer than half of the courier's lease
BETWEEN = "Paperboy is starting or stopping. Ask again in a moment."
CUT_OFF = (
    "There is no connection to Slack; Paperboy keeps trying. Check this machine's network, and"
    " status.slack.com."
)
PATIENCE = Patience()
RHYTHM = Rhythm()
RENDER = Renderers(digest=rendering.digest, empty=rendering.empty, member=rendering.member)


class Role(StrEnum):
    ALL = "all"
    LISTEN = "listen"  # answers members
    SCHEDULE = "schedule"  # fetches digests and plans deliveries
    DELIVER = "deliver"  # posts


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def shared_time(clock: Clock) -> Time:
    """The time that rows are held against. Machines that share a PostgreSQL share its clock: by ours, others'
    claims could look dead, and what we plan could look due long after or before it is."""

    async def time(conn: AsyncConnection) -> dt.datetime:
        if conn.dialect.name == "sqlite" or clock is not utc_now:
            return clock()
        moment: dt.datetime = (await conn.execute(sa.select(sa.func.clock_timestamp()))).scalar_one()
        return moment

    return time


# --- what needs no Slack ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Core:
    settings: Settings
    clock: Clock
    time: Time
    database: Database
    library: Library
    subscriptions: Subscriptions
    ingest: Ingest
    sources: tuple[Source, ...]
    session: aiohttp.ClientSession


@asynccontextmanager
async def open_core(
    settings: Settings, *, clock: Clock = utc_now, migrate: bool = True
) -> AsyncIterator[Core]:
    """`migrate`: bring the database up to date first; else LibraryError where it is not."""
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url)
        stack.push_async_callback(database.close)
        await (database.upgrade() if migrate else database.require_current())
        index = SearchIndex(settings.data / "search.db")
        stack.callback(index.close)
        session = await stack.enter_async_context(
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=POST_SECONDS, connect=POST_SECONDS / 2))
        )
        time = shared_time(clock)
        yield Core(
            settings,
            clock,
            time,
            database,
            Library(database, index),
            Subscriptions(database),
            Ingest(database, time, settings.delivery.max_age),
            sources.build(settings.sources, session, github_token=secret(settings.github_token)),
            session,
        )


def secret(value: SecretStr | None) -> str | None:
    return value.get_secret_value() if value else None


# --- the bot ------------------------------------------------------------------------------------


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
        delivery = core.settings.delivery
        self._planning = Planning(
            core.database,
            RENDER,
            first_run_latest=delivery.first_run == "latest",
            max_age=delivery.max_age,
            sources=frozenset(source.name for source in core.sources),
        )
        poster = MeteredPoster(SlackPoster(client, identity.bot), health.meters)
        attempt = Attempt(
            lambda workspace: poster,
            Refusals(core.database, core.time, notice.paused),
            resend_when_unsure=delivery.when_unsure == "resend",
            patience=patience,
        )
        owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._courier = Courier(
            core.database,
            attempt,
            owner=owner,
            time=core.time,
            pace=pace,
            on_recorded=health.meters.recorded,
        )
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
            People(client),
            client,
            core.clock,
            Inbox(core.database),
            self._uninstalled,
        )
        self._bolt = AsyncApp(
            client=client,
            signing_secret=secret(core.settings.slack_signing_secret) or "",
            request_verification_enabled=core.settings.http_mode,
        )
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
            self.connection = self._connection()
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

    def _connection(self) -> Connection:
        settings = self.core.settings
        if settings.http_mode:
            return HttpConnection(self._bolt, settings.http.host, settings.http.port)
        client = web_client(None, settings.slack_api_url, self.core.session)
        return SocketConnection(self._bolt, secret(settings.slack_app_token) or "", client)

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


# --- running it ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Identity:
    """Who Slack says we are."""

    workspace: str
    bot: str  # the id that our messages carry


async def identify(client: AsyncWebClient) -> Identity:
    """Waits for a Slack that can't be reached; SettingsError for a token it refuses."""

    def waiting(state: RetryCallState) -> None:
        log.warning(
            "Slack can't be reached; trying again", error=str(state.outcome and state.outcome.exception())
        )

    passing = (aiohttp.ClientError, OSError, asyncio.TimeoutError)
    async for attempt in AsyncRetrying(
        retry=retry_if_exception_type(passing),
        wait=wait_exponential_jitter(initial=1, max=60),
        before_sleep=waiting,
        reraise=True,
    ):
        with attempt:
            try:
                who = await client.auth_test()
                return Identity(str(who["team_id"]), str(who["bot_id"]))
            except SlackApiError as error:
                answer = answer_to(error)
                advice = getattr(answer, "advice", None)
                if advice is None:
                    raise OSError(getattr(answer, "reason", "Slack asks to slow down")) from error
                raise SettingsError(f"Slack refuses SLACK_BOT_TOKEN: {advice}") from error
    raise AssertionError("unreachable")


def check_can_run(settings: Settings, role: Role) -> None:
    """SettingsError where something that `run` needs is not set."""
    missing = []
    if settings.slack_bot_token is None:
        missing.append("SLACK_BOT_TOKEN (xoxb-…, from your app's page “Install App”)")
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        missing.append("SLACK_APP_TOKEN (xapp-…, from “Basic Information”), or SLACK_SIGNING_SECRET for HTTP")
    if missing:
        raise SettingsError(
            "To reach Slack, set in .env or the environment:\n  "
            + "\n  ".join(missing)
            + "\n`paperboy demo` needs none of them."
        )
    if role is not Role.ALL and settings.database_url.startswith("sqlite"):
        raise SettingsError(
            "Roles are for several processes, and SQLite serves one. Set DATABASE_URL to a PostgreSQL"
            " database, or leave --role out."
        )


@asynccontextmanager
async def open_bot(
    settings: Settings,
    role: Role,
    *,
    clock: Clock = utc_now,
    pace: Pace | None = None,
    patience: Patience = PATIENCE,
    rhythm: Rhythm = RHYTHM,
) -> AsyncIterator[Bot]:
    """A bot that is started, and stopped at the end. `pace`: other than Slack allows and the settings say."""
    check_can_run(settings, role)
    pace = pace or Pace(per_minute=settings.delivery.posts_per_minute)
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(open_core(settings, clock=clock))
        stack.enter_context(core.database.lock())
        health = Health(core.database, clock, {source.name for source in core.sources})
        if settings.health:
            await stack.enter_async_context(health.served(*settings.health))
        token = secret(settings.slack_bot_token)
        client = web_client(token, settings.slack_api_url, core.session)
        bot = Bot(core, client, await identify(client), role, pace, patience, rhythm, health)
        stack.push_async_callback(bot.stop)
        await bot.start()
        yield bot


def spare_the_collector() -> None:
    """What the start made lives to the end: nobody need look through it for garbage again and again."""
    gc.collect()
    gc.freeze()


async def run(settings: Settings, role: Role, stop: asyncio.Event) -> None:
    """Run until `stop` is set."""
    async with open_bot(settings, role):
        await stop.wait()
