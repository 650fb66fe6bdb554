"""What a channel gets when a digest it was sent has changed: its messages changed, and only new papers new.

Pure. A message that was deleted in Slack stays deleted: its row is parked when Slack says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from bot.delivery.planner import Part, Renderers, channel_row, wanted_by
from bot.model import Delivery, Feed, Layout, Message, Sent, State, StoredDigest, StoredPaper

Papers = Sequence[StoredPaper]
Render = Callable[[Papers], Sequence[Part]]
Compared = tuple[list[tuple[Sent, Part]], list[Part]]  # old messages with what they say now; new ones

LONGEST = dt.timedelta(days=7)  # after that, what was posted stays as it was


def for_channel(
    feed: Feed, digest: StoredDigest, sent: Sequence[Sent], now: dt.datetime, render: Renderers
) -> tuple[Delivery, ...]:
    """Changes to the messages of `sent` that read differently now, then messages for papers that are in
    none of them. At least one row, so that this revision is known to be planned."""
    papers = wanted_by(feed, digest, now)
    compare = _thread if feed.layout is Layout.THREAD and sent else _batches
    pairs, added = compare(papers, sent, lambda some: render.digest(digest, some, feed))
    changes = [
        _change(feed, digest, old, part.message, now) for old, part in pairs if part.message != old.message
    ]
    posts = _posts(feed, digest, added, next((one.key for one in sent), None), now)
    return (*changes, *posts) or (_nothing(feed, digest, now),)


def _thread(papers: Papers, sent: Sequence[Sent], render: Render) -> Compared:
    """A thread's list names all papers; a paper's own reply is known by its paper."""
    parts = render(papers) if papers else ()
    replies = {one.papers: one for one in sent if one.papers}
    lists = [one for one in sent if not one.papers]
    own = [(replies[part.papers], part) for part in parts if part.papers in replies]
    listed = zip(lists, [part for part in parts if not part.papers], strict=False)
    return [*listed, *own], [part for part in parts if part.papers and part.papers not in replies]


def _batches(papers: Papers, sent: Sequence[Sent], render: Render) -> Compared:
    """What came together is rendered together again, and then what was in no message yet."""
    pairs: list[tuple[Sent, Part]] = []
    added: list[Part] = []
    left = list(papers)
    for _, batch in groupby(sent, key=attrgetter("revision")):
        messages = list(batch)
        had = {paper for one in messages for paper in one.papers}
        kept = [paper for paper in left if paper.id in had]
        left = [paper for paper in left if paper.id not in had]
        parts = list(render(kept)) if kept else []
        pairs += zip(messages, parts, strict=False)
        added += parts[len(messages) :]
    return pairs, [*added, *(render(left) if left else ())]


def _row(feed: Feed, digest: StoredDigest, name: str, now: dt.datetime) -> Delivery:
    return channel_row(feed, digest, f"r{digest.revision}:{name}", now)


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
