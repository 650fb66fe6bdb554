"""`paperboy run` as benchmarks/chaos.py starts it: quick waits, and a clock that jumps when it is told to."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import app, log, settings
from bot.cli.run import until_stopped
from bot.delivery.pace import Pace
from bot.delivery.patience import Patience
from bot.delivery.runner import Rhythm

QUICK = Pace(lane_seconds=0.02, per_minute=60_000)
PATIENCE = Patience(
    lease=dt.timedelta(seconds=8),
    looks=(0.5, 1.5, 4.0),  # the last is later than any answer of the sandbox
    longest_rest=4,
)
RHYTHM = Rhythm(sweep=5, silence=2, poll=0.5, retry=0.5)


@dataclass(frozen=True, slots=True)
class JumpingClock:
    """The machine's time and the seconds that stand in `file`, read again at each look."""

    file: Path

    def __call__(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=float(self.file.read_text() or 0))


async def run(role: app.Role) -> None:
    found = settings.load(os.environ)
    log.configure("json", "INFO")
    clock = JumpingClock(Path(os.environ["CHAOS_CLOCK"]))
    app.utc_now = clock  # so that it is the machine's, for all that the bot can tell
    await until_stopped(
        _ready(app.open_bot(found, role, clock=clock, pace=QUICK, patience=PATIENCE, rhythm=RHYTHM))
    )


@asynccontextmanager
async def _ready(bot: AbstractAsyncContextManager[object]) -> AsyncIterator[None]:
    async with bot:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        yield


if __name__ == "__main__":
    asyncio.run(run(app.Role(sys.argv[1])))
