"""What a channel gets when a digest it was sent has changed: its messages changed, and only new papers new.

Pure. A message that was deleted in Slack stays deleted: its row is parked when Slack says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from bot.delivery.ledger import Sent
from bot.delivery.planner import Part, Renderers, wanted_by
from bot.model import Delivery, DeliveryKind, Feed, Layout, Message, State, StoredDigest

LONGEST = dt.timedelta(days=7)  # after that, what was posted stays as it was


def for_channel(
    feed: Feed, digest: StoredDigest, sent: Sequence[Sent], now: dt.datetime, render: Renderers
) -> tuple[Delivery, ...]:
    """Changes to the messages of `sent` that read differently now, then messages for papers that are in
    none of them. At least one row, so that this revision is known to be planned."""
    papers = wanted_by(feed, digest, now)
    had = {paper for one in sent for paper in one.papers}
    fresh = [paper for paper in papers if paper.id not in had]
    if feed.layout is Layout.THREAD and sent:
        parts = render.digest(digest, papers, feed) if papers else ()
        again = [part for part in parts if set(part.papers) <= had]
        added = [part for part in parts if not set(part.papers) <= had]
    else:
        kept = [paper for paper in papers if paper.id in had]
        again = list(render.digest(digest, kept, feed)) if kept else []
        added = list(render.digest(digest, fresh, feed)) if fresh else []
    changes = [
        _change(feed, digest, old, part.message, now)
        for old, part in _pairs(sent, again)
        if part.message != old.message
    ]
    posts = _posts(feed, digest, added, next((one.key for one in sent), None), now)
    return (*changes, *posts) or (_nothing(feed, digest, now),)


def _pairs(sent: Sequence[Sent], again: Sequence[Part]) -> list[tuple[Sent, Part]]:
    """Each old message with what it would say now: a paper's own reply by its paper, the rest in order."""
    own = {part.papers: part for part in again if part.reply and part.papers}
    rest = [part for part in again if part.papers not in own]
    old_rest = [old for old in sent if not (old.reply and old.papers)]
    pairs = [(old, own[old.papers]) for old in sent if old.papers in own]
    return [*zip(old_rest, rest, strict=False), *pairs]


def _row(feed: Feed, digest: StoredDigest, name: str, now: dt.datetime) -> Delivery:
    return Delivery(
        key=f"ch:{digest.id}:{feed.workspace}:{feed.channel}:r{digest.revision}:{name}",
        workspace=feed.workspace,
        destination=feed.channel,
        kind=DeliveryKind.CHANNEL,
        due_at=now,
        feed_id=feed.id,
        digest_id=digest.id,
        revision=digest.revision,
    )


def _change(feed: Feed, digest: StoredDigest, old: Sent, message: Message, now: dt.datetime) -> Delivery:
    return replace(_row(feed, digest, old.key.rpartition(":")[2], now), message=message, target=old.key)


def _posts(
    feed: Feed, digest: StoredDigest, parts: Sequence[Part], head: str | None, now: dt.datetime
) -> list[Delivery]:
    """Replies go into the thread that is there; where there is none, under the first of these."""
    rows: list[Delivery] = []
    for number, part in enumerate(parts):
        row = _row(feed, digest, f"new{number}", now)
        parent = (head or rows[0].key) if part.reply else None
        rows.append(replace(row, message=part.message, papers=part.papers, parent=parent))
    return rows


def _nothing(feed: Feed, digest: StoredDigest, now: dt.datetime) -> Delivery:
    row = _row(feed, digest, "same", now)
    return replace(row, state=State.SKIPPED, note=f"revision {digest.revision} changes nothing here")
