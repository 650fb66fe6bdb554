"""`paperboy db`: the schema, and the index that is made from it."""

from __future__ import annotations

import typer

from bot.app.core import folder_of, open_core
from bot.cli.common import go, settings
from bot.cli.indexing import bar, follow
from bot.cli.words import say
from bot.library.database import Database, Schema
from bot.settings import Settings
from bot.slack.text import count


def register(app: typer.Typer) -> None:
    db = typer.Typer(help="The database's schema.", no_args_is_help=True)
    app.add_typer(db, name="db")

    @db.command(epilog="Example: `DATABASE_URL=postgresql://… paperboy db upgrade`")
    def upgrade() -> None:
        """Bring database and search index up to this version. `run` and `ingest` do it by themselves."""
        before, taken = go(_upgrade(settings()))
        done = "was up to date" if before.current == before.head else f"is now at {before.head}"
        say(f"The database {done}.")
        grown = f"took in {count(taken, 'paper')}" if taken else "was up to date"
        say(f"The search index {grown}.")

    @db.callback()
    def database() -> None: ...


async def _upgrade(settings: Settings) -> tuple[Schema, int]:
    """As it was, and how many papers the search index lacked."""
    folder_of(settings.data)
    database = Database(settings.database_url)
    try:
        before = await database.upgrade()
    finally:
        await database.close()
    async with open_core(settings) as core:
        with bar() as progress:
            taken = await follow(core.library, progress)
    return before, taken
