"""Who gets what: pure decisions over digests, feeds and follows. Data and `now` in, deliveries out.

Rendering is passed in, so that these rules know nothing of Slack's shapes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.library import query
from bot.model import (
    Delivery,
    DeliveryKind,
    Feed,
    Frequency,
    Match,
    Message,
    OnEmpty,
    State,
    StoredDigest,
    StoredPaper,
    Subscription,
)
from bot.subscriptions import hours, matching
from bot.subscriptions.finder import Finder

# A digest being stored while members are planned is seen before, and visible after.
OVERLAP = dt.timedelta(minutes=10)


class Part(Protocol):
    """One message of several: what it says, which papers it carries, whether it replies to the first."""

    @property
    def message(self) -> Message: ...
    @property
    def papers(self) -> tuple[int, ...]: ...
    @property
    def reply(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Renderers:
    """How deliveries are worded; slack/blocks has the real ones."""

    digest: Callable[[StoredDigest, Sequence[StoredPaper], Feed], Sequence[Part]]
    empty: Callable[[StoredDigest, Feed], Part]
    member: Callable[[dt.date, Sequence[Match], bool], Part]  # True: weekly


def parts_of(feed: Feed, digest: StoredDigest, now: dt.datetime, render: Renderers) -> Sequence[Part]:
    """What a channel with such a filter and layout gets of `digest`, in order; nothing where nothing matches
    and nobody wants to hear of that."""
    if papers := wanted_by(feed, digest, now):
        return render.digest(digest, papers, feed)
    return [render.empty(digest, feed)] if feed.on_empty is OnEmpty.NOTICE else []


def for_channel(
    feed: Feed, digest: StoredDigest, parts: Sequence[Part], now: dt.datetime
) -> tuple[Delivery, ...]:
    """What `feed` gets of `digest`: its parts in order, or one row that says why there is nothing."""
    if not parts:
        return (_skipped(feed, digest, now),)
    rows = [channel_row(feed, digest, str(number), now) for number in range(len(parts))]
    return tuple(
        replace(row, message=part.message, papers=part.papers, parent=rows[0].key if part.reply else None)
        for row, part in zip(rows, parts, strict=True)
    )


def wanted_by(feed: Feed, digest: StoredDigest, now: dt.datetime) -> list[StoredPaper]:
    """The papers that the feed's filter lets through."""
    known = {tag for one in digest.papers for tag in one.paper.tags}
    keep = matching.compile_filter(query.parse(feed.filter, today=now.date(), known=known))
    return [one for one in digest.papers if keep(matching.PaperText(one.paper, digest.date))]


def channel_row(feed: Feed, digest: StoredDigest, name: str, now: dt.datetime) -> Delivery:
    """One of `feed`'s rows for `digest`, which `name` tells from the others, with nothing to say yet."""
    return Delivery(
        key=f"ch:{digest.id}:{feed.workspace}:{feed.channel}:{name}",
        workspace=feed.workspace,
        destination=feed.channel,
        kind=DeliveryKind.CHANNEL,
        due_at=now,
        feed_id=feed.id,
        digest_id=digest.id,
        revision=digest.revision,
    )


def _skipped(feed: Feed, digest: StoredDigest, now: dt.datetime) -> Delivery:
    found = "the digest has no papers" if not digest.papers else f"no paper matches “{feed.filter}”"
    return replace(channel_row(feed, digest, "0", now), state=State.SKIPPED, note=found)


def for_member(
    subscription: Subscription,
    digests: Sequence[StoredDigest],
    had: Collection[int],
    finder: Finder,
    now: dt.datetime,
    render: Renderers,
) -> Delivery:
    """One message with each paper of `digests` that the member follows and never `had`, or a skipped row."""
    found = finder.find(subscription.follows)
    papers = {one.id: one for digest in digests for one in digest.papers if one.id in found}
    matches = [Match(one, found[one.id]) for one in papers.values() if one.id not in had]
    day = hours.local_day(now, subscription.timezone)
    weekly = subscription.frequency is Frequency.WEEKLY
    return Delivery(
        key=f"dm:{subscription.workspace}:{subscription.member}:{day.isoformat()}",
        workspace=subscription.workspace,
        destination=subscription.member,
        kind=DeliveryKind.MEMBER,
        due_at=now,
        message=render.member(day, matches, weekly).message if matches else None,
        state=State.PLANNED if matches else State.SKIPPED,
        papers=tuple(match.paper.id for match in matches),
        note=None if matches else "nothing new among what this member follows",
    )


def member_window(subscription: Subscription, now: dt.datetime, max_age: dt.timedelta | None) -> dt.datetime:
    """From when on digests are looked at: the last time, or one period back for the first; not older
    than `max_age`, so that a long absence does not end in a flood. What was had is left out anyway."""
    period = dt.timedelta(days=7 if subscription.frequency is Frequency.WEEKLY else 1)
    since = subscription.last_at - OVERLAP if subscription.last_at else now - period
    return since if max_age is None else max(since, now - max(max_age, period))
