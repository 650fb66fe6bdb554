"""How soon a new delivery leaves: from its row's commit to its arrival at the sandbox, beside a bare call.

    python benchmarks/pickup.py --samples 100

In process: planner, runner and courier in one process, on SQLite. Through PostgreSQL: the planner here, and
`paperboy run --role deliver` in another process. Slack's pacing is on. Loopback only.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from databases import postgres
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from bot import log
from bot.app.bot import Role
from bot.app.run import open_bot
from bot.delivery import outbox, queue
from bot.delivery.runner import QueueRunner
from bot.library.database import Database
from bot.model import Delivery, DeliveryKind, Message
from bot.sandbox import Sandbox
from bot.settings import Settings
from bot.slack.client import web_client

APART = 0.3  # seconds between two samples, so that the pace holds none back
Wake = Callable[[str], None]


async def no_drain(workspace: str) -> float | None:
    return None


def no_nudge(workspace: str) -> None: ...


async def no_work() -> list[str]:
    return []


class Arrivals:
    """A channel of its own for each sample: a lane takes one message a second."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._numbers = 0
        self._arrived: dict[str, asyncio.Future[float]] = {}
        sandbox.workspace.watchers.append(self._note)

    def _note(self, change: object) -> None:
        arrived = self._arrived.get(getattr(change, "channel", None) or "")
        if arrived and not arrived.done():
            arrived.set_result(time.perf_counter())

    async def sample(self, send: Callable[[str], Awaitable[float]]) -> float:
        """Milliseconds from the moment that `send` returns until what it sent is there."""
        self._numbers += 1
        workspace = self._sandbox.workspace
        channel = workspace.add_channel(f"sample-{self._numbers}", [workspace.bot_user])
        arrived = self._arrived[channel.id] = asyncio.get_running_loop().create_future()
        begun = await send(channel.id)
        async with asyncio.timeout(30):
            return (await arrived - begun) * 1000

    async def samples(self, number: int, send: Callable[[str], Awaitable[float]]) -> list[float]:
        await self.sample(send)  # connections are made
        taken = []
        for _ in range(number):
            await asyncio.sleep(APART)
            taken.append(await self.sample(send))
        return taken


def planner(database: Database, team: str, wake: Wake) -> Callable[[str], Awaitable[float]]:
    async def plan(channel: str) -> float:
        now = dt.datetime.now(dt.UTC)
        row = Delivery(
            key=f"sample:{channel}",
            workspace=team,
            destination=channel,
            kind=DeliveryKind.CHANNEL,
            due_at=now,
            message=Message("a sample"),
        )
        async with database.begin() as conn:
            await outbox.add(conn, [row], now)
        wake(team)
        return time.perf_counter()

    return plan


async def bare(sandbox: Sandbox, samples: int) -> list[float]:
    client = web_client(sandbox.bot_token, sandbox.api_url, None)

    async def post(channel: str) -> float:
        begun = time.perf_counter()
        await client.chat_postMessage(channel=channel, text="a sample")
        return begun

    return await Arrivals(sandbox).samples(samples, post)


async def in_process(sandbox: Sandbox, samples: int, folder: Path) -> list[float]:
    settings = Settings(
        slack_bot_token=SecretStr(sandbox.bot_token),
        slack_app_token=SecretStr(sandbox.app_token),
        slack_api_url=sandbox.api_url,
        data=folder,
        database_url=f"sqlite+aiosqlite:///{folder / 'paperboy.db'}",
    )
    async with open_bot(settings, Role.ALL) as bot:
        plan = planner(bot.core.database, sandbox.workspace.id, bot.runner.wake)
        return await Arrivals(sandbox).samples(samples, plan)


async def through_postgresql(sandbox: Sandbox, samples: int, folder: Path) -> list[float]:
    with postgres() as server:
        database = Database(server.url)
        await database.upgrade()
        try:
            async with courier(sandbox, server.url, folder), passing_on(database) as runner:
                plan = planner(database, sandbox.workspace.id, runner.wake)
                return await Arrivals(sandbox).samples(samples, plan)
        finally:
            await database.close()


@asynccontextmanager
async def courier(sandbox: Sandbox, url: str, folder: Path) -> AsyncIterator[None]:
    """`paperboy run --role deliver`."""
    environment = os.environ | {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": url,
        "PAPERBOY_DATA": str(folder / "data"),
        "PAPERBOY_CONFIG": os.devnull,
    }
    program = "from bot.cli import main; main()"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, "run", "--role", "deliver"),
        env=environment,
        cwd=folder,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def passing_on(database: Database) -> AsyncIterator[QueueRunner]:
    def open_queue() -> AbstractAsyncContextManager[queue.Queue]:
        return queue.on_postgresql(database.connect)

    runner = QueueRunner(open_queue, no_drain, no_nudge, no_work, delivers=False)
    running = asyncio.create_task(runner.run())
    await asyncio.sleep(2)
    try:
        yield runner
    finally:
        await runner.stop(5)
        await running


async def main(samples: int) -> None:
    log.configure("console", "WARNING")
    table = Table("", "p50 ms", "p95 ms", "p50 / bare", "wanted p50")
    with tempfile.TemporaryDirectory() as name:
        async with Sandbox() as sandbox:
            plain = await bare(sandbox, samples)
            here = await in_process(sandbox, samples, Path(name))
            there = await through_postgresql(sandbox, samples, Path(name))
    for what, taken, wanted in (
        ("a bare call", plain, ""),
        ("in process, SQLite", here, "50"),
        ("through PostgreSQL, to another process", there, "150"),
    ):
        p50, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        ratio = f"{p50 / statistics.median(plain):.1f}"
        table.add_row(what, f"{p50:.1f}", f"{p95:.1f}", ratio, wanted)
    Console().print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--samples", type=int, default=100)
    asyncio.run(main(parser.parse_args().samples))
