"""How long planning one new digest takes for many feeds or members, and in how much memory.

    python benchmarks/planning.py --feeds 10000 100000 --members 100000 1000000

Each size is a database of its own, filled straight into its tables, and a process that plans; of the digest's
50 papers a feed gets those of its filter (one of 40) and a member what answers three follows.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa
from databases import fresh
from rich.console import Console
from rich.table import Table

from bot import log
from bot.app.parts import RENDER
from bot.delivery.planning import Planning
from bot.library import digests
from bot.library.database import Database
from bot.library.tables import delivery
from bot.model import Digest, Paper

COUNT = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {number})"
FEEDS = """
INSERT INTO feed (workspace, channel, timezone, filter, layout, on_empty, after_digest, started_at, next_at)
{count} SELECT 'T' || i, 'C' || i, 'UTC', 'tag:"Topic ' || (i % 40) || '"', 'compact', 'silent', 0, {then}, {then}
FROM n"""
MEMBERS = """
INSERT INTO member (workspace, member, timezone, frequency, at, last_at, next_at)
{count} SELECT 'T' || (i / 10), 'U' || i, 'UTC', 'daily', '09:00', {then}, {then} FROM n"""
FOLLOWS = """
INSERT INTO follow (workspace, member, kind, value, created_at)
{count} SELECT 'T' || (i / 10), 'U' || i, {what}, {then} FROM n"""
WHAT = (
    "'tag', 'Topic ' || (i % 60)",
    "'author', 'Author ' || (i * 7 % 1000)",
    "'phrase', 'subject ' || (i % 300)",
)


async def fill(database: Database, feeds: int, members: int) -> None:
    """One digest, new, and so many who wait for it."""
    await database.upgrade()
    now = dt.datetime.now(dt.UTC)
    then = f"'{now - dt.timedelta(hours=12):%Y-%m-%d %H:%M:%S.%f}'"
    if database.dialect == "postgresql":
        then = f"{then}::timestamp AT TIME ZONE 'UTC'"
    async with database.begin() as conn:
        if feeds:
            count = COUNT.format(number=feeds)
            await conn.execute(sa.text(FEEDS.format(count=count, then=then)))
        if members:
            count = COUNT.format(number=members)
            await conn.execute(sa.text(MEMBERS.format(count=count, then=then)))
            for what in WHAT:
                await conn.execute(sa.text(FOLLOWS.format(count=count, then=then, what=what)))
        papers = tuple(paper(number) for number in range(50))
        one = Digest(now.date(), "bench", papers)
        await digests.ingest(conn, one, path="bench", now=now, postable=True)


def paper(number: int) -> Paper:
    return Paper(
        title=f"On subject {number} and what became of it",
        arxiv_id=f"2504.{number:05}",
        url=f"https://arxiv.org/abs/2504.{number:05}",
        authors=tuple(f"Author {number * 4 + each}" for each in range(4)),
        summary=("What was done, in some eighty characters, and how it went in the end.",) * 4,
        tags=(f"Topic {number % 40}", f"Topic {number * 3 % 40}"),
    )


async def plan(url: str) -> dict[str, float]:
    """Measured in a process that does nothing else."""
    log.configure("json", "WARNING")
    database = Database(url)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    planning = Planning(database, RENDER, first_run_latest=False, max_age=None, sources=frozenset())
    begun, processor = time.perf_counter(), time.process_time()
    await planning.plan(dt.datetime.now(dt.UTC))
    seconds, processor = time.perf_counter() - begun, time.process_time() - processor
    async with database.read() as conn:
        rows = (await conn.execute(sa.select(sa.func.count()).select_from(delivery))).scalar_one()
    again = time.perf_counter()
    await planning.plan(dt.datetime.now(dt.UTC))
    again = time.perf_counter() - again
    await database.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "rows": rows,
        "seconds": seconds,
        "processor": processor,
        "before": before,
        "peak": peak,
        "again": again,
    }


async def measure(kind: str, feeds: int, members: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        async with fresh(kind, Path(name)) as (url, _):
            database = Database(url)
            await fill(database, feeds, members)
            await database.close()
            found = await asyncio.to_thread(
                subprocess.run,
                [sys.executable, __file__, "--plan"],
                env=os.environ | {"BENCH_DATABASE": url},
                check=True,
                stdout=subprocess.PIPE,
            )
            measured: dict[str, float] = json.loads(found.stdout)
            return measured


async def main(asked: argparse.Namespace) -> None:
    table = Table(title=asked.database)
    for column in ("who", "rows", "seconds", "who/s", "ms of a core each", "MB, peak", "nothing due: ms"):
        table.add_column(column, justify="right")
    sizes = [("feeds", number, 0) for number in asked.feeds] + [("members", 0, n) for n in asked.members]
    for what, feeds, members in sizes:
        found = await measure(asked.database, feeds, members)
        number = feeds + members
        table.add_row(
            f"{number} {what}",
            f"{found['rows']:.0f}",
            f"{found['seconds']:.1f}",
            f"{number / found['seconds']:.0f}",
            f"{1000 * found['processor'] / number:.2f}",
            f"{found['peak']:.0f} ({found['before']:.0f} at first)",
            f"{1000 * found['again']:.0f}",
        )
        Console(stderr=True).print(found)
    Console(width=120).print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--feeds", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--members", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--plan", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.plan:
        sys.stdout.write(json.dumps(asyncio.run(plan(os.environ["BENCH_DATABASE"]))))
    else:
        asyncio.run(main(options))
