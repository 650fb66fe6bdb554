"""`paperboy db`: the schema."""

from __future__ import annotations

import typer

from bot.cli.common import go, say, settings
from bot.library.database import Database, Schema


def register(app: typer.Typer) -> None:
    db = typer.Typer(help="The database's schema.", no_args_is_help=True)
    app.add_typer(db, name="db")

    @db.command(epilog="Example: `DATABASE_URL=postgresql://… paperboy db upgrade`")
    def upgrade() -> None:
        """Bring the database up to this version. `run` and `ingest` do it by themselves."""
        before = go(_upgrade(settings().database_url))
        done = "was up to date" if before.current == before.head else f"is now at {before.head}"
        say(f"The database {done}.")

    @db.callback()
    def database() -> None: ...


async def _upgrade(url: str) -> Schema:
    database = Database(url)
    try:
        return await database.upgrade()
    finally:
        await database.close()
