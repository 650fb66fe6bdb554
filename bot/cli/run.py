"""`paperboy run`: the bot itself, until a signal ends it."""

from __future__ import annotations

import asyncio
import signal
from typing import Annotated

import typer

from bot import app as composition
from bot.app import Role
from bot.cli.common import go, settings


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
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await composition.run(settings("INFO"), role, stop)
