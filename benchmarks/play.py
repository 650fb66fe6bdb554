"""One play of benchmarks/chaos.py: digests come and are sent, bots are killed, and the weather is bad."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from audit import Audit, audit
from bots import Bot, install, nursery
from databases import fresh
from papers import Desk
from weather import CLOCK, OUTAGES, RESTARTS, Weather

from bot.bench.sandbox import SandboxProcess, sandbox_process
from bot.errors import LibraryError
from bot.library.database import Database
from bot.library.tables import OPEN_STATES, delivered_paper, delivery, digest, feed, paper, source
from bot.slack.client import METADATA_EVENT

BACKLOG = 300  # open rows below which there is more to post
LIFE = 1.5  # seconds between two kills, at most, where one is at work
LONGEST_REST = 4.0  # seconds for which it is waited for that
PAUSE = 1.0  # seconds for which who was killed stays away, at most
SECONDS_A_KILL = 10.0  # after so many for each, it is given up
SETTLE_SECONDS = 300.0
AWAY = (LibraryError, sa.exc.SQLAlchemyError, OSError)  # what a database that is away gives

Told = Callable[[int, int, int | None], None]  # kills, rows done, and rows left where it settles


@dataclass(frozen=True, slots=True)
class Play:
    database: str  # sqlite | postgresql
    kills: int  # of bots that post; others die beside
    roles: tuple[str, ...]
    seed: int = 1
    history: bool = True  # whether the bot may read what stands in Slack
    channels: int = 40
    harshness: float = 1.0
    without: tuple[str, ...] = ()  # of OUTAGES, RESTARTS, CLOCK

    @property
    def posters(self) -> int:
        return sum(role in ("all", "deliver") for role in self.roles)


@dataclass(frozen=True, slots=True)
class Outcome:
    play: Play
    audit: Audit
    happened: Counter[str]
    kills: int
    seconds: float

    @property
    def failed(self) -> list[str]:
        """What is wrong, in a line each; none: all is well."""
        cut_short = [f"only {self.kills} of {self.play.kills} kills"] * (self.kills < self.play.kills)
        return cut_short + self.audit.wrong(history=self.play.history)


async def perform(play: Play, folder: Path, tell: Told = lambda *_: None) -> Outcome:
    """Ends by itself, whatever the bots do, and leaves the logs and the ledger in `folder`."""
    began = time.monotonic()
    async with _stage(play, folder) as stage:
        await asyncio.wait_for(stage.first_look(), 300)
        await stage.storm(tell)
        await stage.settle(tell)
        found = await stage.audit()
        return Outcome(play, found, await stage.counted(), stage.kills, time.monotonic() - began)


@asynccontextmanager
async def _stage(play: Play, folder: Path) -> AsyncIterator[Stage]:
    chance, context = random.Random(play.seed), nursery()
    async with AsyncExitStack() as stack:
        url, server = await stack.enter_async_context(fresh(play.database, folder))
        options = ("--channels", str(play.channels), "--seed", str(play.seed))
        slack = await stack.enter_async_context(sandbox_process(*options))
        environment = await install(folder, slack, url)
        desk = Desk(folder / "digests")
        bots = [
            Bot(role, folder / f"{number}-{role}", environment, context)
            for number, role in enumerate(play.roles, 1)
        ]
        database = Database(url)
        stack.push_async_callback(database.close)
        await database.upgrade()
        weather = Weather(slack, bots, server, chance, history=play.history, harshness=play.harshness)
        keepers = [asyncio.create_task(one.keep(chance.uniform(0, PAUSE))) for one in bots]
        try:
            yield Stage(play, folder, slack, bots, desk, database, weather, chance)
        finally:
            for keeper in keepers:
                keeper.cancel()
            ends = await asyncio.gather(*keepers, return_exceptions=True)
            for one in bots:
                one.kill()
        for end in ends:
            if isinstance(end, Exception):
                raise end


@dataclass(slots=True)
class Stage:
    play: Play
    folder: Path
    slack: SandboxProcess
    bots: list[Bot]
    desk: Desk
    database: Database
    weather: Weather
    chance: random.Random
    kills: int = 0
    in_hand: int = 0  # kills that left rows half sent

    async def first_look(self) -> None:
        """Wait until the source was read once: what comes from then on is news."""
        while True:
            with suppress(*AWAY):
                async with self.database.read() as conn:
                    looked = sa.select(source.c.name).where(source.c.first_succeeded_at.is_not(None))
                    if (await conn.execute(looked)).first():
                        return
            await asyncio.sleep(0.1)

    async def storm(self, tell: Told) -> None:
        """Everything goes wrong, until enough were killed."""
        await self.weather.begin()
        calendar = self.weather.calendar(self.play.kills)
        writer = asyncio.create_task(self._write(tell))
        try:
            async with asyncio.timeout(120 + SECONDS_A_KILL * self.play.kills):
                while self.kills < self.play.kills:
                    await asyncio.sleep(self.chance.uniform(0.05, LIFE))
                    if await self._kill_one():
                        self.kills += 1
                        for what in calendar.get(self.kills, ()):
                            if what not in self.play.without:
                                self.weather.happen(what)
        except TimeoutError:
            pass  # it is told by the number of kills
        finally:
            writer.cancel()
            await asyncio.wait({writer})
        if not writer.cancelled():
            writer.result()  # without new digests this would be no storm

    async def _kill_one(self) -> bool:
        """Whether it was one that posts: mostly the one at work, sometimes one that starts or rests."""
        posters = [one for one in self.bots if one.role in ("all", "deliver")]
        others = [one for one in self.bots if one not in posters]
        if others and self.chance.random() < 0.2:
            self.chance.choice(others).kill()
            return False
        at_work = await self._at_work(posters) if self.chance.random() < 0.7 else None
        pid = (at_work or self.chance.choice(posters)).kill()
        if pid is None:
            return False
        self.in_hand += any(owner.split(":")[1] == str(pid) for owner in await self._owners())
        return True

    async def _at_work(self, posters: list[Bot]) -> Bot | None:
        """Waits until one sends something, and then a moment."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_REST):
                while True:
                    owners = {owner.split(":")[1] for owner in await self._owners()}
                    if found := next((one for one in posters if str(one.pid) in owners), None):
                        await asyncio.sleep(self.chance.uniform(0, 0.8))
                        return found
                    await asyncio.sleep(0.02)
        return None

    async def _owners(self) -> set[str]:
        """Of the rows that are being sent; none where the database is away."""
        with suppress(*AWAY):
            async with self.database.read() as conn:
                sending = sa.select(delivery.c.owner).where(delivery.c.state == "sending").distinct()
                return {owner for owner in (await conn.execute(sending)).scalars() if owner}
        return set()

    async def settle(self, tell: Told) -> None:
        """Nothing goes wrong any more; returns when nothing is open, or after `SETTLE_SECONDS`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_SECONDS):
                await self.weather.end()
                latest = max(one.clock.furthest for one in self.bots)
                for one in self.bots:
                    one.clock.set(latest)  # what is held until the time of a clock that ran ahead falls due
                while True:
                    with suppress(*AWAY):  # a connection that broke before
                        done, left = await self._rows()
                        left += len(await self._unplanned())
                        if not left:
                            return
                        tell(self.kills, done, left)
                    await asyncio.sleep(0.5)

    async def _write(self, tell: Told) -> None:
        while True:
            with suppress(*AWAY):
                done, left = await self._rows()
                tell(self.kills, done, None)
                if left < BACKLOG and await self._digests_planned() == len(self.desk.days):
                    self.desk.write(self.chance)
            await asyncio.sleep(0.3)

    async def _digests_planned(self) -> int:
        planned = sa.select(sa.func.count(delivery.c.digest_id.distinct()))
        async with self.database.read() as conn:
            return int((await conn.execute(planned)).scalar_one())

    async def _rows(self) -> tuple[int, int]:
        """How many are done, and how many open."""
        left = sa.func.count().filter(sa.text(f"state IN {OPEN_STATES}"))
        async with self.database.read() as conn:
            every, still = (await conn.execute(sa.select(sa.func.count(), left).select_from(delivery))).one()
            return every - still, still

    async def _unplanned(self) -> list[str]:
        """What of the digests that were written is not in the library yet, or not in the ledger."""
        async with self.database.read() as conn:
            papers = (await conn.execute(sa.select(sa.func.count()).select_from(paper))).scalar_one()
            planned = sa.exists().where(delivery.c.feed_id == feed.c.id, delivery.c.digest_id == digest.c.id)
            pairs = await conn.execute(
                sa.select(digest.c.date, feed.c.channel)
                .join(feed, sa.true())
                .where(digest.c.postable, ~planned)
            )
            revised = await conn.execute(
                sa.select(digest.c.date, delivery.c.destination)
                .join(delivery, delivery.c.digest_id == digest.c.id)
                .group_by(digest.c.id, digest.c.date, delivery.c.destination, digest.c.revision)
                .having(sa.func.max(delivery.c.revision) < digest.c.revision)
            )
            missing = [f"{date} for {channel}" for date, channel in (*pairs, *revised)]
        return missing + [f"{self.desk.papers} papers: the library has {papers}"] * (
            papers != self.desk.papers
        )

    async def audit(self) -> Audit:
        """The ledger is left in a file: a database of our own ends with us."""
        async with self.database.read() as conn:
            rows = (await conn.execute(sa.select(delivery).order_by(delivery.c.id))).all()
        lines = [json.dumps(dict(row._mapping), default=str) for row in rows]
        (self.folder / "ledger.jsonl").write_text("\n".join(lines), "utf-8")
        state = await self.slack.control("state")
        (self.folder / "slack.json").write_text(json.dumps(state), "utf-8")
        found = audit(rows, state, METADATA_EVENT, self.desk.papers)
        found.unplanned = await self._unplanned()
        found.planned_twice = await self._planned_twice()
        found.fell = [f"{one.role}, exit code {code}: {one.log}" for one in self.bots for code in one.fell]
        return found

    async def _planned_twice(self) -> list[str]:
        carried = delivered_paper.c
        keys = sa.func.count(carried.delivery_key.distinct())
        twice = sa.select(carried.paper_id, carried.destination).group_by(
            carried.paper_id, carried.destination
        )
        async with self.database.read() as conn:
            found = await conn.execute(twice.having(keys > 1))
            return [f"paper {paper_id} in {channel}" for paper_id, channel in found]

    async def counted(self) -> Counter[str]:
        """What went wrong, and how often."""
        found: Counter[str] = Counter({"kills (-9) of a bot that posts": self.kills})
        found["of those, in the middle of a post"] = self.in_hand
        found["kills (-9) of the others"] = sum(one.killed for one in self.bots) - self.kills
        struck: dict[str, int] = (await self.slack.control("struck"))["struck"]
        found.update({f"calls: {name}": number for name, number in sorted(struck.items())})
        found.update({name: self.weather.happened[name] for name in (OUTAGES, RESTARTS, CLOCK)})
        return found
