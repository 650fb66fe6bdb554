"""`paperboy db`: the schema."""

from __future__ import annotations

import typer

from bot.cli.common import go, out, settings
from bot.library.database import Database, Schema


def register(app: typer.Typer) -> None:
    db = typer.Typer(help="The database's schema.", no_args_is_help=True)
    app.add_typer(db, name="db")

    @db.command(epilog="Example: `DATABASE_URL=postgresql://… paperboy db upgrade`")
    def upgrade() -> None:
        """Bring the database up to this version. `run` and `ingest` do it by themselves."""
        before, after = go(_upgrade(settings().database_url))
        done = "is up to date" if before.current == after.current else f"is now at {after.current}"
        out.print(f"The database {done}.")

    @db.callback()
    def database() -> None: ...


async def _upgrade(url: str) -> tuple[Schema, Schema]:
    database = Database(url)
    try:
        before = await database.check()
        await database.upgrade()
        return before, await database.check()
    finally:
        await database.close()
