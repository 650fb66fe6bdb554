"""What an orchestrator is told: that the bot lives, whether it is ready, and what to do where it is not."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import asyncpg
import psutil
import pytest
import sqlalchemy as sa
from watched import Monitor, Site, free_port, until

from bot.errors import SettingsError
from bot.settings import Address


async def said_of(monitor: Monitor, check: str) -> str:
    """The sentence of that check, once it fails."""

    async def look() -> str | None:
        status, failed = await monitor.ready()
        return failed.get(check) if status == 503 else None

    return str(await until(look))


async def becomes_ready(monitor: Monitor) -> None:
    async def look() -> bool:
        return await monitor.ready() == (200, {})

    await until(look)


@asynccontextmanager
async def refusing(postgres_server: str, url: str) -> AsyncIterator[None]:
    """That PostgreSQL database takes no connection inside the block."""
    name = sa.make_url(url).database
    server = await asyncpg.connect(postgres_server)
    try:
        await server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
        )
        yield
        await server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    finally:
        await server.close()


async def test_no_port_is_opened_unless_asked_for(site: Site) -> None:
    def listening() -> int:
        found = psutil.Process(os.getpid()).net_connections("tcp")
        return sum(one.status == psutil.CONN_LISTEN for one in found)

    del site.given["health"]
    before = listening()
    async with site.bot() as bot:
        assert bot.health.address is None
        assert listening() == before


async def test_a_bot_that_runs_is_alive_and_ready(site: Site) -> None:
    async with site.monitored() as monitor:
        assert await monitor.alive()
        assert await monitor.ready() == (200, {})


async def test_alive_and_not_ready_while_slack_is_away(site: Site) -> None:
    async with site.monitored() as monitor, site.sandbox.down():
        assert "status.slack.com" in await said_of(monitor, "slack")
        assert (await monitor.metrics())["paperboy_sockets_open"] == 0
        assert await monitor.alive()


async def test_alive_and_not_ready_while_slack_can_not_be_reached_at_the_start(site: Site) -> None:
    port = free_port()
    site.given["health"] = Address("127.0.0.1", port)
    monitor = site.monitor(f"http://127.0.0.1:{port}")

    async def run() -> None:
        async with site.bot():
            await asyncio.Event().wait()

    async def serves() -> bool:
        try:
            return await monitor.alive()
        except aiohttp.ClientConnectorError:
            return False

    async with site.sandbox.down():
        running = asyncio.create_task(run())
        await until(serves)
        assert "keeps asking" in await said_of(monitor, "slack")
    await becomes_ready(monitor)
    running.cancel()
    await asyncio.wait({running})


async def test_not_ready_while_the_database_is_away(
    site: Site, postgres_server: str, postgres_url: str
) -> None:
    url = sa.make_url(postgres_url)
    password = url.password or "a-password-of-ours"
    site.given["database_url"] = url.set(password=password).render_as_string(hide_password=False)
    async with site.monitored() as monitor:
        async with refusing(postgres_server, postgres_url):
            sentence = await said_of(monitor, "database")
            assert "DATABASE_URL" in sentence or "try again" in sentence.lower()
            assert password not in sentence
            found = await monitor.metrics()
            assert found["paperboy_database_up"] == 0
            assert "paperboy_queue_age_seconds" not in found
            assert "paperboy_post_seconds_count" in found
            assert await monitor.alive()
        await becomes_ready(monitor)


async def test_not_ready_on_the_schema_of_another_version(site: Site) -> None:
    async with site.bot() as bot:
        monitor = site.monitor(str(bot.health.address))
        async with bot.core.database.begin() as conn:
            await conn.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
        assert "paperboy db upgrade" in await said_of(monitor, "database")


async def test_a_port_in_use_is_an_error_that_says_so(site: Site) -> None:
    async with site.bot() as bot:
        port = int(str(bot.health.address).rpartition(":")[2])
        site.given |= {"health": Address("127.0.0.1", port), "data": site.folder / "other"}
        with pytest.raises(SettingsError, match=rf"PAPERBOY_HEALTH.*127\.0\.0\.1:{port}.*in use"):
            async with site.bot():
                pass
