"""`paperboy demo`: see it at work without Slack."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import log
from bot.cli.common import go, out


def register(app: typer.Typer) -> None:
    @app.command(epilog="Example: `paperboy demo --keep`, then type `/papers search diffusion`")
    def demo(
        keep: Annotated[
            bool, typer.Option("--keep", help="Leave it running afterwards, to type slash commands.")
        ] = False,
    ) -> None:
        """Play a short tour in the terminal: a channel's post, a search, a follow, the next morning's DM."""
        from bot import demo as tour  # the sandbox is no part of the bot; only this command loads it

        log.configure("console", "ERROR")
        go(tour.run(out, keep=keep))
