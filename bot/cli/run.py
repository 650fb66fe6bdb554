"""`paperboy run`: the bot itself, until a signal ends it."""

from __future__ import annotations

import asyncio
import signal
from typing import Annotated

import typer

from bot.app import Role, open_bot
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
        go(_run(role))


async def _run(role: Role) -> None:
    running = asyncio.create_task(_until_cancelled(role))
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


async def _until_cancelled(role: Role) -> None:
    """A bot that is still starting, perhaps waiting for Slack, stops at once."""
    try:
        async with open_bot(settings("INFO"), role):
            await asyncio.Event().wait()
    except asyncio.CancelledError:
        return
