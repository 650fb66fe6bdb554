"""The schema's history. A change of tables.py is a new file in versions/ with the next number, and HEAD."""

from __future__ import annotations

import sqlalchemy as sa

HEAD = "0002"  # said here, so that a start with nothing to migrate needn't load Alembic; a test compares


def upgrade(connection: sa.Connection) -> None:
    """To HEAD, within the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "bot.library:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
