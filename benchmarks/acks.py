"""How soon commands and buttons are acknowledged, and a modal opens, 20 a second, while a digest goes out.

A bot with 4,000 papers on SQLite, over Socket Mode; a digest of 36 papers goes to 20 channels as threads. Beside
it, at the same load, a Bolt app that does nothing but acknowledge. Slack (the sandbox) runs in this process, and
each of the two in one of its own.

.venv/bin/python benchmarks/acks.py [--seconds 30]
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ingest import CORPUS, write_archive

from bot.sandbox import App, Message, Sandbox, sample_workspace
from bot.sandbox.workspace import Change, wall_clock

RATE = 20  # a second
CHANNELS, PAPERS = 20, 36
SEARCHES = ("diffusion", "robot grasping", "speech", "vision language", "tag:audio", "author:li", "BitNet")
BARE = """
import asyncio, sys
from slack_bolt.async_app import AsyncApp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient
bot, app_token, url = sys.argv[1:]
app = AsyncApp(client=AsyncWebClient(bot, base_url=url))
async def ack(ack): await ack()
app.command("/papers")(ack)
app.action({"type": "block_actions"})(ack)
app.event("app_home_opened")(ack)
async def main():
    web = AsyncWebClient(base_url=url)
    await AsyncSocketModeHandler(app, app_token, web_client=web).start_async()
asyncio.run(main())
"""


@dataclass(slots=True)
class Seen:
    """Seconds, by what was done."""

    acks: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    opened: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


class Load:
    """Members at work: each kind of thing in turn."""

    def __init__(self, sandbox: Sandbox, card: Message | None, seconds: float) -> None:
        self.seen = Seen()
        self._sandbox, self._card, self._seconds = sandbox, card, seconds
        self._members = [sandbox.member(name) for name in ("jonas", "yuki", "ada")]
        self._chance = random.Random(7)
        self._asked: dict[str, float] = {}  # by member: when a modal was asked for
        sandbox.workspace.watchers.append(self._changed)

    async def run(self) -> Seen:
        kinds: list[tuple[str, Callable[[int], Awaitable[float | str]]]] = [
            ("search", lambda n: self._command(n, f"search {self._chance.choice(SEARCHES)}")),
            ("today", lambda n: self._command(n, "today")),
            ("follow", lambda n: self._command(n, f"follow author:Name {n}")),
            ("save", lambda n: self._press(n, "paper_save")),
            ("home", self._home),
            ("modal", self._modal),
        ]
        begun, tasks = time.perf_counter(), []
        for number, (kind, act) in enumerate(itertools.cycle(kinds)):
            due = begun + number / RATE
            if due > begun + self._seconds:
                break
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            tasks.append(asyncio.create_task(self._timed(kind, act, number)))
        await asyncio.gather(*tasks)
        await asyncio.sleep(1)
        return self.seen

    async def _timed(self, kind: str, act: Callable[[int], Awaitable[float | str]], number: int) -> None:
        outcome = await act(number)
        if isinstance(outcome, str):
            self.seen.failed.append(f"{kind}: {outcome}")
        else:
            self.seen.acks[kind].append(outcome)

    async def _command(self, number: int, text: str) -> float | str:
        ack = (await self._members[number % 3].command("general", "/papers", text, answers=0)).ack
        return ack.error or ack.seconds

    async def _press(self, number: int, action: str, value: str | None = None) -> float | str:
        if self._card is None:
            return await self._command(number, "help")
        ack = (await self._members[number % 3].press(self._card, action, value, answers=0)).ack
        return ack.error or ack.seconds

    async def _home(self, number: int) -> float | str:
        ack = (await self._members[number % 3].open_home(answers=0)).ack
        return ack.error or ack.seconds

    async def _modal(self, number: int) -> float | str:
        if self._card is None:
            return await self._command(number, "help")
        self._asked[self._members[number % 3].id] = time.perf_counter()
        menu = next(
            each
            for block in self._card.blocks
            for each in block.get("elements", ())
            if "overflow" in each.values()
        )
        return await self._press(number, "paper_more", menu["options"][0]["value"])

    def _changed(self, change: Change) -> None:
        if change.kind == "opened" and (asked := self._asked.pop(change.user or "", None)):
            self.seen.opened.append(time.perf_counter() - asked)


@contextmanager
def process(*command: str, env: dict[str, str] | None = None) -> Iterator[None]:
    running = subprocess.Popen(
        [sys.executable, *command],
        env=os.environ | (env or {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        running.terminate()
        running.wait(15)


@asynccontextmanager
async def slack() -> AsyncIterator[Sandbox]:
    workspace = sample_workspace(wall_clock, app=App())
    for number in range(CHANNELS):
        workspace.add_channel(f"topic-{number}", [workspace.user("ada").id, workspace.bot_user])
    async with Sandbox(workspace) as sandbox:
        yield sandbox


async def of_the_bot(folder: Path, corpus: Path, seconds: float) -> Seen:
    async with slack() as sandbox:
        digests = folder / "digests"
        write_archive(digests, corpus, 300)
        channels = [one.id for one in sandbox.workspace.channels.values() if one.name.startswith("topic-")]
        feeds = "".join(f'[[feeds]]\nchannel = "{channel}"\nlayout = "thread"\n' for channel in channels)
        config = folder / "paperboy.toml"
        source = f'[[sources]]\nname = "desk"\nkind = "folder"\npath = "{digests}"\npoll = "1s"\n'
        config.write_text(f'{source}[delivery]\nmax_age = "off"\nfirst_run = "none"\n{feeds}', "utf-8")
        env = {
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_APP_TOKEN": sandbox.app_token,
            "SLACK_API_URL": sandbox.api_url,
            "PAPERBOY_CONFIG": str(config),
            "PAPERBOY_DATA": str(folder / "data"),
        }
        with process("-m", "bot", "run", env=env):
            await sandbox.connected(60)
            jonas, card = sandbox.member("jonas"), None
            while card is None:  # until all is read and can be found
                await asyncio.sleep(1)
                found = await jonas.command("general", "/papers", "search diffusion", timeout=20)
                card = found.message if "many" in found.text or found.text[:3].isdigit() else None
            whole = sorted(digests.iterdir())[-6:]
            head, rows = whole[0].read_text("utf-8").splitlines()[:4], []
            for path in whole:
                rows += [line for line in path.read_text("utf-8").splitlines()[4:] if line.startswith("|")]
            day = wall_clock().date()
            head[0] = f"## Papers for {day}"
            (digests / f"{day}.md").write_text("\n".join([*head, *rows[:PAPERS]]) + "\n", "utf-8")
            posts = sandbox.workspace.channel("topic-0")
            await sandbox.until(lambda: posts.timeline, timeout=30)
            seen = await Load(sandbox, card, seconds).run()
            done = sum(len(one.by_ts) for one in sandbox.workspace.channels.values() if one.id in channels)
            print(f"{done} messages of {CHANNELS * (PAPERS + 1)} or more were posted by the end of the load")
            return seen


async def of_bare_bolt(seconds: float) -> Seen:
    async with slack() as sandbox:
        with process("-c", BARE, sandbox.bot_token, sandbox.app_token, sandbox.api_url):
            await sandbox.connected(60)
            await asyncio.sleep(1)
            return await Load(sandbox, None, seconds).run()


def told(what: str, seconds: list[float]) -> None:
    if len(seconds) < 2:
        return
    ms = sorted(1000 * one for one in seconds)
    p99 = statistics.quantiles(ms, n=100, method="inclusive")[98]
    print(f"{what:24} p50 {statistics.median(ms):7.1f}  p99 {p99:7.1f}  max {ms[-1]:7.1f} ms of {len(ms)}")


async def main(asked: argparse.Namespace) -> None:
    for name, run in (
        ("bot", lambda folder: of_the_bot(folder, asked.corpus, asked.seconds)),
        ("bare Bolt", lambda folder: of_bare_bolt(asked.seconds)),
    ):
        with tempfile.TemporaryDirectory(prefix="paperboy-acks-") as folder:
            seen = await run(Path(folder))
        told(f"{name}: all acks", [one for some in seen.acks.values() for one in some])
        for kind, some in seen.acks.items():
            told(f"  {kind}", some)
        told(f"{name}: modal opened", seen.opened)
        print(f"{name}: {len(seen.failed)} failed {seen.failed[:3]}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="papers as JSON lines (%(default)s)")
    parser.add_argument("--seconds", type=float, default=30, help="of load (%(default)s)")
    asyncio.run(main(parser.parse_args()))
