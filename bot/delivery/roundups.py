"""Planning channels' round-ups against the database, in the transaction of one batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import outbox, planner, roundup
from bot.delivery.planner import Renderers
from bot.delivery.roundup import Week
from bot.library import digests, papers
from bot.library.tables import digest
from bot.model import Feed, StoredDigest, StoredPaper
from bot.subscriptions import feeds

log = structlog.get_logger(__name__)


async def plan(conn: AsyncConnection, now: dt.datetime, render: Renderers) -> set[str]:
    """The round-ups whose moment has come; returns the workspaces with new rows. After a long absence there
    is one, of the last week."""
    due = await feeds.roundups_due(conn, now)
    if not due:
        return set()
    weeks = {one.id: roundup.week_before(now, one.timezone) for one in due}
    books = await _books(conn, due, weeks)
    ids = {paper.id for book in books for paper in book.papers}
    had = await outbox.papers_rounded_up(conn, [(one.workspace, one.channel) for one in due], ids)
    saved = {
        workspace: await papers.saved_by(conn, workspace, list(ids))
        for workspace in {one.workspace for one in due}
    }
    rows = []
    for one in due:
        wanted = _papers(one, weeks[one.id], books, now)
        new = [paper for paper in wanted if paper.id not in had[one.workspace, one.channel]]
        rows.append(planner.roundup_of(one, weeks[one.id], new, saved[one.workspace], now, render))
        log.info("planned a round-up", channel=one.channel, week=str(weeks[one.id].first), papers=len(new))
    await outbox.add(conn, rows, now)
    await feeds.rounded_up(conn, due, now)
    return {one.workspace for one in due}


def _papers(feed: Feed, week: Week, books: Iterable[StoredDigest], now: dt.datetime) -> list[StoredPaper]:
    """Each once, as the newest digest has it."""
    chosen = roundup.books_of(week, feed.timezone, books)
    found = {paper.id: paper for book in chosen for paper in planner.wanted_by(feed, book, now)}
    return list(found.values())


async def _books(conn: AsyncConnection, due: Iterable[Feed], weeks: Mapping[int, Week]) -> list[StoredDigest]:
    """Of all these weeks, oldest first. What was there before the source was known counts too: a week is
    what its days brought."""
    first = min(week.first for week in weeks.values())
    last = max(week.last for week in weeks.values())
    began = min(roundup.start(weeks[one.id], one.timezone) for one in due)
    ids = await conn.execute(
        sa.select(digest.c.id)
        .where(
            sa.or_(
                digest.c.date.between(first, last),
                sa.and_(digest.c.seen_at >= began, digest.c.postable, digest.c.date < first),
            )
        )
        .order_by(digest.c.date, digest.c.id)
    )
    found = [await digests.get(conn, digest_id) for digest_id in ids.scalars()]
    return [book for book in found if book]
