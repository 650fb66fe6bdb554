"""How fast the courier posts beside a bare loop of the same calls: same messages, same concurrency.

Slack is the sandbox, in a process of its own. So is each worker, and so is the bare loop. Rounds take turns
(bare, ours, bare, ours), since machines are noisy; the median of the rounds' ratios counts.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from bot.bench import stores
from bot.bench.sandbox import SandboxProcess, sandbox_process
from bot.bench.workers import BenchError, all_posted, worker
from bot.delivery.pace import Pace

UNPACED = Pace(lane_seconds=0, per_minute=10**9)
BARE = "bare loop"


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked for."""

    posts: int = 10_000
    channels: int = 500
    workspaces: int = 50
    server: str | None = None  # PostgreSQL's address; None: SQLite
    workers: int = 1
    rounds: int = 3
    latency: float = 0.0  # seconds that Slack takes to answer
    paced: bool = False

    @property
    def channels_each(self) -> int:
        return max(1, self.channels // self.workspaces)

    @property
    def posts_each(self) -> int:
        """To a channel."""
        return max(2, self.posts // (self.workspaces * self.channels_each))

    @property
    def total(self) -> int:
        return self.posts_each * self.channels_each * self.workspaces

    @property
    def pace(self) -> Pace:
        return Pace() if self.paced else UNPACED

    @property
    def names(self) -> list[str]:
        """What takes turns; each is told as a ratio to the first."""
        if self.paced:
            return [_ours(self.workers)]
        return [BARE, _ours(1)] + ([_ours(self.workers)] if self.workers > 1 else [])

    @property
    def best(self) -> float:
        """Seconds that the pace allows at best."""
        a_second = self.pace.per_minute / 60
        of_workspace = (self.channels_each * self.posts_each - max(1.0, a_second)) / a_second
        return max(of_workspace, (self.posts_each - 1) * self.pace.lane_seconds)


@dataclass(frozen=True, slots=True)
class Run:
    """What one kind of poster did in one round."""

    name: str
    posts: int
    seconds: float
    processor_seconds: float  # of all its processes

    @property
    def speed(self) -> float:
        return self.posts / self.seconds


@dataclass(frozen=True, slots=True)
class Report:
    load: Load
    runs: tuple[Run, ...]

    def of(self, name: str) -> list[Run]:
        return [run for run in self.runs if run.name == name]

    def speed(self, name: str) -> float:
        return statistics.median(run.speed for run in self.of(name))

    def ratio(self, name: str, to: str) -> float:
        """Of posts a second; the median over rounds."""
        pairs = zip(self.of(name), self.of(to), strict=True)
        return statistics.median(mine.speed / other.speed for mine, other in pairs)

    def processor_ms(self, name: str) -> float:
        """Milliseconds of a core a post."""
        return statistics.median(1000 * run.processor_seconds / run.posts for run in self.of(name))

    def beyond_best(self, name: str) -> float:
        """By which part of the best possible time it took longer."""
        return statistics.median(run.seconds for run in self.of(name)) / self.load.best - 1

    def as_json(self) -> dict[str, Any]:
        load = {key: value for key, value in asdict(self.load).items() if key != "server"}
        database = "postgresql" if self.load.server else "sqlite"
        return {**load, "database": database, "results": [self._as_json(name) for name in self.load.names]}

    def _as_json(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = {
            "name": name,
            "posts_a_second": round(self.speed(name), 1),
            "processor_ms_a_post": round(self.processor_ms(name), 3),
        }
        if self.load.paced:
            return found | {"beyond_best": round(self.beyond_best(name), 4)}
        return found | {f"to {other}": round(self.ratio(name, other), 3) for other in self._before(name)}

    def _before(self, name: str) -> list[str]:
        return self.load.names[: self.load.names.index(name)]

    def __rich__(self) -> Table:
        load = self.load
        database = "PostgreSQL" if load.server else "SQLite"
        table = Table(
            title=f"{self.runs[0].posts} posts, {load.channels_each * load.workspaces} channels,"
            f" {load.workspaces} workspaces, {database}; medians of {load.rounds}"
        )
        table.add_column("")
        for column in ("posts/s", "ms of a core a post", self._heading):
            table.add_column(column, justify="right")
        for name in load.names:
            cells = f"{self.speed(name):.0f}", f"{self.processor_ms(name):.2f}", self._compared(name)
            table.add_row(name, *cells)
        return table

    @property
    def _heading(self) -> str:
        return f"over the best of {self.load.best:.1f} s" if self.load.paced else "ratio"

    def _compared(self, name: str) -> str:
        if self.load.paced:
            return f"{100 * self.beyond_best(name):+.1f} %"
        before = self._before(name)
        return f"{self.ratio(name, before[-1]):.2f} of {before[-1]}" if before else ""


def _ours(workers: int) -> str:
    return "one worker" if workers == 1 else f"{workers} workers"


# --- measuring ----------------------------------------------------------------------------------


async def run(load: Load, advance: Callable[[int], None]) -> Report:
    """`advance` is told how many more were posted."""
    turns = [name for _ in range(load.rounds) for name in load.names]
    with tempfile.TemporaryDirectory(prefix="paperboy-bench-") as folder:
        return Report(load, tuple([await _run(name, load, Path(folder), advance) for name in turns]))


async def _run(name: str, load: Load, folder: Path, advance: Callable[[int], None]) -> Run:
    """With a sandbox and a database of its own: neither is fuller for the later ones."""
    options = ["--workspaces", str(load.workspaces), "--channels", str(load.channels_each)]
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(
            sandbox_process(*options, *(["--paced"] if load.paced else []))
        )
        url = await stack.enter_async_context(stores.fresh(load.server, folder))
        wanted = await stores.fill(url, await _channels(slack), load.posts_each)
        if load.latency:
            await slack.control(
                "fault", trouble="slow", method="chat.postMessage", delay=load.latency, times=None
            )
        orders = {
            "api_url": slack.api_url,
            "tokens": slack.workspaces,
            "database": url,
            "pace": asdict(load.pace),
        }
        kind = "bare" if name == BARE else "courier"
        workers = [
            await stack.enter_async_context(worker(kind, orders | {"owner": f"bench-{number}"}))
            for number in range(load.workers if name == _ours(load.workers) else 1)
        ]
        begun = time.perf_counter()
        for one in workers:
            one.tell("go")
        await all_posted(workers, wanted, advance)
        seconds = time.perf_counter() - begun
        processor = sum([await one.end() for one in workers])
        await _check(slack, url, wanted, in_ledger=name != BARE)
        return Run(name, wanted, seconds, processor)


async def _channels(slack: SandboxProcess) -> Mapping[str, Sequence[str]]:
    state = await slack.control("state")
    return {
        each["id"]: [one["id"] for one in each["channels"] if str(one.get("name", "")).startswith("topic-")]
        for each in state["workspaces"]
    }


async def _check(slack: SandboxProcess, url: str, wanted: int, *, in_ledger: bool) -> None:
    """A speed at which posts are lost or repeated is none."""
    state = await slack.control("state")
    keys = [
        message["metadata"]["event_payload"]["key"]
        for each in state["workspaces"]
        for channel in each["channels"]
        for message in channel["messages"]
    ]
    if not len(keys) == len(set(keys)) == wanted:
        raise BenchError(f"{wanted} were to arrive once; {len(set(keys))} did, of {len(keys)} in Slack.")
    if in_ledger and await stores.sent(url) != wanted:
        raise BenchError(f"{wanted} arrived, and the ledger says {await stores.sent(url)}.")
