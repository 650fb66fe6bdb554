"""Run by Alembic, on the connection and in the transaction that the caller hands it."""

from __future__ import annotations

from alembic import context

from bot.library.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
context.run_migrations()
