"""`paperboy run` under SIGTERM: it ends in ten seconds with exit code 0, and what it left comes next time."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from patience import PATIENCE
from premises import Premises, Running, digest, row

from bot.app.core import utc_now
from bot.sandbox import Sandbox

TITLES = ["Grasping", "Walking"]
SECONDS = 10


@pytest.fixture(params=["sqlite_url"])
def joined(request: pytest.FixtureRequest, premises: Premises, slack: Sandbox) -> Premises:
    """A digest of two papers waits to be posted as a thread, each post taking three seconds."""
    premises.env["DATABASE_URL"] = request.getfixturevalue(request.param)
    premises.connect(slack)
    today = str(utc_now().date())
    rows = [row(title, f"2504.0000{number}") for number, title in enumerate(TITLES)]
    premises.write(f"digests/{today}.md", digest(today, *rows))
    slack.faults.add("slow", method="chat.postMessage", delay=3, times=None)
    return premises


def posted(slack: Sandbox) -> list[str]:
    """Everything in the channel, replies below their heads."""
    timeline = slack.workspace.channel("papers").timeline
    return [one.text.partition(", by")[0] for head in timeline for one in (head, *head.replies)]


async def under_way(slack: Sandbox, number: int) -> None:
    """The post of that number has left, and its answer has not come."""
    async with asyncio.timeout(PATIENCE):
        while len(slack.faults.struck) < number:  # noqa: ASYNC110 - the sandbox tells of calls when they end
            await asyncio.sleep(0.02)
    assert len(posted(slack)) == number - 1


async def stopped(bot: Running) -> None:
    begun = time.monotonic()
    assert await bot.end() == 0
    assert time.monotonic() - begun < SECONDS
    assert "Traceback" not in bot.log


async def goes_on(premises: Premises, slack: Sandbox) -> None:
    """The next start brings the rest, and nothing twice."""
    slack.faults.clear()
    async with premises.running() as bot:
        await slack.until(lambda: len(posted(slack)) == 1 + len(TITLES))
        await asyncio.sleep(1.2)
        bot.terminate()
        await stopped(bot)
    head, *replies = posted(slack)
    assert "2 papers from local" in head
    assert replies == TITLES


async def test_while_nothing_happens(premises: Premises, slack: Sandbox) -> None:
    premises.connect(slack)
    async with premises.running() as bot:
        await bot.logs("paperboy runs")
        await slack.connected()
        bot.terminate()
        await stopped(bot)
    assert bot.log.splitlines()[-1].split()[3:5] == ["paperboy", "stopped"]


@pytest.mark.parametrize("joined", ["sqlite_url", "postgres_url"], indirect=True)
async def test_while_a_post_is_under_way(joined: Premises, slack: Sandbox) -> None:
    async with joined.running() as bot:
        await under_way(slack, 2)
        bot.terminate()
        await stopped(bot)
    assert posted(slack)[1:] == TITLES[:1]  # the one under way was waited for
    await goes_on(joined, slack)


async def test_again_while_it_stops(joined: Premises, slack: Sandbox) -> None:
    async with joined.running() as bot:
        await under_way(slack, 1)
        for _ in range(3):
            bot.terminate()
            await asyncio.sleep(0.3)
        await stopped(bot)
    await goes_on(joined, slack)


async def test_while_an_archive_is_taken_in(premises: Premises, slack: Sandbox, archive: Path) -> None:
    premises.connect(slack)
    (premises.folder / "digests").rmdir()
    (premises.folder / "digests").symlink_to(archive)
    async with premises.running() as bot:
        await bot.logs("paperboy runs")
        await asyncio.sleep(0.3)
        bot.terminate()
        await stopped(bot)
    async with premises.running() as bot:
        await slack.until(lambda: posted(slack))
        bot.terminate()
        await stopped(bot)
    (found,) = premises.paperboy("search", "tag:robotics", "--json").objects
    assert found["total"] == 600
