"""A process that posts what a ledger holds: as `paperboy run --role deliver` would, or with bare calls.

    python -m bot.bench.worker courier|bare

It reads its orders (a line of JSON), says "ready", reads a line that says go, and writes how many more were
posted whenever there are some. Where its input ends it stops, and writes the seconds of processor it took.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot import log
from bot.app.core import POST_SECONDS, shared_time, utc_now
from bot.app.run import spare_the_collector
from bot.delivery import desk, ledger, queue
from bot.delivery.attempt import CALLS, Attempt
from bot.delivery.claims import Outcome
from bot.delivery.courier import Courier
from bot.delivery.pace import Pace
from bot.delivery.patience import Patience
from bot.delivery.poster import Poster
from bot.delivery.refusals import Refusals
from bot.delivery.runner import QueueRunner
from bot.health.meters import MeteredPoster
from bot.health.server import Health
from bot.library.database import Database
from bot.model import State
from bot.slack.blocks import notice
from bot.slack.client import METADATA_EVENT, SlackPoster, web_client
from bot.slack.identity import identify

TIME = shared_time(utc_now)
FEW = 10  # posts, after which the bare loop says so

Clients = dict[str, AsyncWebClient]  # by workspace
Go = Callable[[], object]


async def main(kind: str) -> None:
    log.configure("json", "INFO")
    orders = json.loads(await _heard())
    async with AsyncExitStack() as stack:
        database = Database(orders["database"])
        stack.push_async_callback(database.close)
        timeout = aiohttp.ClientTimeout(total=POST_SECONDS, connect=POST_SECONDS / 2)
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=timeout))
        clients = {
            team: web_client(token, orders["api_url"], session) for team, token in orders["tokens"].items()
        }
        ready = _bare(database, clients) if kind == "bare" else _courier(database, clients, orders)
        go = await stack.enter_async_context(ready)
        if kind != "bare":
            spare_the_collector()  # as `run` does
        _say("ready")
        await _heard()
        before = time.process_time()
        go()
        await _heard()
        _say(f"{time.process_time() - before:.3f}")


# --- as the bot does ----------------------------------------------------------------------------


@asynccontextmanager
async def _courier(database: Database, clients: Clients, orders: dict[str, Any]) -> AsyncIterator[Go]:
    """Put together as app.Bot does it, but for many workspaces, each with a client of its own."""
    meters = Health(database, utc_now, ()).meters
    bots = {team: (await identify(client)).bot for team, client in clients.items()}
    posters: dict[str, Poster] = {
        team: MeteredPoster(SlackPoster(client, bots[team]), meters) for team, client in clients.items()
    }

    def recorded(outcomes: Sequence[Outcome]) -> None:
        meters.recorded(outcomes)
        if number := sum(one.state is State.SENT for one in outcomes):
            _say(number)

    attempt = Attempt(
        posters.__getitem__,
        Refusals(database, TIME, notice.paused),
        resend_when_unsure=False,
        patience=Patience(),
    )
    courier = Courier(
        database,
        attempt,
        owner=orders["owner"],
        time=TIME,
        pace=Pace(**orders["pace"]),
        on_recorded=recorded,
    )
    async with _running(courier, database) as runner:

        def go() -> None:
            for team in clients:
                runner.wake(team)

        yield go


@asynccontextmanager
async def _running(courier: Courier, database: Database) -> AsyncIterator[QueueRunner]:
    """It runs, and knows of no work until it is woken, or a minute later."""
    swept = asyncio.Event()

    def open_queue() -> AbstractAsyncContextManager[queue.Queue]:
        return queue.in_memory() if database.dialect == "sqlite" else queue.on_postgresql(database.connect)

    async def with_work() -> list[str]:
        if not swept.is_set():
            swept.set()
            return []
        async with database.read() as conn:
            return await ledger.workspaces_with_work(conn, await TIME(conn))

    runner = QueueRunner(open_queue, courier.drain, courier.nudge, with_work)
    running = asyncio.create_task(runner.run())
    await swept.wait()
    try:
        yield runner
    finally:
        courier.stop()
        await runner.stop(5)
        await running


# --- the baseline -------------------------------------------------------------------------------


@asynccontextmanager
async def _bare(database: Database, clients: Clients) -> AsyncIterator[Go]:
    """The same calls with nothing around them: a task a channel, one call after the other, as many at a time
    as the courier makes."""
    lanes = defaultdict(list)
    async with database.read() as conn:
        for row in reversed(await desk.listing(conn, limit=1_000_000)):
            lanes[row.workspace, row.destination].append(row)
    numbers, total = itertools.count(1), sum(map(len, lanes.values()))

    def posted() -> None:
        number = next(numbers)
        if number % FEW == 0 or number == total:
            _say(number % FEW or FEW)

    calls = asyncio.Semaphore(CALLS)
    async with asyncio.TaskGroup() as group:
        yield lambda: [
            group.create_task(_lane(clients[team], rows, calls, posted)) for (team, _), rows in lanes.items()
        ]


async def _lane(
    client: AsyncWebClient, rows: Sequence[Any], calls: asyncio.Semaphore, posted: Callable[[], None]
) -> None:
    head = None
    for row in rows:
        async with calls:
            response = await client.chat_postMessage(
                channel=row.destination,
                text=row.payload["text"],
                blocks=row.payload["blocks"],
                thread_ts=head,
                unfurl_links=False,
                unfurl_media=False,
                metadata={"event_type": METADATA_EVENT, "event_payload": {"key": row.key}},
            )
        head = head or response["ts"]
        posted()


# --- orders and answers -------------------------------------------------------------------------


async def _heard() -> str:
    return await asyncio.to_thread(sys.stdin.readline)


def _say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
