"""The demo's world: the real bot and a Slack of its own in one process, shown as a page.

No account, no network. It begins on a morning with three digests already there; the page's two buttons go on
from there.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import SecretStr

from bot.app.bot import Bot, Role
from bot.app.run import open_bot
from bot.delivery import backlog
from bot.delivery.pace import Pace
from bot.errors import BotError
from bot.sandbox import App, Member, Message, Sandbox, sample_workspace
from bot.sandbox.page import Control, Site
from bot.settings import DeliverySettings, FeedSettings, FolderSettings, Interval, Settings
from bot.subscriptions import agenda
from bot.subscriptions.hours import next_moment

BEGINNING = dt.datetime(2026, 11, 19, 8, 55, tzinfo=dt.UTC)
ARRIVAL = dt.time(7, 55, tzinfo=dt.UTC)  # of each new digest, on its day: 8:55 in Berlin
MORNING = dt.time(9)  # of a member
THERE_AT_FIRST = 3  # samples
CHANNEL = "papers"
QUICK = Pace(lane_seconds=0.05, per_minute=6000)  # nobody waits a second for each reply of a tour
PATIENCE = 60.0  # seconds; a machine under load takes its time
MANIFEST = Path(__file__).parents[1] / "config" / "slack-manifest.yaml"


class MovableClock:
    """Real seconds pass, from whatever moment it was last set to."""

    def __init__(self, moment: dt.datetime) -> None:
        self.set(moment)

    def set(self, moment: dt.datetime) -> None:
        self._moment, self._since = moment, time.monotonic()

    def __call__(self) -> dt.datetime:
        return self._moment + dt.timedelta(seconds=time.monotonic() - self._since)


@asynccontextmanager
async def open_world(port: int = 0, *, toured: bool = True) -> AsyncIterator[World]:
    """The sandbox with its page, and the bot in it. Not `toured`: the page's buttons work from the start."""
    clock = MovableClock(BEGINNING)
    with _folder() as folder:
        sandbox = Sandbox(sample_workspace(clock, app=_app()), port=port, patience=PATIENCE)
        world = World(sandbox, clock, folder / "digests", busy=toured)
        sandbox.serve(Site(sandbox, world.controls).attach)
        async with _listening(sandbox, port):
            settings = _settings(sandbox, folder)
            async with open_bot(settings, Role.ALL, clock=clock, pace=QUICK) as world.bot:
                yield world


@asynccontextmanager
async def _listening(sandbox: Sandbox, port: int) -> AsyncIterator[None]:
    try:
        await sandbox.start()
        yield
    except OSError as error:
        if sandbox.is_up:
            raise
        raise BotError(
            f"Port {port} can't be listened on ({error.strerror}). Try another `--port`."
        ) from error
    finally:
        await sandbox.stop()


def _app() -> App:
    """As its manifest makes it, where that is beside the code."""
    if not MANIFEST.exists():
        return App()
    return App.from_manifest(yaml.safe_load(MANIFEST.read_text("utf-8")))


@contextmanager
def _folder() -> Iterator[Path]:
    """A place of its own with the first samples, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="paperboy-demo-") as name:
        digests = Path(name) / "digests"
        digests.mkdir()
        for sample in _samples()[:THERE_AT_FIRST]:
            shutil.copy(sample, digests)
        yield Path(name)


def _samples() -> list[Path]:
    return sorted(Path(str(files("bot.sandbox") / "samples")).glob("*.md"))


def _settings(sandbox: Sandbox, folder: Path) -> Settings:
    return Settings(
        slack_bot_token=SecretStr(sandbox.bot_token),
        slack_app_token=SecretStr(sandbox.app_token),
        slack_api_url=sandbox.api_url,
        data=folder / "data",
        sources=(
            FolderSettings(
                kind="folder",
                name="samples",
                path=folder / "digests",
                poll=Interval(dt.timedelta(seconds=0.5)),
            ),
        ),
        feeds=(FeedSettings(channel=sandbox.workspace.channel(CHANNEL).id),),
        delivery=DeliverySettings(),
    )


class World:
    """The sandbox, the bot, and what happens around them: time, and new digests. `busy`: the tour is on."""

    bot: Bot

    def __init__(self, sandbox: Sandbox, clock: MovableClock, digests: Path, *, busy: bool) -> None:
        self.sandbox = sandbox
        self.busy = busy
        self._clock = clock
        self._digests = digests
        self._coming = _samples()[THERE_AT_FIRST:]
        self._turn = asyncio.Lock()  # one moves the clock at a time

    @property
    def controls(self) -> tuple[Control, ...]:
        """The page's own buttons."""
        return (
            Control(
                "digest",
                "Drop in the next digest",
                "A new file appears in the folder that the bot watches; #papers gets it at once",
                self.drop_digest,
                lambda: bool(self._coming) and not self.busy,
            ),
            Control(
                "morning",
                "Next morning",
                "The clock moves on to nine o’clock where this member lives: their own digest comes",
                self.move_to_morning,
                lambda: not self.busy,
            ),
        )

    @property
    def posts(self) -> list[Message]:
        return self.sandbox.workspace.channel(CHANNEL).timeline

    async def all_said(self) -> None:
        """Until the bot has posted all that is due."""
        while True:
            async with self.bot.core.database.glance() as conn:
                left = await backlog.of(conn, self._clock())
            if left.since is None:
                return
            await asyncio.sleep(0.05)

    async def drop_digest(self, _: Member) -> None:
        """A new file in the folder, on the morning of its day or later; then its post."""
        sample = self._coming.pop(0)
        arrival = dt.datetime.combine(dt.date.fromisoformat(sample.stem), ARRIVAL)
        async with self._turn:
            if self._clock() < arrival:
                await self._move_to(arrival)
            before = len(self.posts)
            self.write(sample.name, sample.read_text("utf-8"))
            await self.sandbox.until(lambda: len(self.posts) > before, timeout=PATIENCE)

    def write(self, name: str, digest: str) -> None:
        """Into the folder that the bot watches."""
        (self._digests / name).write_text(digest, "utf-8")

    async def move_to_morning(self, member: Member) -> None:
        """Nine where they live, and what is due by then."""
        async with self._turn:
            await self._move_to(next_moment(MORNING, member.user.tz, self._clock()))
            await self.bot.plan()

    async def _move_to(self, moment: dt.datetime) -> None:
        """What has its hour on the way comes at that hour, with what there was by then."""
        while (due := await self._next_due()) and due < moment:
            self._clock.set(due)
            await self.bot.plan()
            await self.all_said()
        self._clock.set(moment)

    async def _next_due(self) -> dt.datetime | None:
        async with self.bot.core.database.glance() as conn:
            return await agenda.next_hour(conn, self._clock())
