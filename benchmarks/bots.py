"""Bots as processes of their own, that can be started, killed and told another time of day."""

from __future__ import annotations

import asyncio
import multiprocessing
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import worker

from bot.bench.sandbox import SandboxProcess

LAYOUTS = ("thread", "full", "compact")


def nursery() -> ForkServerContext:
    """Forks bots that have nothing left to import: that alone takes a second of a core, hundreds of times."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bot.cli.run", "rich.progress", "rich.table"])
    return context


@dataclass(slots=True)
class Clock:
    """How far a bot's clock is off, in a file that it reads."""

    file: Path
    offset: float = 0.0
    furthest: float = 0.0

    def __post_init__(self) -> None:
        self.set(0)

    def jump(self, seconds: float) -> None:
        self.set(self.offset + seconds)

    def set(self, offset: float) -> None:
        self.offset, self.furthest = offset, max(offset, self.furthest)
        written = self.file.with_suffix(".new")
        written.write_text(str(offset), "utf-8")
        written.replace(self.file)


@dataclass(slots=True)
class Bot:
    """Starts again whenever it ended, between `keep` and its cancellation."""

    role: str
    folder: Path  # its own
    environment: dict[str, str]
    context: ForkServerContext
    clock: Clock = field(init=False)
    killed: int = 0
    fell: list[int | None] = field(default_factory=list)  # exit codes where it ran, and ended by itself
    _process: ForkServerProcess | None = None
    _ready: bool = False

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.clock = Clock(self.folder / "clock")

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def pid(self) -> int | None:
        """None: it does not run."""
        return self._process.pid if self._process and self._process.is_alive() else None

    async def keep(self, pause: float) -> None:
        """Run it, again and again, with up to `pause` seconds in between."""
        while True:
            ours, theirs = multiprocessing.Pipe()
            try:
                await self._live(ours, theirs)
            finally:
                ours.close()
            await asyncio.sleep(pause)

    async def _live(self, ours: Connection, theirs: Connection) -> None:
        data = {"PAPERBOY_DATA": str(self.folder)}
        given = (self.role, self.environment | data, self.clock.file, self.log, theirs)
        before, self._ready = self.killed, False
        process = self.context.Process(target=worker.live, args=given, daemon=True)
        with theirs:
            process.start()
        self._process = process
        await _readable(ours.fileno())
        self._ready = _told(ours)
        await _readable(process.sentinel)
        process.join()
        if self._ready and self.killed == before:
            self.fell.append(process.exitcode)

    def kill(self) -> int | None:
        """-9. Returns the id of the process, None where it did not run."""
        pid = self.pid
        if self._process and pid:
            self.killed += 1
            self._process.kill()
            self._process.join()
        return pid


def _told(connection: Connection) -> bool:
    """False: it died instead."""
    try:
        return bool(connection.recv_bytes())
    except EOFError:
        return False


async def _readable(descriptor: int) -> None:
    loop, there = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(descriptor, there.set)
    try:
        await there.wait()
    finally:
        loop.remove_reader(descriptor)


async def install(folder: Path, slack: SandboxProcess, url: str) -> dict[str, str]:
    """Write the settings of bots with a feed in each channel; returns the environment to run them in."""
    (state,) = (await slack.control("state"))["workspaces"]
    topics = [one["id"] for one in state["channels"] if str(one.get("name", "")).startswith("topic-")]
    feeds = [
        f'[[feeds]]\nchannel = "{channel}"\nlayout = "{LAYOUTS[number % len(LAYOUTS)]}"\n'
        for number, channel in enumerate(topics)
    ]
    (folder / "paperboy.toml").write_text(
        f'[[sources]]\nname = "desk"\nkind = "folder"\npath = "{folder / "digests"}"\npoll = "1s"\n'
        f'[delivery]\nmax_age = "off"\nwhen_unsure = "resend"\n{"".join(feeds)}',
        "utf-8",
    )
    (token,) = slack.workspaces.values()
    return {
        "SLACK_BOT_TOKEN": token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": url,
        "PAPERBOY_CONFIG": str(folder / "paperboy.toml"),
    }
