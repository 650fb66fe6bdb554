"""`paperboy demo`: see it at work without Slack."""

from __future__ import annotations

import sys
from contextlib import AbstractAsyncContextManager
from typing import Annotated

import typer

from bot import log, tour
from bot.cli.common import go
from bot.cli.run import until_stopped
from bot.cli.words import out


def register(app: typer.Typer) -> None:
    @app.command(epilog="Example: `paperboy demo`, then open the address that it prints")
    def demo(
        keep: Annotated[
            bool, typer.Option("--keep", help="Stay afterwards without a terminal too, until a signal.")
        ] = False,
        port: Annotated[
            int,
            typer.Option(min=0, max=65535, help="Where the page is served, on 127.0.0.1; 0: a free port."),
        ] = 0,
        browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")] = True,
    ) -> None:
        """Play a short tour in the terminal, and show the same workspace as a page in the browser.

        In a terminal the page stays until Ctrl-C.
        """
        log.configure("console", "ERROR")
        watched = sys.stdin.isatty() and out.is_terminal
        opened = tour.open_demo(out, port=port, browser=browser and watched, stays=keep or watched)
        go(until_stopped(opened) if keep or watched else _played(opened))


async def _played(opened: AbstractAsyncContextManager[str]) -> None:
    async with opened:
        pass
