"""How soon another process goes on when the one that posts a digest is killed (-9), with the waits that `run` has.

    python benchmarks/takeover.py --times 3

One schedules and two post, on PostgreSQL; the one at work is killed in the middle of a digest. Counted are the
seconds until another one takes up the row that it was sending, and until the next message: a row that did not
arrive is looked for three times, within 30 s, before it is sent again.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
from databases import postgres
from idle_roles import bot
from rich.console import Console

from bot.sandbox import Sandbox

PAPERS = 12
LONGEST = 120.0  # seconds


def write_digest(folder: Path) -> None:
    today = dt.datetime.now(dt.UTC).date()
    rows = [
        f"| [Paper {n}](https://arxiv.org/abs/2504.{n:05}) | Ada Reyes | - It moves. |" for n in range(PAPERS)
    ]
    lines = [f"## Papers for {today}", "", "| Title | Authors | Summary |", "|---|---|---|", *rows, ""]
    (folder / "digests" / f"{today}.md").write_text("\n".join(lines), "utf-8")


def said(sandbox: Sandbox) -> int:
    return sum(1 + len(post.replies) for post in sandbox.workspace.channel("papers").timeline)


async def at_work(url: str) -> int:
    """The process id of the one that posts."""
    connection = await asyncpg.connect(url)
    try:
        while True:
            owner = await connection.fetchval("SELECT owner FROM delivery WHERE state = 'sending' LIMIT 1")
            if owner:
                return int(owner.split(":")[1])
            await asyncio.sleep(0.01)
    finally:
        await connection.close()


async def taken_over(url: str, pid: int) -> None:
    connection = await asyncpg.connect(url)
    try:
        while await connection.fetchval("SELECT count(*) FROM delivery WHERE owner LIKE $1", f"%:{pid}:%"):
            await asyncio.sleep(0.05)
    finally:
        await connection.close()


async def once(url: str, folder: Path) -> tuple[float, float]:
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox())
        posters = []
        for number, role in enumerate(("schedule", "deliver", "deliver")):
            (folder / str(number)).mkdir()
            place = folder if role == "schedule" else folder / str(number)
            posters.append(await stack.enter_async_context(bot(role, sandbox, place, url)))
        await asyncio.sleep(5)
        write_digest(folder)
        await sandbox.until(lambda: said(sandbox) >= 3, timeout=LONGEST)
        pid = await at_work(url)
        next(process for process in posters if process.pid == pid).kill()
        begun, before = time.perf_counter(), said(sandbox)
        await asyncio.wait_for(taken_over(url, pid), LONGEST)
        taken = time.perf_counter() - begun
        await sandbox.until(lambda: said(sandbox) > before, timeout=LONGEST)
        seconds = time.perf_counter() - begun
        await sandbox.until(lambda: said(sandbox) == PAPERS + 1, timeout=LONGEST)
        return taken, seconds


def main(times: int) -> None:
    console = Console()
    for _ in range(times):
        with tempfile.TemporaryDirectory() as name, postgres() as server:
            taken, said_again = asyncio.run(once(server.url, Path(name)))
            console.print(f"taken over after {taken:.1f} s, the next message after {said_again:.1f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--times", type=int, default=3)
    main(parser.parse_args().times)
