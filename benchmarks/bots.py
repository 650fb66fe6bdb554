"""Bots as processes of their own, that can be started, killed and told another time of day."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from bot.bench.sandbox import SandboxProcess

WORKER = Path(__file__).with_name("worker.py")
LAYOUTS = ("thread", "full", "compact")


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
    log: Path
    environment: dict[str, str]
    clock: Clock
    role: str = "all"
    _process: asyncio.subprocess.Process | None = field(default=None)

    async def start(self) -> None:
        if self._process and self._process.returncode is None:
            return
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                str(WORKER),
                self.role,
                env=self.environment | {"CHAOS_CLOCK": str(self.clock.file)},
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )

    async def ready(self) -> None:
        """Wait until it runs, or has ended."""
        if self._process and self._process.stdout:
            await self._process.stdout.readline()

    async def kill(self) -> bool:
        """False: it had ended by itself."""
        alive = self._process is not None and self._process.returncode is None
        if self._process and alive:
            self._process.kill()
            await self._process.wait()
        return alive


async def install(folder: Path, slack: SandboxProcess, url: str, channels: int) -> dict[str, str]:
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
        **os.environ,
        "SLACK_BOT_TOKEN": token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": url,
        "PAPERBOY_CONFIG": str(folder / "paperboy.toml"),
        "PAPERBOY_DATA": str(folder / "data"),
    }
