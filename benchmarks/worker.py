"""`paperboy run` as benchmarks/chaos.py starts it: quick waits, and a clock that jumps when it is told to."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from bot import log, settings
from bot.app import core
from bot.app.bot import Role
from bot.app.run import open_bot
from bot.cli.run import until_stopped
from bot.delivery.pace import Pace
from bot.delivery.patience import Patience
from bot.delivery.runner import Rhythm

QUICK = Pace(lane_seconds=0.02, per_minute=3_000, at_once=10, looks_per_minute=60_000)
PATIENCE = Patience(
    lease=dt.timedelta(seconds=6),
    looks=(0.5, 1.5, 4.0),  # the last is later than any answer of the sandbox
    longest_rest=4,
)
RHYTHM = Rhythm(sweep=5, silence=1, poll=0.25, retry=0.5)


@dataclass(frozen=True, slots=True)
class JumpingClock:
    """The machine's time and the seconds that stand in `file`, read again at each look."""

    file: Path

    def __call__(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=float(self.file.read_text() or 0))


def live(role: str, environment: dict[str, str], clock: Path, log_file: Path, parent: Connection) -> None:
    """What a process of the fork server's does. It tells `parent` when it runs, and dies with it."""
    with log_file.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    asyncio.run(_run(Role(role), environment, JumpingClock(clock), parent))


async def _run(role: Role, environment: dict[str, str], clock: JumpingClock, parent: Connection) -> None:
    asyncio.get_running_loop().add_reader(parent.fileno(), os._exit, 1)  # it sends nothing: it is gone
    log.configure("json", "INFO")
    core.utc_now = clock  # so that it is the machine's, for all that the bot can tell
    found = settings.load(environment)
    bot = open_bot(found, role, clock=clock, pace=QUICK, patience=PATIENCE, rhythm=RHYTHM)
    await until_stopped(_telling(bot, parent))


@asynccontextmanager
async def _telling(bot: AbstractAsyncContextManager[object], parent: Connection) -> AsyncIterator[None]:
    async with bot:
        parent.send_bytes(b"ready")
        yield
