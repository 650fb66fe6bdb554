"""Bots as processes of their own, in any role, on one PostgreSQL and beside one sandbox.

Run as a program it is such a bot: `paperboy run --role …`, but with shorter waits.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import log, settings
from bot.app.bot import Role
from bot.app.run import open_bot
from bot.cli.run import until_stopped
from bot.delivery.pace import Pace
from bot.delivery.patience import Patience
from bot.delivery.runner import Rhythm
from bot.sandbox import Sandbox

PACE = Pace(lane_seconds=0.2, looks_at_once=1_000)
# Long enough for a process that lives on a machine under load.
COURIERS = Patience(lease=dt.timedelta(seconds=12), looks=(0.5,))
RHYTHM = Rhythm(sweep=10, silence=6, poll=1, retry=1)
PAPERS = 12


async def run(role: Role) -> None:
    found = settings.load(os.environ)
    log.configure("json", "INFO")
    await until_stopped(open_bot(found, role, pace=PACE, patience=COURIERS, rhythm=RHYTHM))


Process = asyncio.subprocess.Process


@dataclass
class Site:
    folder: Path
    slack: Sandbox
    database_url: str

    def install(self) -> None:
        (self.folder / "digests").mkdir()
        (self.folder / "paperboy.toml").write_text(
            f"""
            [[sources]]
            name = "local"
            kind = "folder"
            path = "{self.folder / "digests"}"
            poll = "1s"
            [[feeds]]
            channel = "{self.slack.workspace.channel("papers").id}"
            """,
            "utf-8",
        )

    def write_digest(self) -> None:
        """Today's, of PAPERS papers: a message and as many replies."""
        today = dt.datetime.now(dt.UTC).date()
        rows = [
            f"| [Paper {number:02}](https://arxiv.org/abs/2504.{number:05}) | Ada Reyes | - It moves. |"
            for number in range(PAPERS)
        ]
        columns = ["| Title | Authors | Summary |", "|---|---|---|"]
        text = "\n".join([f"## Papers for {today}", "", *columns, *rows, ""])
        (self.folder / "digests" / f"{today}.md").write_text(text, "utf-8")

    @asynccontextmanager
    async def bots(self, *roles: str) -> AsyncIterator[list[Process]]:
        """They run, and at the end are stopped, where they still run."""
        with (self.folder / "log").open("ab") as file:
            bots = [
                await asyncio.create_subprocess_exec(
                    sys.executable, __file__, role, env=self._env(number), stderr=file, cwd=self.folder
                )
                for number, role in enumerate(roles)
            ]
            try:
                yield bots
            finally:
                for bot in bots:
                    if bot.returncode is None:
                        bot.send_signal(signal.SIGTERM)
                await asyncio.gather(*(bot.wait() for bot in bots))

    def _env(self, number: int) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[3]),
            "DATABASE_URL": self.database_url,
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "PAPERBOY_CONFIG": str(self.folder / "paperboy.toml"),
            "PAPERBOY_DATA": str(self.folder / f"data-{number}"),
        }

    def said(self) -> list[str]:
        return [
            message.text
            for post in self.slack.workspace.channel("papers").timeline
            for message in (post, *post.replies)
        ]

    async def saying(self, number: int) -> None:
        """Wait until so many messages are there."""
        try:
            await self.slack.until(lambda: len(self.said()) >= number)
        except TimeoutError:
            raise AssertionError(f"{len(self.said())} of {number} messages. The log:\n{self.log()}") from None

    async def all_said_once(self) -> None:
        await self.saying(PAPERS + 1)
        await asyncio.sleep(1)
        heads = [text.splitlines()[0] for text in self.said()[1:]]
        assert len(self.said()) == PAPERS + 1
        assert all(f"Paper {number:02}" in head for number, head in enumerate(heads)), heads

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8")


if __name__ == "__main__":
    asyncio.run(run(Role(sys.argv[1])))
