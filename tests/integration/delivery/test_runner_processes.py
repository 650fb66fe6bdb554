"""The roles in processes of their own: what dies, stops or goes away in the middle of a digest loses nothing
and repeats nothing."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from breakable import Server, begin, end
from fleet import PAPERS, Process, Site
from patience import PATIENCE

from bot.sandbox import Sandbox


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    async with Sandbox(patience=PATIENCE) as sandbox:
        yield sandbox


@pytest.fixture
def site(tmp_path: Path, slack: Sandbox, postgres_url: str) -> Site:
    site = Site(tmp_path, slack, postgres_url)
    site.install()
    return site


async def sql(url: str, statement: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        rows: list[asyncpg.Record] = await connection.fetch(statement)
        return rows
    finally:
        await connection.close()


async def at_work(site: Site, bots: list[Process]) -> Process:
    """The one that sends the digest, in the middle of a post: Slack is slow until then."""
    site.slack.faults.add("slow", method="chat.postMessage", delay=1, times=None)
    while True:
        owners = await sql(site.database_url, "SELECT owner FROM delivery WHERE state = 'sending'")
        for row in owners:
            site.slack.faults.clear()
            return next(bot for bot in bots if str(bot.pid) == row["owner"].split(":")[1])
        await asyncio.sleep(0.02)


async def test_a_digest_goes_from_the_schedulers_through_one_courier_to_slack(site: Site) -> None:
    site.write_digest()
    async with site.bots("schedule", "schedule", "deliver", "deliver", "listen") as bots:
        await site.slack.connected()
        await site.all_said_once()
        answer = await site.slack.member("jonas").command("papers", "/papers", "today")
        assert f"{PAPERS} papers" in answer.text
        assert [bot.returncode for bot in bots] == [None] * 5
    assert [bot.returncode for bot in bots] == [0] * 5


async def test_when_the_one_at_work_is_killed_another_goes_on(site: Site) -> None:
    site.write_digest()
    async with site.bots("schedule", "deliver", "deliver") as bots:
        await site.saying(4)
        killed = await at_work(site, bots)
        killed.kill()
        await killed.wait()
        await site.saying(len(site.said()) + 1)
        await site.all_said_once()


async def test_who_is_asked_to_stop_hands_over_at_once_however_often_it_is_asked(site: Site) -> None:
    site.write_digest()
    async with site.bots("schedule", "deliver", "deliver") as bots:
        await site.saying(4)
        stopped = await at_work(site, bots)
        async with asyncio.timeout(PATIENCE):
            while stopped.returncode is None:
                stopped.send_signal(signal.SIGTERM)
                await asyncio.sleep(0.02)
        assert stopped.returncode == 0
        await site.all_said_once()


# --- PostgreSQL goes away -----------------------------------------------------------------------


async def test_a_crash_of_postgresql_is_survived(server: Server, tmp_path: Path, slack: Sandbox) -> None:
    """The queue is empty then: it is not written to the disk."""
    site = Site(tmp_path, slack, server.get_uri())
    site.install()
    site.write_digest()
    async with site.bots("schedule", "deliver", "deliver") as bots:
        await site.saying(4)
        await end(server, signal.SIGQUIT)
        await asyncio.sleep(1)
        await begin(server)
        await site.all_said_once()
        assert [bot.returncode for bot in bots] == [None] * 3


async def test_with_postgresql_away_a_stop_still_takes_no_longer_than_ten_seconds(
    server: Server, tmp_path: Path, slack: Sandbox
) -> None:
    site = Site(tmp_path, slack, server.get_uri())
    site.install()
    site.write_digest()
    async with site.bots("schedule", "deliver") as bots:
        await site.saying(4)
        await end(server, signal.SIGINT)
        for bot in bots:
            bot.send_signal(signal.SIGTERM)
        await asyncio.wait_for(asyncio.gather(*(bot.wait() for bot in bots)), 12)
        assert [bot.returncode for bot in bots] == [0, 0]
