"""An operator's own folder, and the real `paperboy` command in it, as a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from patience import PATIENCE
from warm import Warm

from bot.sandbox import Sandbox
from bot.settings import Settings, load

OURS = ("SLACK_", "PAPERBOY_", "DATABASE_URL", "GITHUB_TOKEN", "COLUMNS", "FORCE_COLOR", "NO_COLOR")
HEADER = "| Title | Authors | Summary | Classification | GitHub URLs | HuggingFace URLs |"
CONFIG = "config/paperboy.toml"


def digest(day: str, *rows: str) -> str:
    return "\n".join([f"## Papers for {day}", "", HEADER, "|---|---|---|---|---|---|", *rows, ""])


def row(title: str, arxiv: str, tags: str = "'Robotics'") -> str:
    link = f"[{title}](https://arxiv.org/abs/{arxiv})"
    return f"| {link} | Ada Reyes, Bo Chen | - It moves an arm. - It is quick. | [{tags}] | N/A | N/A |"


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """What went to standard output, as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Premises:
    folder: Path
    warm: Warm
    env: dict[str, str] = field(default_factory=dict)

    # --- what is there --------------------------------------------------------------------------

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def config(self, text: str) -> None:
        self.write(CONFIG, text)

    def furnish(self, template: Path) -> None:
        """A database that is migrated already, to save each test the second."""
        (self.folder / "data").mkdir(exist_ok=True)
        shutil.copyfile(template, self.folder / "data" / "paperboy.db")

    def connect(self, slack: Sandbox, channel: str = "papers", **feed: str) -> None:
        """Tokens of `slack`, a folder of digests that is looked into, a feed for one channel."""
        self.env |= {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
        }
        (self.folder / "digests").mkdir(exist_ok=True)
        keys = {"channel": slack.workspace.channel(channel).id, **feed}
        lines = "\n".join(f'{key} = "{value}"' for key, value in keys.items())
        folder = self.folder / "digests"
        source = f'[[sources]]\nname = "local"\nkind = "folder"\npath = "{folder}"\npoll = "1s"\n'
        self.config(f"{source}[[feeds]]\n{lines}\n")

    # --- the command ----------------------------------------------------------------------------

    @property
    def environment(self) -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if not name.startswith(OURS)} | self.env

    def paperboy(self, *arguments: str | bytes, **env: str) -> Done:
        """Run it to its end, in a process of its own."""
        return Done(*self.warm.run(arguments, self.folder, self.environment | env))

    def paperboy_anew(self, *arguments: str, code: str | None = None, **env: str) -> Done:
        """The same from the very start of Python. `code` is run in place of the module, and calls `main`."""
        done = subprocess.run(
            [*_command(code), *arguments],
            cwd=self.folder,
            env=self.environment | env,
            capture_output=True,
            text=True,
            timeout=2 * PATIENCE,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    async def beside(self, *arguments: str, **env: str) -> Done:
        """The same, while a sandbox answers in this event loop."""
        return await asyncio.to_thread(self.paperboy, *arguments, **env)

    def settings(self) -> Settings:
        """As the command reads them, for what is asked in this process."""
        places = {"PAPERBOY_DATA": str(self.folder / "data")}
        if (self.folder / CONFIG).exists():
            places["PAPERBOY_CONFIG"] = str(self.folder / CONFIG)
        return load(places | self.environment)

    @asynccontextmanager
    async def running(self, *arguments: str, code: str | None = None, **env: str) -> AsyncIterator[Running]:
        """`paperboy run`, stopped at the end if it still runs."""
        with (self.folder / "log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *_command(code), "run", *arguments, cwd=self.folder, env=self.environment | env, stderr=log
            )
        try:
            yield Running(process, self.folder / "log")
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


@dataclass
class Running:
    process: asyncio.subprocess.Process
    _log: Path

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8")

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    async def logs(self, text: str) -> None:
        """Wait until the log says it."""
        async with asyncio.timeout(PATIENCE):
            while text not in self.log:
                assert self.process.returncode is None, self.log
                await asyncio.sleep(0.05)

    async def end(self) -> int:
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()


def _command(code: str | None) -> Sequence[str]:
    return (sys.executable, *(("-c", code) if code else ("-m", "bot")))
