"""`paperboy run`: the bot itself, until a signal ends it."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AbstractAsyncContextManager
from typing import Annotated

import typer

from bot.app.bot import Role
from bot.app.run import open_bot, spare_the_collector
from bot.cli.common import go, settings

STOPPING = (signal.SIGINT, signal.SIGTERM)


def register(app: typer.Typer) -> None:
    @app.command(epilog="Example: `paperboy run`  ·  on several machines: `paperboy run --role deliver`")
    def run(
        role: Annotated[
            Role, typer.Option(help="What this process does; more than one process needs PostgreSQL.")
        ] = Role.ALL,
    ) -> None:
        """Run the bot: fetch digests, post them, answer members. Ctrl-C or SIGTERM stops it within 10 s."""
        go(until_stopped(open_bot(settings("INFO"), role)))


async def until_stopped(bot: AbstractAsyncContextManager[object]) -> None:
    """The bot, from its start until SIGINT or SIGTERM; one that is still starting, perhaps waiting for Slack,
    stops at once, and however often it is asked it stops in order."""
    running = asyncio.create_task(_until_cancelled(bot))
    loop = asyncio.get_running_loop()
    for name in STOPPING:
        # Not the loop's own way, which ends with the loop, before the process does.
        signal.signal(name, lambda *_: loop.call_soon_threadsafe(_cancel, running))
    try:
        await running
    finally:
        for name in STOPPING:
            signal.signal(name, signal.SIG_IGN)


def _cancel(running: asyncio.Task[None]) -> None:
    """Once: to cancel again would cut the stop short."""
    if not running.cancelling():
        running.cancel()


async def _until_cancelled(bot: AbstractAsyncContextManager[object]) -> None:
    try:
        async with bot:
            spare_the_collector()
            await asyncio.Event().wait()
    except asyncio.CancelledError:
        return
