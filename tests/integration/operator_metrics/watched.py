"""A bot beside the sandbox, and its port for monitors as Prometheus and an orchestrator see it."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from patience import PATIENCE
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from bot.app.bot import Bot, Role
from bot.app.run import open_bot
from bot.delivery.pace import Pace
from bot.sandbox import Sandbox
from bot.settings import Address, FeedSettings, FolderSettings, Interval, Settings

MORNING = dt.datetime(2025, 4, 28, 6, 0, tzinfo=dt.UTC)
TITLE = "[Arms that fold {n}](https://arxiv.org/abs/2504.0000{n})"
PAPER = f"| {TITLE} | Ada Reyes | - It folds. | ['Robotics'] | N/A | N/A |"


@dataclass
class Clock:
    now: dt.datetime = MORNING

    def __call__(self) -> dt.datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += dt.timedelta(**span)


class Monitor:
    """Asks one process."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        self._address = address

    async def metrics(self) -> dict[str, float]:
        """`{"paperboy_deliveries_total{state=sent}": 3.0}`"""
        families = text_string_to_metric_families(await self.text("/metrics"))
        return {
            _named(sample.name, sample.labels): sample.value for one in families for sample in one.samples
        }

    async def text(self, path: str) -> str:
        async with self._session.get(self._address + path) as answer:
            return await answer.text()

    async def ready(self) -> tuple[int, dict[str, str]]:
        """The status, and the sentence of each check that failed."""
        async with self._session.get(f"{self._address}/readyz") as answer:
            said = await answer.json()
            assert said["ready"] is (answer.status == 200) is not bool(said["failed"])
            return answer.status, said["failed"]

    async def alive(self) -> bool:
        async with self._session.get(f"{self._address}/healthz") as answer:
            return answer.status == 200


def _named(name: str, labels: dict[str, str]) -> str:
    inside = ",".join(f"{key}={value}" for key, value in labels.items())
    return f"{name}{{{inside}}}" if inside else name


async def until(look: Callable[[], Awaitable[Any]]) -> Any:
    """What `look` found, once it is something."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if found := await look():
                return found
            await asyncio.sleep(0.02)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@dataclass
class Site:
    """What an operator sets up; each bot opened on it is another process's."""

    sandbox: Sandbox
    session: aiohttp.ClientSession
    folder: Path
    clock: Clock = field(default_factory=Clock)
    given: dict[str, Any] = field(default_factory=lambda: {"health": Address("127.0.0.1", 0)})

    @property
    def settings(self) -> Settings:
        folder = FolderSettings(
            kind="folder", name="local", path=self.digests, poll=Interval(dt.timedelta(seconds=0.2))
        )
        whole = {
            "slack_bot_token": SecretStr(self.sandbox.bot_token),
            "slack_app_token": SecretStr(self.sandbox.app_token),
            "slack_api_url": self.sandbox.api_url,
            "data": self.folder / "data",
            "sources": (folder,),
            "feeds": (FeedSettings(channel=self.sandbox.workspace.channel("papers").id),),
        }
        return Settings(**whole | self.given)

    @property
    def digests(self) -> Path:
        path = self.folder / "digests"
        path.mkdir(exist_ok=True)
        return path

    def write(self, papers: int, day: str = "2025-04-28") -> None:
        """A digest that becomes a post and a reply a paper."""
        columns = "| Title | Authors | Summary | Classification | GitHub URLs | HuggingFace URLs |"
        rows = [PAPER.format(n=number) for number in range(1, papers + 1)]
        text = "\n".join([f"## Papers for {day}", "", columns, "|---|---|---|---|---|---|", *rows, ""])
        (self.digests / f"{day}.md").write_text(text, "utf-8")

    @asynccontextmanager
    async def bot(self, role: Role = Role.ALL) -> AsyncIterator[Bot]:
        async with open_bot(self.settings, role, clock=self.clock, pace=Pace(lane_seconds=0.01)) as bot:
            yield bot

    @asynccontextmanager
    async def monitored(self, role: Role = Role.ALL) -> AsyncIterator[Monitor]:
        async with self.bot(role) as bot:
            assert bot.health.address
            yield self.monitor(bot.health.address)

    def monitor(self, address: str) -> Monitor:
        return Monitor(self.session, address)
