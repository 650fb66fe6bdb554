"""The demo: the real bot and a Slack of its own in one process, told in the terminal and shown as a page.

No account, no network. It begins on a morning with three digests already there, and the tour ends on the
next; the page's two buttons go on from there.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import shutil
import sys
import tempfile
import threading
import time
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import SecretStr
from rich.console import Console
from rich.rule import Rule

from bot.app.bot import Bot, Role
from bot.app.run import open_bot
from bot.delivery import backlog
from bot.delivery.pace import Pace
from bot.errors import BotError
from bot.sandbox import App, Member, Message, Reply, Sandbox, sample_workspace
from bot.sandbox.page import Control, Site
from bot.sandbox.terminal import Screen
from bot.settings import DeliverySettings, FeedSettings, FolderSettings, Interval, Settings
from bot.subscriptions.hours import next_moment

BEGINNING = dt.datetime(2026, 11, 19, 8, 55, tzinfo=dt.UTC)
ARRIVAL = dt.time(7, 55, tzinfo=dt.UTC)  # of each new digest, on its day: 8:55 in Berlin
MORNING = dt.time(9)  # of a member
THERE_AT_FIRST = 3  # samples
CHANNEL = "papers"
MEMBER = "jonas"  # in Berlin
QUICK = Pace(lane_seconds=0.05, per_minute=6000)  # nobody waits a second for each reply of a tour
PATIENCE = 20.0  # seconds
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
async def open_demo(
    console: Console, *, port: int = 0, browser: bool = False, stays: bool = False
) -> AsyncIterator[str]:
    """Plays the tour; the page, whose address this gives, is there from before it until the end.

    BotError where the port can't be listened on; 0 picks a free one.
    """
    async with open_world(port) as world:
        page = f"{world.sandbox.url}/?member={MEMBER}&at={CHANNEL}"
        console.print(f"The same in the browser, as Slack shows it:  {page}", markup=False)
        if browser:
            _show_in_browser(page)
        await Tour(console, world).play()
        if stays:
            console.print(f"\nThe page stays until Ctrl-C:  {page}", markup=False)
        yield page


@asynccontextmanager
async def open_world(port: int = 0, *, toured: bool = True) -> AsyncIterator[World]:
    """The sandbox with its page, and the bot in it. Not `toured`: the page's buttons work from the start."""
    clock = MovableClock(BEGINNING)
    with _folder() as folder:
        sandbox = Sandbox(sample_workspace(clock, app=_app()), port=port)
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


def _show_in_browser(page: str) -> None:
    """Where there is a screen: in a bare terminal, Python would start a text browser over the tour."""
    if sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        # Some commands return only once the browser is closed.
        threading.Thread(target=webbrowser.open, args=[page], daemon=True).start()


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
        if self._clock() < arrival:
            self._clock.set(arrival)
        before = len(self.posts)
        self.write(sample.name, sample.read_text("utf-8"))
        await self.sandbox.until(lambda: len(self.posts) > before, timeout=PATIENCE)

    def write(self, name: str, digest: str) -> None:
        """Into the folder that the bot watches."""
        (self._digests / name).write_text(digest, "utf-8")

    async def move_to_morning(self, member: Member) -> None:
        """Nine where they live, and what is due by then."""
        self._clock.set(next_moment(MORNING, member.user.tz, self._clock()))
        await self.bot.plan()


class Tour:
    def __init__(self, console: Console, world: World) -> None:
        self._console = console
        self._world = world
        self._sandbox = world.sandbox
        self._member = world.sandbox.member(MEMBER)
        self._screen = Screen(world.sandbox.workspace, self._member.user.tz)

    async def play(self) -> None:
        await self._first_post()
        await self._search()
        await self._follow()
        await self._save()
        await self._next_morning()
        self._say(
            "That was the real bot over the real protocol. To run it for your team: README.md, “Set up”."
        )
        self._world.busy = False
        self._sandbox.platform.pulse.beat()  # the page's buttons work from here on

    async def _first_post(self) -> None:
        self._step(
            "A new channel gets the newest digest",
            "Three digests lie in the folder. #papers is not flooded: it gets the newest, as a thread.",
        )
        head = await self._sandbox.until(lambda: self._world.posts[0], timeout=PATIENCE)
        await self._sandbox.until(lambda: head.replies, timeout=PATIENCE)
        self._show(replace(head, replies=head.replies[:1]))
        self._say("The other papers follow in the thread.")

    async def _search(self) -> None:
        self._step("A member searches every paper ever digested", "Only Jonas sees the answer.")
        await self._type("search attention")

    async def _follow(self) -> None:
        self._step("… and follows what matters to him", "A tag, an author or a phrase.")
        await self._type("follow Robotics")

    async def _save(self) -> None:
        head = self._world.posts[0]
        await self._world.all_said()  # else the next reply would look like the answer
        self._step("A button", "Every paper has a short row of actions. Jonas presses Save on the first.")
        await self._answered(self._member.press(head.replies[0], "paper_save"))

    async def _next_morning(self) -> None:
        self._step(
            "The next morning",
            "The clock moves on, a new digest appears in the folder: the channel gets it at once, Jonas"
            " at nine in Berlin what he follows.",
        )
        await self._world.drop_digest(self._member)
        self._show(self._world.posts[1])
        had = len(self._member.dms())  # the welcome
        await self._world.move_to_morning(self._member)
        self._show(await self._sandbox.until(lambda: self._member.dms()[had], timeout=PATIENCE))

    async def _type(self, text: str) -> None:
        self._console.print(f"[bold]{self._member.user.real_name}[/] [dim]types[/]  /papers {text}")
        await self._answered(self._member.command(CHANNEL, "/papers", text))

    async def _answered(self, doing: Awaitable[Reply]) -> None:
        """What only this member sees of it: the bot may say other things meanwhile."""
        had = len(self._member.ephemerals())
        await doing
        self._show(await self._sandbox.until(lambda: self._member.ephemerals()[had], timeout=PATIENCE))

    def _step(self, title: str, sentence: str) -> None:
        self._console.print()
        self._console.print(Rule(title, align="left", style="cyan"))
        self._say(sentence)

    def _say(self, sentence: str) -> None:
        self._console.print(sentence, style="dim")
        self._console.print()

    def _show(self, message: Message) -> None:
        self._console.print(self._screen.render(message))
