"""What is known of each source: which documents were fetched as they stand, and whether it answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.library.database import insert
from bot.library.tables import source, source_document


class Transition(StrEnum):
    """What a fetch changed in a source's health: an outage is told when it begins and when it ends."""

    NONE = "none"
    OUTAGE_BEGAN = "outage began"
    OUTAGE_ENDED = "outage ended"


@dataclass(frozen=True, slots=True)
class SourceState:
    name: str
    attempted_at: dt.datetime | None
    succeeded_at: dt.datetime | None
    first_succeeded_at: dt.datetime | None  # until then, what arrives is "already there"
    failing_since: dt.datetime | None
    error: str | None  # the sentence for the operator


async def seen(conn: AsyncConnection, name: str) -> dict[str, str]:
    """The validator (ETag, or a file's size and time) of each document, by path."""
    query = sa.select(source_document.c.path, source_document.c.validator)
    rows = await conn.execute(query.where(source_document.c.source == name))
    return {row.path: row.validator for row in rows}


async def mark(conn: AsyncConnection, name: str, path: str, validator: str) -> None:
    """In the transaction that stores what the document says, so that a crash between them costs nothing."""
    statement = insert(conn, source_document).values(source=name, path=path, validator=validator)
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=["source", "path"], set_={"validator": statement.excluded.validator}
        )
    )


async def attempted(conn: AsyncConnection, name: str, now: dt.datetime, error: str | None) -> Transition:
    """Note a fetch: `error` is the sentence for the operator, None where it went well."""
    await conn.execute(insert(conn, source).values(name=name).on_conflict_do_nothing())
    row = (await conn.execute(sa.select(source).where(source.c.name == name).with_for_update())).one()
    changes: dict[str, Any] = {"attempted_at": now, "error": error}
    if error is None:
        first = row.first_succeeded_at or now
        changes |= {"succeeded_at": now, "first_succeeded_at": first, "failing_since": None}
    else:
        changes |= {"failing_since": row.failing_since or now}
    await conn.execute(sa.update(source).where(source.c.name == name).values(changes))
    if (error is None) == (row.failing_since is None):
        return Transition.NONE
    return Transition.OUTAGE_ENDED if error is None else Transition.OUTAGE_BEGAN


async def was_read(conn: AsyncConnection, name: str) -> bool:
    """Whether it ever answered: until then, what it brings was there already."""
    first = await conn.execute(sa.select(source.c.first_succeeded_at).where(source.c.name == name))
    return first.scalar() is not None


async def states(conn: AsyncConnection) -> list[SourceState]:
    rows = await conn.execute(sa.select(source).order_by(source.c.name))
    return [SourceState(**row._mapping) for row in rows]
