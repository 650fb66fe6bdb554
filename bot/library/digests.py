"""Digests: taken in once, revised when their source changes them, read with their papers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.library import papers
from bot.library.content import Content, content_of
from bot.library.database import insert, queue_up
from bot.library.tables import digest as digest_table
from bot.library.tables import digest_paper, digest_revision, paper
from bot.model import Digest, StoredDigest

INGEST_LOCK = 0x5041504552_02  # "PAPER", and which one


class Status(StrEnum):
    NEW = "new"
    REVISED = "revised"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Ingested:
    """What taking in a digest changed. Papers are ids; `papers` is all of them in the file's order."""

    digest_id: int
    status: Status
    papers: tuple[int, ...]
    new: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """What one revision of a digest brought; the first brought all it had."""

    number: int
    seen_at: dt.datetime
    new: tuple[int, ...]
    changed: tuple[int, ...]
    gone: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    digests: int
    papers: int
    newest: dt.date | None


# --- taking in ----------------------------------------------------------------------------------


async def ingest(
    conn: AsyncConnection, digest: Digest, *, path: str, now: dt.datetime, postable: bool
) -> Ingested:
    """Compare with what is stored; store what differs; record it as a revision. ValueError without a date.

    Many may share a transaction. Whether it is postable and when it was seen stay as they were at first.
    """
    if digest.date is None:
        raise ValueError("a digest needs a date to be stored")
    await queue_up(conn, INGEST_LOCK)
    content = content_of(digest)
    stored = await _stored(conn, digest.source, digest.date)
    if stored.content_hash == content.hash:
        return Ingested(stored.id, Status.UNCHANGED, tuple(stored.ids.values()))

    due = {key: one for key, one in content.papers.items() if stored.hashes.get(key) != content.hashes[key]}
    ids = {**stored.ids, **await papers.write(conn, due, digest.date)}
    digest_id = await _write(conn, digest, content, stored.revision + 1, path, now, postable)
    if stored.revision:
        await conn.execute(sa.delete(digest_paper).where(digest_paper.c.digest_id == digest_id))
    await _list(conn, digest_id, [(ids[key], content.hashes[key]) for key in content.papers])
    ingested = Ingested(
        digest_id,
        Status.REVISED if stored.revision else Status.NEW,
        papers=tuple(ids[key] for key in content.papers),
        new=tuple(ids[key] for key in due if key not in stored.ids),
        changed=tuple(ids[key] for key in due if key in stored.ids),
        gone=tuple(ids[key] for key in stored.ids if key not in content.papers),
    )
    await _record(conn, ingested, stored.revision + 1, content.hash, now)
    return ingested


@dataclass(frozen=True, slots=True)
class Twin:
    """The same source's digest of the same day, from another file."""

    path: str
    same: bool  # whether it has the same papers, saying the same


async def twin(conn: AsyncConnection, digest: Digest, path: str) -> Twin | None:
    key = (digest_table.c.source == digest.source, digest_table.c.date == digest.date)
    known = (await conn.execute(sa.select(digest_table.c.path).where(*key))).scalar_one_or_none()
    if known is None or known == path or digest.date is None:
        return None
    stored = await _stored(conn, digest.source, digest.date)
    return Twin(known, list(stored.hashes.items()) == list(content_of(digest).hashes.items()))


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is there of a digest; by the papers' keys, in the file's order."""

    id: int = 0
    revision: int = 0
    content_hash: str = ""
    ids: Mapping[str, int] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)


async def _stored(conn: AsyncConnection, source: str, date: dt.date) -> _Stored:
    query = sa.select(digest_table.c.id, digest_table.c.revision, digest_table.c.content_hash)
    found = await conn.execute(query.where(digest_table.c.source == source, digest_table.c.date == date))
    head = found.one_or_none()
    if head is None:
        return _Stored()
    listed = (
        sa.select(paper.c.key, digest_paper.c.paper_id, digest_paper.c.content_hash)
        .join(paper)
        .where(digest_paper.c.digest_id == head.id)
        .order_by(digest_paper.c.position)
    )
    rows = (await conn.execute(listed)).all()
    ids = {row.key: row.paper_id for row in rows}
    return _Stored(*head, ids, {row.key: row.content_hash for row in rows})


async def _write(
    conn: AsyncConnection,
    digest: Digest,
    content: Content,
    revision: int,
    path: str,
    now: dt.datetime,
    postable: bool,
) -> int:
    facts = {
        "path": path,
        "revision": revision,
        "content_hash": content.hash,
        "problems": content.problems,
    }
    statement = insert(conn, digest_table).values(
        source=digest.source, date=digest.date, seen_at=now, postable=postable, **facts
    )
    upsert = statement.on_conflict_do_update(
        index_elements=["source", "date"], set_={**facts, "revised_at": now}
    )
    return int((await conn.execute(upsert.returning(digest_table.c.id))).scalar_one())


async def _list(conn: AsyncConnection, digest_id: int, listed: Sequence[tuple[int, str]]) -> None:
    rows = [
        {"digest_id": digest_id, "paper_id": paper_id, "position": position, "content_hash": content_hash}
        for position, (paper_id, content_hash) in enumerate(listed)
    ]
    if rows:
        await conn.execute(sa.insert(digest_paper), rows)


async def _record(
    conn: AsyncConnection, ingested: Ingested, revision: int, content_hash: str, now: dt.datetime
) -> None:
    await conn.execute(
        sa.insert(digest_revision).values(
            digest_id=ingested.digest_id,
            revision=revision,
            content_hash=content_hash,
            seen_at=now,
            new=ingested.new,
            changed=ingested.changed,
            gone=ingested.gone,
        )
    )


# --- reading ------------------------------------------------------------------------------------


async def get(conn: AsyncConnection, digest_id: int) -> StoredDigest | None:
    return next(iter(await _read(conn, digest_table.c.id == digest_id)), None)


async def on(conn: AsyncConnection, date: dt.date) -> list[StoredDigest]:
    """Of every source."""
    return await _read(conn, digest_table.c.date == date)


async def latest(conn: AsyncConnection, until: dt.date | None = None) -> list[StoredDigest]:
    """The newest day's, of every source that has it; none dated after `until`."""
    newest = sa.select(sa.func.max(digest_table.c.date))
    if until:
        newest = newest.where(digest_table.c.date <= until)
    return await _read(conn, digest_table.c.date == newest.scalar_subquery())


async def dates(conn: AsyncConnection, limit: int) -> list[dt.date]:
    """The days that have a digest, newest first."""
    query = sa.select(digest_table.c.date).distinct().order_by(digest_table.c.date.desc()).limit(limit)
    return list((await conn.execute(query)).scalars())


async def revisions(conn: AsyncConnection, digest_id: int) -> list[Revision]:
    """Oldest first."""
    query = sa.select(digest_revision).where(digest_revision.c.digest_id == digest_id)
    return [
        Revision(row.revision, row.seen_at, tuple(row.new), tuple(row.changed), tuple(row.gone))
        for row in await conn.execute(query.order_by(digest_revision.c.revision))
    ]


async def counts(conn: AsyncConnection) -> Counts:
    query = sa.select(
        sa.select(sa.func.count()).select_from(digest_table).scalar_subquery(),
        sa.select(sa.func.count()).select_from(paper).scalar_subquery(),
        sa.select(sa.func.max(digest_table.c.date)).scalar_subquery(),
    )
    return Counts(*(await conn.execute(query)).one())


async def _read(conn: AsyncConnection, condition: sa.ColumnElement[bool]) -> list[StoredDigest]:
    heads = (await conn.execute(sa.select(digest_table).where(condition).order_by(digest_table.c.id))).all()
    listed = (
        sa.select(digest_paper.c.digest_id, digest_paper.c.paper_id)
        .join(digest_table)
        .where(condition)
        .order_by(digest_paper.c.position)
    )
    ids: dict[int, list[int]] = defaultdict(list)
    for digest_id, paper_id in await conn.execute(listed):
        ids[digest_id].append(paper_id)
    found = await papers.get(conn, (paper_id for some in ids.values() for paper_id in some))
    return [
        StoredDigest(
            head.id,
            head.source,
            head.date,
            head.revision,
            tuple(found[paper_id] for paper_id in ids[head.id]),
            head.seen_at,
            head.revised_at,
        )
        for head in heads
    ]
