"""Planning against the database: finds whose moment has come, asks the planner, and writes the outbox.

Batch by batch, each read and written in one transaction, and each row's key is unique: running twice, in
two processes at once, or again after a death between batches, plans once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import outbox, planner, revising, roundups
from bot.delivery.planner import HORIZON, Part, Renderers
from bot.library import digests, papers
from bot.library.database import Database
from bot.library.dates import comes_of_age, last_day
from bot.library.tables import delivery, digest, feed, source
from bot.model import Delivery, Feed, Frequency, OnEmpty, Roundup, StoredDigest, Subscription
from bot.subscriptions import agenda, calendar, feeds, members
from bot.subscriptions.feeds import DueFeed
from bot.subscriptions.finder import Finder

log = structlog.get_logger(__name__)

REVISIONS = 100  # of a digest for a feed, in a transaction
WORDINGS = 200  # that are kept at a time, of a digest for a filter and a layout


@dataclass(slots=True)
class _Known:
    """What one run of planning worked out, and need not work out again for the next batch."""

    # By digest, filter and layout.
    parts: dict[tuple[object, ...], Sequence[Part]] = field(default_factory=dict)
    finder: Finder = field(default_factory=partial(Finder, ()))
    books: tuple[tuple[int, int], ...] = ()  # the finder's digests, and which revision of each


@dataclass(frozen=True, slots=True)
class Planning:
    database: Database
    render: Renderers
    first_run_latest: bool
    max_age: dt.timedelta | None
    sources: frozenset[str]  # the configured ones: a feed's first run waits until each was tried

    async def plan(self, now: dt.datetime) -> set[str]:
        """Plan every feed and member whose moment has come; returns the workspaces with new rows."""
        woken: set[str] = set()
        known = _Known()
        while await self._has_work(now) and (batch := await self._plan_batch(now, known)):
            woken |= batch
        return woken

    async def _has_work(self, now: dt.datetime) -> bool:
        """Only read, since hardly any look finds some: a transaction that writes would hold others up."""
        async with self.database.glance() as conn:
            return await agenda.has_come(conn, now) or bool(await self._revised(conn, now))

    async def _plan_batch(self, now: dt.datetime, known: _Known) -> set[str]:
        async with self.database.begin() as conn:
            woken = await self._plan_feeds(conn, now, known) | await self._plan_members(conn, now, known)
            woken |= await roundups.plan(conn, now, self.render)
            return woken or await self.plan_revisions(conn, now)

    # --- channels -------------------------------------------------------------------------------

    async def _plan_feeds(self, conn: AsyncConnection, now: dt.datetime, known: _Known) -> set[str]:
        due = await self._open(conn, await feeds.due(conn, now), now)
        if any(not one.started for one in due) and not await self._sources_tried(conn):
            due = [one for one in due if one.started]
        if not due:
            return set()
        wanted = await self._unplanned(conn, due, now)
        latest = await digests.latest(conn, last_day(now))
        had = await self._had(conn, due, latest)
        books = await _load(conn, {one for ids in wanted.values() for one in ids})
        next_arrival = await self._next_arrival(conn, now)
        found: list[Delivery] = []
        for one in due:
            chosen = [books[digest_id] for digest_id in wanted.get(one.feed.id, ())]
            if self.first_run_latest and not one.started:
                key = one.feed.workspace, one.feed.channel
                chosen = _with(chosen, (book for book in latest if (*key, book.id) not in had))
            for each in chosen:
                rows = planner.for_channel(one.feed, each, self._parts(one.feed, each, now, known), now)
                log.info("planned", channel=one.feed.channel, digest=str(each.date), rows=len(rows))
                found += rows
        await outbox.add(conn, found, now)
        await feeds.planned(conn, [one.feed for one in due], now, next_arrival=next_arrival)
        return {one.feed.workspace for one in due}

    async def _open(self, conn: AsyncConnection, due: Sequence[DueFeed], now: dt.datetime) -> list[DueFeed]:
        """Those that post today; the others wait for a day of theirs."""
        rest = {one.feed.id: calendar.rests_until(one.feed, one.due_at, now) for one in due}
        await feeds.rest(conn, [(one.feed, moment) for one in due if (moment := rest[one.feed.id])])
        return [one for one in due if rest[one.feed.id] is None]

    async def _had(
        self, conn: AsyncConnection, due: Iterable[DueFeed], latest: Iterable[StoredDigest]
    ) -> set[tuple[str, str, int]]:
        """Which of `latest` the channels of new feeds were given before: by a feed that was removed since."""
        new = [one.feed for one in due if not one.started]
        rows = await conn.execute(
            sa.select(delivery.c.workspace, delivery.c.destination, delivery.c.digest_id).where(
                delivery.c.digest_id.in_([book.id for book in latest]),
                delivery.c.destination.in_([one.channel for one in new]),
            )
        )
        return {(workspace, channel, digest_id) for workspace, channel, digest_id in rows}

    def _parts(self, feed: Feed, digest: StoredDigest, now: dt.datetime, known: _Known) -> Sequence[Part]:
        """Worded once, however many feeds have the same filter and layout."""
        notice = feed.on_empty is OnEmpty.NOTICE  # it says when the next comes
        hours = (feed.post_at, feed.timezone, feed.weekdays) if notice else ()
        wording = digest.id, digest.revision, feed.filter, feed.layout, feed.on_empty, hours
        if wording not in known.parts:
            if len(known.parts) >= WORDINGS:
                known.parts.clear()
            known.parts[wording] = planner.parts_of(feed, digest, now, self.render)
        return known.parts[wording]

    async def _sources_tried(self, conn: AsyncConnection) -> bool:
        tried = await conn.execute(sa.select(source.c.name).where(source.c.attempted_at.is_not(None)))
        return self.sources <= set(tried.scalars())

    async def _unplanned(
        self, conn: AsyncConnection, due: Iterable[DueFeed], now: dt.datetime
    ) -> dict[int, list[int]]:
        """Ids of digests a feed: seen since the feed began, and without a row in the ledger; oldest first."""
        planned = sa.exists().where(delivery.c.feed_id == feed.c.id, delivery.c.digest_id == digest.c.id)
        rows = await conn.execute(
            sa.select(feed.c.id, digest.c.id)
            .join(digest, digest.c.id > feed.c.after_digest)
            .where(
                feed.c.id.in_([one.feed.id for one in due]),
                digest.c.postable,
                digest.c.date <= last_day(now),
                digest.c.seen_at > now - HORIZON,
                ~planned,
            )
            .order_by(digest.c.date, digest.c.id)
        )
        wanted: dict[int, list[int]] = {}
        for feed_id, digest_id in rows:
            wanted.setdefault(feed_id, []).append(digest_id)
        return wanted

    async def _next_arrival(self, conn: AsyncConnection, now: dt.datetime) -> dt.datetime | None:
        """When the first of the digests that are dated in the future may be posted."""
        first = await conn.execute(
            sa.select(sa.func.min(digest.c.date)).where(digest.c.postable, digest.c.date > last_day(now))
        )
        date = first.scalar_one()
        return comes_of_age(date) if date else None

    async def plan_revisions(self, conn: AsyncConnection, now: dt.datetime) -> set[str]:
        """Digests that changed after a feed was given them. A feed that another planner holds waits for the
        next time: side by side, each would miss what the other adds, and add it too."""
        woken = set()
        for feed_id, digest_id in await self._revised(conn, now):
            one = await feeds.hold(conn, feed_id)
            book = await digests.get(conn, digest_id) if one else None
            if one and book:
                sent = await outbox.sent(conn, feed_id, digest_id)
                rows = revising.for_channel(one, book, sent, now, self.render)
                await outbox.add(conn, rows, now)
                log.info("revised", channel=one.channel, digest=str(book.date), rows=len(rows))
                woken.add(one.workspace)
        return woken

    async def _revised(self, conn: AsyncConnection, now: dt.datetime) -> list[tuple[int, int]]:
        """Some (feed, digest) where the digest is of a later revision than what was planned of it."""
        recent = now - revising.LONGEST
        changed = await conn.execute(
            sa.select(digest.c.id).where(digest.c.revised_at > recent, digest.c.seen_at > recent)
        )
        ids = list(changed.scalars())
        if not ids:
            return []
        rows = await conn.execute(
            sa.select(delivery.c.feed_id, delivery.c.digest_id)
            .join(digest, digest.c.id == delivery.c.digest_id)
            .join(feed, feed.c.id == delivery.c.feed_id)
            .where(
                delivery.c.digest_id.in_(ids),
                feed.c.paused.is_(None),
                feed.c.removed_at.is_(None),
                feed.c.roundup != Roundup.ONLY.value,
            )
            .group_by(delivery.c.feed_id, delivery.c.digest_id, digest.c.revision)
            .having(sa.func.max(delivery.c.revision) < digest.c.revision)
            .limit(REVISIONS)
        )
        return [(feed_id, digest_id) for feed_id, digest_id in rows]

    # --- members --------------------------------------------------------------------------------

    async def _plan_members(self, conn: AsyncConnection, now: dt.datetime, known: _Known) -> set[str]:
        due = await members.due(conn, now)
        if not due:
            return set()
        starts = {id(one): planner.member_window(one, now, self.max_age) for one in due}
        recent = await self._recent(conn, min(starts.values()), now)
        latest = await digests.latest(conn, last_day(now)) if self.first_run_latest else []
        finder = _finder((*recent, *latest), known)
        finder.learn(follow for one in due for follow in one.follows)
        who = [(one.workspace, one.member) for one in due]
        had = await outbox.papers_had(conn, who, finder.papers)
        hidden = await outbox.papers_hidden(conn, who, finder.papers)
        saved = await _saved(conn, due, finder.papers)
        rows: dict[str, Subscription] = {}
        found: list[Delivery] = []
        for one in due:
            books = [each for each in recent if each.changed_at > starts[id(one)]]
            if one.last_at is None:
                books = _with(books, latest)
            key = one.workspace, one.member
            without = had[key] | hidden[key]
            row = planner.for_member(one, books, without, finder, saved[one.workspace], now, self.render)
            rows[row.key] = one
            found.append(row)
        # A row of today that is there already (the member moved the hour) keeps its papers; these wait.
        added = await outbox.add(conn, found, now)
        await members.planned(conn, [(one, key in added) for key, one in rows.items()], now)
        return {one.workspace for one in due}

    async def _recent(
        self, conn: AsyncConnection, since: dt.datetime, now: dt.datetime
    ) -> list[StoredDigest]:
        changed = sa.func.coalesce(digest.c.revised_at, digest.c.seen_at)
        ids = await conn.execute(
            sa.select(digest.c.id)
            .where(digest.c.postable, changed > since, digest.c.date <= last_day(now))
            .order_by(digest.c.date, digest.c.id)
        )
        return list((await _load(conn, ids.scalars())).values())


async def _saved(
    conn: AsyncConnection, due: Iterable[Subscription], some: Collection[int]
) -> dict[str, dict[int, int]]:
    """By workspace, by how many members each paper is saved; asked only for weekly digests, which show it."""
    weekly = {one.workspace for one in due if one.frequency is Frequency.WEEKLY}
    return {
        one.workspace: await papers.saved_by(conn, one.workspace, list(some))
        if one.workspace in weekly
        else {}
        for one in {one.workspace: one for one in due}.values()
    }


def _finder(books: Sequence[StoredDigest], known: _Known) -> Finder:
    """For the papers of these; the one that is known, where it is for the same."""
    revisions = tuple((book.id, book.revision) for book in books)
    if revisions != known.books:
        known.books = revisions
        known.finder = Finder({paper.id: paper for book in books for paper in book.papers}.values())
    return known.finder


async def _load(conn: AsyncConnection, ids: Iterable[int]) -> dict[int, StoredDigest]:
    found = {digest_id: await digests.get(conn, digest_id) for digest_id in ids}
    return {digest_id: one for digest_id, one in found.items() if one}


def _with(chosen: list[StoredDigest], latest: Iterable[StoredDigest]) -> list[StoredDigest]:
    """`chosen` and the newest of what is already there, each once, oldest first."""
    each = {one.id: one for one in (*chosen, *latest)}
    return sorted(each.values(), key=lambda one: (one.date, one.id))
