"""What a bot with nothing to do costs: load of each process, and queries a second on PostgreSQL.

    python benchmarks/idle_roles.py --seconds 60

Once on SQLite in one process, and once split in its roles on PostgreSQL, which logs each statement.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import psutil
import sqlalchemy as sa
from databases import postgres
from rich.console import Console
from rich.table import Table

from bot.sandbox import Sandbox

SETTLE_SECONDS = 10.0
ROLES = ("listen", "schedule", "deliver")
LOGGED = re.compile(r"role=(\w+) LOG:  (?:execute [^:]*|statement):(.*(?:\n\t.*)*)")


def environment(role: str, sandbox: Sandbox, folder: Path, url: str) -> dict[str, str]:
    """For a bot with a folder to watch and a feed."""
    (folder / "digests").mkdir(exist_ok=True)
    (folder / "paperboy.toml").write_text(
        f'[[sources]]\nname = "local"\nkind = "folder"\npath = "{folder / "digests"}"\n'
        f'[[feeds]]\nchannel = "{sandbox.workspace.channel("papers").id}"\n'
    )
    return os.environ | {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": url,
        "PAPERBOY_DATA": str(folder / f"data-{role}"),
        "PAPERBOY_CONFIG": str(folder / "paperboy.toml"),
    }


@asynccontextmanager
async def bot(role: str, sandbox: Sandbox, folder: Path, url: str) -> AsyncIterator[psutil.Process]:
    program = "from bot.cli import main; main()"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, "run", "--role", role),
        env=environment(role, sandbox, folder, url),
        cwd=folder,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield psutil.Process(process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def used(process: psutil.Process) -> float:
    return float(sum(process.cpu_times()[:2]))


class Log:
    """What PostgreSQL was asked, by role."""

    def __init__(self, url: str) -> None:
        self._file = Path(str(sa.make_url(url).query["host"])) / "log"
        self._begun = 0

    def begin(self) -> None:
        self._begun = self._file.stat().st_size

    def statements(self) -> Counter[tuple[str, str]]:
        text = self._file.read_bytes()[self._begun :].decode("utf-8", "replace")
        return Counter((role, " ".join(statement.split())) for role, statement in LOGGED.findall(text))


async def measure(
    urls: dict[str, str], folder: Path, seconds: float, log: Log | None = None
) -> dict[str, tuple[float, float]]:
    """By role: percent of a core, and MB."""
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox())
        bots = {
            role: await stack.enter_async_context(bot(role, sandbox, folder, url))
            for role, url in urls.items()
        }
        await asyncio.sleep(SETTLE_SECONDS)
        before = {role: used(process) for role, process in bots.items()}
        if log:
            log.begin()
        await asyncio.sleep(seconds)
        return {
            role: ((used(process) - before[role]) / seconds * 100, process.memory_info().rss / 2**20)
            for role, process in bots.items()
        }


def main(seconds: float, verbose: bool) -> None:
    table = Table("", "% of a core", "MB", "queries/s")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        alone = {"all": f"sqlite+aiosqlite:///{folder / 'paperboy.db'}"}
        for load, memory in asyncio.run(measure(alone, folder, seconds)).values():
            table.add_row("SQLite, all", f"{load:.2f}", f"{memory:.0f}", "")
        with postgres("log_line_prefix = 'role=%a '", "log_statement = 'all'") as server:
            urls = {role: f"{server.url}&application_name={role}" for role in ROLES}
            log = Log(server.url)
            split = asyncio.run(measure(urls, folder, seconds, log))
            statements = log.statements()
    for role, (load, memory) in split.items():
        asked = sum(times for (who, _), times in statements.items() if who == role)
        table.add_row(f"PostgreSQL, {role}", f"{load:.2f}", f"{memory:.0f}", f"{asked / seconds:.2f}")
    console = Console()
    console.print(table)
    if verbose:
        for (role, statement), times in sorted(statements.items(), key=lambda one: (one[0][0], -one[1])):
            console.print(f"{role:8} {times / seconds:.3f}/s {statement[:120]}", soft_wrap=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--verbose", action="store_true", help="each statement, and how often it came")
    given = parser.parse_args()
    main(given.seconds, given.verbose)
