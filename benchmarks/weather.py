"""What goes wrong around the bots of benchmarks/chaos.py, other than that they are killed."""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import aiohttp
from bots import Bot
from databases import CRASH, SHUTDOWN, Postgres

from bot.bench.sandbox import SandboxProcess

FAULTS: tuple[dict[str, Any], ...] = (  # in every place of a call's life; the first that matches strikes
    {"trouble": "cut", "stored": True, "probability": 0.01},
    {"trouble": "cut", "stored": False, "probability": 0.01},
    {"trouble": "server_error", "stored": True, "probability": 0.005},
    {"trouble": "server_error", "stored": False, "probability": 0.005},
    {"trouble": "not_json", "stored": True, "probability": 0.003},
    {"trouble": "rate_limit", "retry_after": "1", "probability": 0.005},
    {"trouble": "slow", "delay": 0.4, "stored": True, "probability": 0.2},
    {"trouble": "slow", "delay": 0.4, "stored": False, "probability": 0.2},
)
JUMPS = (90, 600, 3600)  # seconds that a machine was asleep; set back, it waits as long as it is set back
MOST_AHEAD = 10 * 3600
LOOKS = ("conversations.history", "conversations.replies")
OUTAGES, RESTARTS, CLOCK = "times Slack was down", "restarts of PostgreSQL", "jumps of a clock"
EVERY = {OUTAGES: 10, RESTARTS: 10, CLOCK: 3}  # one a so many kills


class Weather:
    """`server` None: SQLite has none to restart. `harshness`: how often calls fail, 1 as in `FAULTS`."""

    def __init__(
        self,
        slack: SandboxProcess,
        bots: list[Bot],
        server: Postgres | None,
        chance: random.Random,
        *,
        history: bool,
        harshness: float = 1.0,
    ) -> None:
        self._slack = slack
        self._bots = bots
        self._server = server
        self._chance = chance
        self._history = history
        self._harshness = harshness
        self._turns = {OUTAGES: asyncio.Lock(), RESTARTS: asyncio.Lock(), CLOCK: asyncio.Lock()}
        self._under_way: set[asyncio.Task[None]] = set()
        self.happened: Counter[str] = Counter()

    def calendar(self, kills: int) -> dict[int, list[str]]:
        """What happens at which kill: of each something, however few the kills are."""
        days = defaultdict(list)
        for what, every in EVERY.items():
            for _ in range(max(1, kills // every)) if what != RESTARTS or self._server else ():
                days[self._chance.randint(1, kills)].append(what)
        return days

    async def begin(self) -> None:
        await self._deny_history()
        for fault in FAULTS:
            for method in ("chat.postMessage", "chat.update", *LOOKS):
                often = min(0.3, fault["probability"] * self._harshness)
                await self._slack.control(
                    "fault", method=method, times=None, **fault | {"probability": often}
                )

    async def end(self) -> None:
        """Let what is under way end, and nothing go wrong any more."""
        await asyncio.gather(*self._under_way)
        if self._server:
            await self._server.ensure()
        await _at_last(partial(self._slack.control, "clear-faults"))
        await self._deny_history()

    async def _deny_history(self) -> None:
        if not self._history:
            for method in LOOKS:
                refusal = {"trouble": "refuse", "error": "missing_scope", "method": method, "times": None}
                await _at_last(partial(self._slack.control, "fault", **refusal))

    def happen(self, what: str) -> None:
        task = asyncio.create_task(self._happen(what))
        self._under_way.add(task)

    async def _happen(self, what: str) -> None:
        async with self._turns[what]:
            await {OUTAGES: self._down, RESTARTS: self._restart, CLOCK: self._jump}[what]()
            self.happened[what] += 1

    async def _down(self) -> None:
        seconds = self._chance.uniform(0.5, 4)
        await self._slack.control("down", seconds=seconds)
        await asyncio.sleep(seconds + 0.2)

    async def _restart(self) -> None:
        if self._server:
            how, away = self._chance.choice([CRASH, SHUTDOWN]), self._chance.choice([0, 0, 1, 3])
            await self._server.restart(how, away)

    async def _jump(self) -> None:
        one = self._chance.choice(self._bots)
        ahead = JUMPS if one.clock.offset < MOST_AHEAD else ()
        one.clock.jump(self._chance.choice([*ahead, 5, -5, -20]))


async def _at_last(call: Callable[[], Awaitable[object]]) -> None:
    while True:
        try:
            await call()
        except aiohttp.ClientError:
            await asyncio.sleep(0.2)
        else:
            return
