"""Kill the bot at random moments, a few hundred times, while all around it fails too; then count.

    python benchmarks/chaos.py --database postgresql --workers 3 --kills 200 --seed 1

Deliveries flow to the sandbox over sockets all the while. Exit code 1 where a message is missing, came
twice (with --no-history: more often than the ledger says), or out of its channel's order. Loopback only.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import aiohttp
import sqlalchemy as sa
from audit import Audit, audit
from bots import Bot, Clock, install
from databases import CRASH, SHUTDOWN, Postgres, fresh
from papers import Desk
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.bench.sandbox import SandboxProcess, sandbox_process
from bot.errors import LibraryError
from bot.library.database import Database
from bot.library.tables import delivery, digest, feed, source
from bot.slack.client import METADATA_EVENT

BACKLOG = 60  # open rows below which there is more to post
SETTLE_SECONDS = 300.0
STARTING_SECONDS = 30.0  # for a start that an outage holds up: dying in it is a test, too
FAULTS = (  # in every place of a call's life; the first that matches strikes
    {"trouble": "cut", "stored": True, "probability": 0.02},
    {"trouble": "cut", "stored": False, "probability": 0.02},
    {"trouble": "server_error", "stored": True, "probability": 0.01},
    {"trouble": "server_error", "stored": False, "probability": 0.01},
    {"trouble": "not_json", "stored": True, "probability": 0.005},
    {"trouble": "rate_limit", "retry_after": "1", "probability": 0.004},
    {"trouble": "slow", "delay": 0.4, "stored": True, "probability": 0.1},
    {"trouble": "slow", "delay": 0.4, "stored": False, "probability": 0.1},
)
JUMPS = (90, 600, 3600)  # seconds that a machine was asleep; set back, it waits as long as it is set back
MOST_AHEAD = 10 * 3600
SCOPES = ("conversations.history", "conversations.replies")


class Chaos:
    def __init__(
        self,
        asked: argparse.Namespace,
        slack: SandboxProcess,
        bots: list[Bot],
        desk: Desk,
        database: Database,
        server: Postgres | None,
    ) -> None:
        self._asked = asked
        self._slack = slack
        self._bots = bots
        self._desk = desk
        self._database = database
        self._server = server
        self._chance = random.Random(asked.seed)
        self.kills = 0
        self.happened: dict[str, int] = {}

    async def run(self, advance: Callable[[], None]) -> None:
        """Everything goes wrong until enough were killed."""
        weather = [asyncio.create_task(each) for each in self._weather()]
        writer = asyncio.create_task(self._write())
        try:
            await asyncio.gather(*(self._kill(one, advance) for one in self._bots))
        finally:
            for task in (*weather, writer):
                task.cancel()
            failed = await asyncio.gather(*weather, writer, return_exceptions=True)
        for one in failed:
            if isinstance(one, Exception):
                raise one

    async def settle(self) -> None:
        """Nothing goes wrong any more; returns when nothing is open, or after `SETTLE_SECONDS`."""
        if self._server:
            await self._server.ensure()
        await self._eventually(lambda: self._slack.control("clear-faults"))
        await self._deny_history()
        latest = max(one.clock.furthest for one in self._bots)
        for one in self._bots:
            one.clock.set(latest)  # what is held until the time of a clock that ran ahead falls due
        end = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < end and (await self._open() or await self._unplanned()):
            for one in self._bots:
                await one.start()  # where it ended because its database was away
            await asyncio.sleep(0.5)

    # --- what goes wrong ------------------------------------------------------------------------

    async def _kill(self, one: Bot, advance: Callable[[], None]) -> None:
        """Some die while they start, most while they post."""
        while self.kills < self._asked.kills:
            await one.start()
            if self._chance.random() < 0.8:
                with suppress(TimeoutError):
                    await asyncio.wait_for(one.ready(), STARTING_SECONDS)
            await asyncio.sleep(self._chance.uniform(0.05, 2.5))
            if self.kills < self._asked.kills and await one.kill():
                self.kills += 1
                advance()

    def _weather(self) -> list[Awaitable[None]]:
        weathers = {
            "faults": self._fault,
            "outages": self._away,
            "clock": self._jump,
            "database": self._restart,
        }
        return [each() for name, each in weathers.items() if name not in self._asked.without]

    async def _fault(self) -> None:
        await self._deny_history()
        for fault in FAULTS:
            methods = ("chat.postMessage", "chat.update", *SCOPES)
            for method in methods:
                await self._slack.control("fault", method=method, times=None, **fault)

    async def _deny_history(self) -> None:
        if self._asked.no_history:
            for method in SCOPES:
                refusal = {"trouble": "refuse", "error": "missing_scope", "method": method, "times": None}
                await self._slack.control("fault", **refusal)

    async def _away(self) -> None:
        while True:
            await asyncio.sleep(self._chance.uniform(15, 40))
            seconds = self._chance.uniform(0.5, 4)
            with suppress(aiohttp.ClientError):
                await self._slack.control("down", seconds=seconds)
                self._count("times Slack was down")
            await asyncio.sleep(seconds)

    async def _restart(self) -> None:
        while self._server:
            await asyncio.sleep(self._chance.uniform(15, 40))
            await self._server.restart(
                self._chance.choice([CRASH, SHUTDOWN]), self._chance.choice([0, 0, 1, 3])
            )
            self._count("restarts of PostgreSQL")

    async def _jump(self) -> None:
        while True:
            await asyncio.sleep(self._chance.uniform(3, 12))
            one = self._chance.choice(self._bots)
            ahead = JUMPS if one.clock.offset < MOST_AHEAD else ()
            one.clock.jump(self._chance.choice([*ahead, 5, -5, -20]))
            self._count("jumps of a clock")

    def _count(self, what: str) -> None:
        self.happened[what] = self.happened.get(what, 0) + 1

    # --- what flows -----------------------------------------------------------------------------

    async def _write(self) -> None:
        while True:
            with suppress(LibraryError, sa.exc.SQLAlchemyError, OSError):
                if await self._open() < BACKLOG:
                    self._desk.write(self._chance)
            await asyncio.sleep(0.5)

    async def _open(self) -> int:
        async with self._database.read() as conn:
            closed = delivery.c.state.in_(["sent", "parked", "skipped"])
            return (await conn.execute(sa.select(sa.func.count()).where(~closed))).scalar_one()

    async def _unplanned(self) -> list[tuple[int, int]]:
        """Digests that a feed has no row of, and those that were written and are not in the library."""
        async with self._database.read() as conn:
            planned = sa.exists().where(delivery.c.feed_id == feed.c.id, delivery.c.digest_id == digest.c.id)
            pairs = await conn.execute(
                sa.select(digest.c.id, feed.c.id).join(feed, sa.true()).where(digest.c.postable, ~planned)
            )
            missing = [(one.id, one[1]) for one in pairs]
            stored = set((await conn.execute(sa.select(digest.c.date).where(digest.c.postable))).scalars())
        return missing + [(0, day.toordinal()) for day in self._desk.days - stored]

    async def first_look(self) -> None:
        """Wait until the source was read once: what comes from then on is news."""
        while True:
            with suppress(LibraryError, sa.exc.SQLAlchemyError):
                async with self._database.read() as conn:
                    looked = sa.select(source.c.name).where(source.c.first_succeeded_at.is_not(None))
                    if (await conn.execute(looked)).first():
                        return
            await asyncio.sleep(0.1)

    async def audit(self, ledger: Path) -> Audit:
        """The ledger is left in a file: a database of our own ends with us."""
        async with self._database.read() as conn:
            rows = (await conn.execute(sa.select(delivery).order_by(delivery.c.id))).all()
        lines = [json.dumps(dict(row._mapping), default=str) for row in rows]
        ledger.write_text("\n".join(lines), "utf-8")
        found = audit(rows, await self._slack.control("state"), METADATA_EVENT)
        found.lost += [f"digest {a}, feed {b}: never planned" for a, b in await self._unplanned()]
        return found

    @staticmethod
    async def _eventually(call: Callable[[], Awaitable[object]]) -> None:
        while True:
            try:
                await call()
            except aiohttp.ClientError:
                await asyncio.sleep(0.2)
            else:
                return


async def play(asked: argparse.Namespace, folder: Path, console: Console) -> tuple[Chaos, Audit]:
    async with AsyncExitStack() as stack:
        url, server = await stack.enter_async_context(fresh(asked.database, folder))
        options = ("--channels", str(asked.channels), "--seed", str(asked.seed))
        slack = await stack.enter_async_context(sandbox_process(*options))
        desk = Desk(folder / "digests")
        environment = await install(folder, slack, url, asked.channels)
        bots = [
            Bot(folder / f"worker-{number}.log", environment, Clock(folder / f"clock-{number}"))
            for number in range(1, asked.workers + 1)
        ]
        for one in bots:
            stack.push_async_callback(one.kill)
        database = Database(url)
        stack.push_async_callback(database.close)
        await database.upgrade()
        chaos = Chaos(asked, slack, bots, desk, database, server)
        await bots[0].start()
        await asyncio.wait_for(chaos.first_look(), 60)
        columns = (TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console) as progress:
            bar = progress.add_task("killed", total=asked.kills)
            await chaos.run(lambda: progress.advance(bar))
            progress.add_task("settling", total=None)
            await chaos.settle()
        return chaos, await chaos.audit(folder / "ledger.jsonl")


def report(asked: argparse.Namespace, chaos: Chaos, found: Audit, seconds: float) -> Table:
    scope = "without" if asked.no_history else "with"
    table = Table(title=f"{asked.database}, {asked.workers} worker(s), {scope} history, seed {asked.seed}")
    table.add_column("what")
    table.add_column("number", justify="right")
    lines = {
        "kills (-9)": chaos.kills,
        **chaos.happened,
        "seconds": round(seconds),
        "rows to send": found.rows,
        "messages in Slack": found.messages,
        "rows that were unsure": found.unsure,
        "sent again without a look": found.blind,
        "lost": len(found.lost),
        "repeated": len(found.repeated),
        "repeated, and the ledger knows nothing of it": len(found.unexplained),
        "unknown to the ledger": len(found.strangers),
        "recorded with another ts": len(found.misplaced),
        "out of order in their channel": len(found.out_of_order),
    }
    for what, number in lines.items():
        table.add_row(what, str(number))
    return table


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--workers", type=int, default=1, help="more than one needs PostgreSQL")
    parser.add_argument("--channels", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-history", action="store_true", help="the bot may not read what stands in Slack")
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        choices=("faults", "outages", "clock", "database"),
        help="to find out which trouble a failure comes from",
    )
    asked = parser.parse_args()
    if asked.database == "sqlite" and asked.workers > 1:
        parser.error("SQLite serves one process")
    return asked


def main() -> None:
    asked = arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # then too, what was started is stopped
    console, began = Console(stderr=True), time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="paperboy-chaos-"))
    chaos, found = asyncio.run(play(asked, folder, console))
    Console().print(report(asked, chaos, found, time.monotonic() - began))
    if not found.passed(history=not asked.no_history):
        wrong = (found.lost, found.repeated, found.strangers, found.misplaced, found.out_of_order)
        for keys in wrong:
            console.print(*keys[:5], sep="\n")
        sys.exit(f"The logs are in {folder}")


if __name__ == "__main__":
    main()
