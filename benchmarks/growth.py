"""Whether a delivery costs the same in a ledger of a thousand rows and of a million.

    python benchmarks/growth.py --database postgresql --rows 1000 10000 100000 1000000

The rows were sent, to 500 channels of 50 workspaces, and weigh a kilobyte each. On top come 200 new ones to
200 channels, which are planned, claimed, posted to nowhere and recorded; and what is asked of a ledger that
has nothing to do. Medians, in milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import sqlalchemy as sa
from databases import fresh
from rich.console import Console
from rich.table import Table

from bot import log
from bot.app.core import shared_time, utc_now
from bot.app.parts import RENDER
from bot.delivery import backlog, desk, ledger, outbox
from bot.delivery.attempt import Attempt
from bot.delivery.claims import Claim
from bot.delivery.courier import Courier
from bot.delivery.pace import Pace
from bot.delivery.patience import Patience
from bot.delivery.planning import Planning
from bot.delivery.poster import Answer, Missing, Posted, Refused
from bot.library.database import Database
from bot.model import Delivery, DeliveryKind, Message

NEW = 200
SENT = """
INSERT INTO delivery (key, workspace, destination, kind, state, payload, revision, feed_id, digest_id, due_at, attempts,
 looks, slack_ts, story, created_at, done_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {number})
SELECT 'old:' || i, 'T' || (i % 50), 'C' || (i % 500), 'channel', CASE WHEN i % 1000 = 0 THEN 'parked' ELSE 'sent' END,
 {payload}, 1, i % 500, i / 10000, {then}, 1, 0, '1.' || i, '{story}', {then}, {then} FROM n"""


class Nowhere:
    """A Slack that answers at once."""

    async def post(self, destination: str, message: Message, *, key: str, thread_ts: str | None) -> Answer:
        return Posted("1.0")

    async def change(self, channel: str, message: Message, *, ts: str) -> Answer:
        return Posted(ts)

    async def find(self, destination: str, *, key: str, since: dt.datetime, thread_ts: str | None) -> Missing:
        return Missing()


async def refused(claim: Claim, answer: Refused) -> None: ...


async def fill(database: Database, number: int) -> None:
    await database.upgrade()
    then = f"'{utc_now() - dt.timedelta(days=3):%Y-%m-%d %H:%M:%S.%f}'"
    payload = '\'{"v": 1, "text": "' + "x" * 1000 + '", "blocks": []}\''
    if database.dialect == "postgresql":
        then, payload = f"{then}::timestamp AT TIME ZONE 'UTC'", f"{payload}::json"
    story = "2026-01-01 09:00:00 planned" + " " * 80
    async with database.begin() as conn:
        filled = SENT.format(number=number, then=then, payload=payload, story=story)
        await conn.exec_driver_sql(filled)
    if database.dialect == "postgresql":
        async with database.begin() as conn:
            await conn.exec_driver_sql("ANALYZE")


class Ledger:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._run = 0
        attempt = Attempt(lambda workspace: Nowhere(), refused, resend_when_unsure=True, patience=Patience())
        self._courier = Courier(
            database,
            attempt,
            owner="bench",
            time=shared_time(utc_now),
            pace=Pace(lane_seconds=0, per_minute=10**9),
        )
        self._planning = Planning(database, RENDER, first_run_latest=True, max_age=None, sources=frozenset())

    async def plan(self) -> None:
        self._run += 1
        now = utc_now()
        rows = [
            Delivery(
                f"new:{self._run}:{number}",
                f"T{number % 20}",
                f"C{number}",
                DeliveryKind.CHANNEL,
                now,
                Message("x" * 1000),
            )
            for number in range(NEW)
        ]
        async with self._database.begin() as conn:
            await outbox.add(conn, rows, now)

    async def deliver(self) -> None:
        await asyncio.gather(*(self._courier.drain(f"T{number}") for number in range(20)))

    async def idle(self) -> None:
        await self._planning.plan(utc_now())

    async def sweep(self) -> None:
        async with self._database.read() as conn:
            await ledger.workspaces_with_work(conn, utc_now())

    async def backlog(self) -> None:
        async with self._database.read() as conn:
            await backlog.of(conn, utc_now())

    async def listing(self) -> None:
        async with self._database.read() as conn:
            await desk.listing(conn, limit=30)

    async def parked(self) -> None:
        async with self._database.read() as conn:
            await desk.listing(conn, state="parked", limit=30)

    async def channel(self) -> None:
        async with self._database.read() as conn:
            await desk.listing(conn, destination="C499", limit=30)

    async def counts(self) -> None:
        async with self._database.read() as conn:
            await desk.counts(conn)


async def measured(
    work: Callable[[], Awaitable[None]], before: Callable[[], Awaitable[None]] | None
) -> float:
    taken = []
    for _ in range(7):
        if before:
            await before()
        begun = time.perf_counter()
        await work()
        taken.append(1000 * (time.perf_counter() - begun))
    return statistics.median(taken)


async def measure(kind: str, number: int) -> list[float]:
    with tempfile.TemporaryDirectory() as name:
        async with fresh(kind, Path(name)) as (url, _):
            database = Database(url)
            await fill(database, number)
            one = Ledger(database)
            found = [await measured(one.plan, one.deliver), await measured(one.deliver, one.plan)]
            asked = one.idle, one.sweep, one.backlog, one.listing, one.parked, one.channel, one.counts
            found += [await measured(work, None) for work in asked]
            async with database.read() as conn:
                left = await conn.execute(sa.text("SELECT count(*) FROM delivery WHERE state = 'planned'"))
                if left.scalar_one():
                    raise RuntimeError("not everything was delivered")
            await database.close()
            return found


async def main(asked: argparse.Namespace) -> None:
    log.configure("json", "WARNING")
    table = Table(title=f"{asked.database}; milliseconds")
    columns = (
        "rows",
        f"plan {NEW}",
        f"deliver {NEW}",
        "idle poll",
        "sweep",
        "backlog",
        "newest 30",
        "parked",
        "a channel's",
        "rows a state",
    )
    for column in columns:
        table.add_column(column, justify="right")
    for number in asked.rows:
        found = await measure(asked.database, number)
        table.add_row(str(number), *(f"{each:.1f}" for each in found))
        Console(stderr=True).print(number, found)
    Console(width=130).print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    asyncio.run(main(parser.parse_args()))
