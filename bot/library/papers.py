"""Papers, each stored once by its key, and what members keep of them. Text is the newest digest's."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.library.database import insert
from bot.library.tables import paper, paper_tag, saved_paper, storable
from bot.model import Paper, StoredPaper

KEY_LIMIT = 500  # PostgreSQL indexes no more than about 2,700 bytes
TAG_LIMIT = 200
BATCH = 1000  # both databases take some 32,000 values in a statement
LISTS = ("authors", "summary", "github_urls", "huggingface_urls")
ARXIV_ID = re.compile(
    r"(?:^|[/:])(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?/?(?:[?#].*)?$", re.IGNORECASE
)


async def get(conn: AsyncConnection, ids: Iterable[int]) -> dict[int, StoredPaper]:
    """Those that exist, by id."""
    found: dict[int, StoredPaper] = {}
    for some in _batches(list(dict.fromkeys(ids))):
        rows = (await conn.execute(sa.select(paper).where(paper.c.id.in_(some)))).all()
        found |= {stored.id: stored for stored in await _with_tags(conn, rows)}
    return found


async def find(conn: AsyncConnection, text: str) -> StoredPaper | None:
    """By arXiv id, with or without version, or by a link to the paper."""
    text = text.strip()
    keys = [_bounded(f"url:{text}")]
    if arxiv := ARXIV_ID.search(text):
        keys.append(f"arxiv:{arxiv[1]}")
    rows = (await conn.execute(sa.select(paper).where(paper.c.key.in_(keys)))).all()
    return next(iter(await _with_tags(conn, rows)), None)


async def by_arxiv(conn: AsyncConnection, arxiv_ids: Iterable[str]) -> dict[str, StoredPaper]:
    """Those that exist, by arXiv id without version."""
    keys = {_bounded(f"arxiv:{one}") for one in arxiv_ids}
    rows = (await conn.execute(sa.select(paper).where(paper.c.key.in_(keys)))).all()
    return {stored.paper.arxiv_id or "": stored for stored in await _with_tags(conn, rows)}


async def tags(conn: AsyncConnection) -> list[tuple[str, int]]:
    """Every tag with the number of papers that carry it, the most common first."""
    count = sa.func.count()
    query = (
        sa.select(paper_tag.c.tag, count).group_by(paper_tag.c.tag).order_by(count.desc(), paper_tag.c.tag)
    )
    return [(tag, number) for tag, number in await conn.execute(query)]


async def since_seq(conn: AsyncConnection, seq: int, limit: int) -> list[tuple[int, StoredPaper]]:
    """What was written after `seq`, oldest first: (seq, paper). None is passed over, see `write`."""
    query = sa.select(paper).where(paper.c.seq > seq).order_by(paper.c.seq).limit(limit)
    rows = (await conn.execute(query)).all()
    return list(zip((row.seq for row in rows), await _with_tags(conn, rows), strict=True))


async def between(conn: AsyncConnection, first: dt.date, last: dt.date) -> list[StoredPaper]:
    """Of these days, both included; the newest first, and a day's in the order they came."""
    query = sa.select(paper).where(paper.c.date.between(first, last))
    rows = (await conn.execute(query.order_by(paper.c.date.desc(), paper.c.id))).all()
    return await _with_tags(conn, rows)


async def last_seq(conn: AsyncConnection) -> int:
    """Of the last write: as long as it is the same, so is every paper."""
    return (await conn.execute(sa.select(sa.func.max(paper.c.seq)))).scalar() or 0


async def count_since_seq(conn: AsyncConnection, seq: int) -> int:
    """How many were written after `seq`."""
    counted = await conn.execute(sa.select(sa.func.count()).select_from(paper).where(paper.c.seq > seq))
    return counted.scalar_one()


# --- what a member saved ------------------------------------------------------------------------


async def save(conn: AsyncConnection, workspace: str, member: str, paper_id: int, now: dt.datetime) -> None:
    row = {"workspace": workspace, "member": member, "paper_id": paper_id, "saved_at": now}
    await conn.execute(insert(conn, saved_paper).values(row).on_conflict_do_nothing())


async def unsave(conn: AsyncConnection, workspace: str, member: str, paper_id: int) -> None:
    await conn.execute(
        sa.delete(saved_paper).where(_owned(workspace, member), saved_paper.c.paper_id == paper_id)
    )


async def saved(
    conn: AsyncConnection, workspace: str, member: str, *, offset: int = 0, limit: int | None = None
) -> list[StoredPaper]:
    """The last saved first."""
    query = (
        sa.select(paper)
        .join(saved_paper)
        .where(_owned(workspace, member))
        .order_by(saved_paper.c.saved_at.desc(), saved_paper.c.paper_id.desc())
        .offset(offset)
        .limit(limit)
    )
    return await _with_tags(conn, (await conn.execute(query)).all())


async def saved_by(conn: AsyncConnection, workspace: str, ids: Sequence[int]) -> dict[int, int]:
    """How many members of the workspace saved each of these; those that nobody did are left out."""
    counted: dict[int, int] = {}
    for some in _batches(ids):
        rows = await conn.execute(
            sa.select(saved_paper.c.paper_id, sa.func.count())
            .where(saved_paper.c.workspace == workspace, saved_paper.c.paper_id.in_(some))
            .group_by(saved_paper.c.paper_id)
        )
        counted |= dict(iter(rows))
    return counted


async def saved_count(conn: AsyncConnection, workspace: str, member: str) -> int:
    counted = sa.select(sa.func.count()).select_from(saved_paper).where(_owned(workspace, member))
    return (await conn.execute(counted)).scalar_one()


def _owned(workspace: str, member: str) -> sa.ColumnElement[bool]:
    return sa.and_(saved_paper.c.workspace == workspace, saved_paper.c.member == member)


# --- writing, for digests.py --------------------------------------------------------------------


def key_of(one: Paper) -> str:
    return _bounded(one.key)


async def write(conn: AsyncConnection, rows: Mapping[str, Paper], date: dt.date) -> dict[str, int]:
    """Store what no digest later than `date` has written; returns the ids of all, by key.

    The caller lets one transaction do so at a time: then `seq` grows in the order of commits, and who
    follows it misses nothing.
    """
    known = await _known(conn, rows)
    due = {key: one for key, one in rows.items() if key not in known or known[key].date <= date}
    ids = {key: row.id for key, row in known.items()}
    if due:
        ids |= await _upsert(conn, due, date)
        stale = [known[key].id for key in due if key in known]
        await _retag(conn, stale, {ids[key]: one.tags for key, one in due.items()})
    return ids


async def _known(conn: AsyncConnection, keys: Iterable[str]) -> dict[str, sa.Row[Any]]:
    known: dict[str, sa.Row[Any]] = {}
    for some in _batches(list(keys)):
        query = sa.select(paper.c.key, paper.c.id, paper.c.date).where(paper.c.key.in_(some))
        known |= {row.key: row for row in await conn.execute(query)}
    return known


async def _upsert(conn: AsyncConnection, due: Mapping[str, Paper], date: dt.date) -> dict[str, int]:
    start = await last_seq(conn) + 1
    rows = [_columns(key, one, date, seq) for seq, (key, one) in enumerate(due.items(), start)]
    statement = insert(conn, paper)
    written = {column: statement.excluded[column] for column in rows[0] if column != "key"}
    upsert = statement.on_conflict_do_update(index_elements=["key"], set_=written)
    result = await conn.execute(upsert.returning(paper.c.key, paper.c.id), rows)
    return {row.key: row.id for row in result}


async def _retag(conn: AsyncConnection, stale: Sequence[int], tagged: Mapping[int, Sequence[str]]) -> None:
    for some in _batches(stale):
        await conn.execute(sa.delete(paper_tag).where(paper_tag.c.paper_id.in_(some)))
    rows = [
        {"paper_id": paper_id, "position": position, "tag": tag[:TAG_LIMIT]}
        for paper_id, names in tagged.items()
        for position, tag in enumerate(names)
    ]
    if rows:
        await conn.execute(sa.insert(paper_tag), rows)


def _columns(key: str, one: Paper, date: dt.date, seq: int) -> dict[str, Any]:
    texts = {name: getattr(one, name) for name in ("arxiv_id", "title", "url", "raw_title", "raw_summary")}
    lists = {name: list(getattr(one, name)) for name in LISTS}
    return {"key": key, **texts, **lists, "date": date, "seq": seq}


async def _with_tags(conn: AsyncConnection, rows: Sequence[sa.Row[Any]]) -> list[StoredPaper]:
    names: dict[int, list[str]] = defaultdict(list)
    for some in _batches([row.id for row in rows]):
        query = sa.select(paper_tag).where(paper_tag.c.paper_id.in_(some)).order_by(paper_tag.c.position)
        for tag in await conn.execute(query):
            names[tag.paper_id].append(tag.tag)
    return [_stored(row, names[row.id]) for row in rows]


def _stored(row: sa.Row[Any], names: Sequence[str]) -> StoredPaper:
    one = Paper(
        title=row.title,
        url=row.url,
        arxiv_id=row.arxiv_id,
        tags=tuple(names),
        raw_title=row.raw_title,
        raw_summary=row.raw_summary,
        **{name: tuple(getattr(row, name)) for name in LISTS},
    )
    return StoredPaper(row.id, one, row.date)


def _bounded(key: str) -> str:
    """A key that can be indexed, however long a hostile title or link is."""
    key = storable(key)
    if len(key) <= KEY_LIMIT:
        return key
    return key[:KEY_LIMIT] + hashlib.sha256(key.encode()).hexdigest()


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
