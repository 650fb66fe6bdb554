"""The tour: the real bot and a Slack of its own in one process, told in the terminal. No account, no network.

It begins on a morning with three digests already there, and ends on the next.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from pydantic import SecretStr
from rich.console import Console
from rich.rule import Rule

from bot.app import Bot, Role, open_bot
from bot.delivery.pace import Pace
from bot.sandbox import Member, Message, Sandbox, SandboxError
from bot.sandbox.terminal import Screen
from bot.settings import DeliverySettings, FeedSettings, FolderSettings, Interval, Settings

BEGINNING = dt.datetime(2026, 11, 19, 8, 55, tzinfo=dt.UTC)
NEXT_MORNING = dt.datetime(2026, 11, 20, 7, 55, tzinfo=dt.UTC)
NINE = dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC)  # in Berlin
LAST_SAMPLE = "2026-11-20.md"
CHANNEL = "papers"
MEMBER = "jonas"  # in Berlin
QUICK = Pace(lane_seconds=0.05, per_minute=6000)  # nobody waits a second for each reply of a tour
PROMPT = "Type what {name} would type in #papers, such as `/papers search attention`; Ctrl-D ends.\n"


class MovableClock:
    """Real seconds pass, from whatever moment it was last set to."""

    def __init__(self, moment: dt.datetime) -> None:
        self.set(moment)

    def set(self, moment: dt.datetime) -> None:
        self._moment, self._since = moment, time.monotonic()

    def __call__(self) -> dt.datetime:
        return self._moment + dt.timedelta(seconds=time.monotonic() - self._since)


async def run(console: Console, *, keep: bool) -> None:
    clock = MovableClock(BEGINNING)
    with _folder() as folder:
        async with Sandbox(clock=clock) as sandbox:
            settings = _settings(sandbox, folder)
            async with open_bot(settings, Role.ALL, clock=clock, pace=QUICK) as bot:
                await Tour(console, sandbox, bot, clock, folder / "digests").play()
                if keep:
                    await _prompt(console, sandbox.member(MEMBER))


@contextmanager
def _folder() -> Iterator[Path]:
    """A place of its own with all samples but the last, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="paperboy-demo-") as name:
        digests = Path(name) / "digests"
        digests.mkdir()
        for sample in _samples():
            if sample.name != LAST_SAMPLE:
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


class Tour:
    def __init__(
        self, console: Console, sandbox: Sandbox, bot: Bot, clock: MovableClock, digests: Path
    ) -> None:
        self._console = console
        self._sandbox = sandbox
        self._bot = bot
        self._clock = clock
        self._digests = digests
        self._member = sandbox.member(MEMBER)
        self._screen = Screen(sandbox.workspace, self._member.user.tz)

    async def play(self) -> None:
        await self._first_post()
        await self._search()
        await self._follow()
        await self._save()
        await self._next_morning()
        self._say(
            "That was the real bot over the real protocol. To run it for your team: README.md, “Set up”."
        )

    async def _first_post(self) -> None:
        self._step(
            "A new channel gets the newest digest",
            "Three digests lie in the folder. #papers is not flooded: it gets the newest, as a thread.",
        )
        head = await self._sandbox.until(lambda: self._posts()[0], timeout=20)
        await self._sandbox.until(lambda: head.replies, timeout=20)
        self._show(replace(head, replies=head.replies[:1]))
        self._say("The other papers follow in the thread.")

    async def _search(self) -> None:
        self._step("A member searches every paper ever digested", "Only Jonas sees the answer.")
        await self._type("search attention")

    async def _follow(self) -> None:
        self._step("… and follows what matters to him", "A tag, an author or a phrase.")
        await self._type("follow Robotics")

    async def _save(self) -> None:
        head = self._posts()[0]
        self._step("A button", "Every paper has a short row of actions. Jonas presses Save on the first.")
        reply = await self._member.press(head.replies[0], "paper_save")
        self._show(reply.message)

    async def _next_morning(self) -> None:
        self._step(
            "The next morning",
            "The clock moves on, a new digest appears in the folder: the channel gets it at once, Jonas"
            " at nine in Berlin what he follows.",
        )
        self._clock.set(NEXT_MORNING)
        for sample in _samples():
            if sample.name == LAST_SAMPLE:
                shutil.copy(sample, self._digests)
        self._show(await self._sandbox.until(lambda: self._posts()[1], timeout=20))
        self._clock.set(NINE)
        await self._bot.plan()
        self._show(await self._sandbox.until(lambda: self._member.dms()[0], timeout=20))

    def _posts(self) -> list[Message]:
        return self._sandbox.workspace.channel(CHANNEL).timeline

    async def _type(self, text: str) -> None:
        await type_command(self._console, self._member, f"/papers {text}")

    def _step(self, title: str, sentence: str) -> None:
        self._console.print()
        self._console.print(Rule(title, align="left", style="cyan"))
        self._say(sentence)

    def _say(self, sentence: str) -> None:
        self._console.print(sentence, style="dim")
        self._console.print()

    def _show(self, message: Message) -> None:
        self._console.print(self._screen.render(message))


async def type_command(console: Console, member: Member, line: str) -> None:
    console.print(f"[bold]{member.user.real_name}[/] [dim]types[/]  {line}")
    name, _, text = line.partition(" ")
    reply = await member.command(CHANNEL, name, text)
    for message in reply.messages:
        console.print(Screen(member.workspace, member.user.tz).render(message))
    if reply.error:
        console.print(reply.error, style="red")


async def _prompt(console: Console, member: Member) -> None:
    console.print(PROMPT.format(name=member.user.real_name))
    async for line in _lines():
        try:
            await type_command(console, member, line)
        except SandboxError as error:
            console.print(str(error), style="red")


async def _lines() -> AsyncIterator[str]:
    while line := await asyncio.to_thread(sys.stdin.readline):
        if line.strip():
            yield line.strip()
