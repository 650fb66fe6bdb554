"""Who gets what: pure decisions over digests, feeds and follows. Data and `now` in, deliveries out.

Rendering is passed in, so that these rules know nothing of Slack's shapes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.delivery import keys
from bot.delivery.roundup import Topic, Week, by_topic
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
# A digest that no feed's hour came for in this time is no news any more (an outage of the whole bot).
HORIZON = dt.timedelta(days=30)


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
    member: Callable[[dt.date, Sequence[Match]], Part]
    # A member's has a day, and no feed; a channel's is of the week before that day, a Monday.
    roundup: Callable[[dt.date, Sequence[Topic], Feed | None], Part]


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
    """The papers that the feed's filter lets through; a tag in it is no word on a day without such a tag."""
    keep = matching.compile_filter(query.parse(feed.filter, today=now.date(), known=None))
    return [one for one in digest.papers if keep(matching.PaperText(one.paper, digest.date))]


def channel_row(feed: Feed, digest: StoredDigest, name: str, now: dt.datetime) -> Delivery:
    """One of `feed`'s rows for `digest`, which `name` tells from the others, with nothing to say yet."""
    return Delivery(
        key=keys.channel(digest.id, feed.workspace, feed.channel, name),
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
    saved: Mapping[int, int],
    now: dt.datetime,
    render: Renderers,
) -> Delivery:
    """One message with each paper of `digests` that the member follows and never `had`, or a skipped row.

    `saved`: by how many of the workspace each paper is, for a weekly one.
    """
    found = finder.find(subscription.follows)
    papers = {one.id: one for digest in digests for one in digest.papers if one.id in found}
    matches = [Match(one, found[one.id]) for one in papers.values() if one.id not in had]
    day = hours.local_day(now, subscription.timezone)
    message = None
    if matches and subscription.frequency is Frequency.WEEKLY:
        message = render.roundup(day, by_topic(matches, saved), None).message
    elif matches:
        message = render.member(day, matches).message
    return Delivery(
        key=keys.member(subscription.workspace, subscription.member, day),
        workspace=subscription.workspace,
        destination=subscription.member,
        kind=DeliveryKind.MEMBER,
        due_at=now,
        message=message,
        state=State.PLANNED if matches else State.SKIPPED,
        papers=tuple(match.paper.id for match in matches),
        note=None if matches else "nothing new among what this member follows",
    )


def roundup_of(
    feed: Feed,
    week: Week,
    papers: Sequence[StoredPaper],
    saved: Mapping[int, int],
    now: dt.datetime,
    render: Renderers,
) -> Delivery:
    """A channel's week in one message, or one row that says that there was nothing."""
    matches = [Match(one, ()) for one in papers]
    row = Delivery(
        key=keys.week(feed.workspace, feed.channel, week.monday),
        workspace=feed.workspace,
        destination=feed.channel,
        kind=DeliveryKind.CHANNEL,
        due_at=now,
        feed_id=feed.id,
        papers=tuple(one.id for one in papers),
    )
    if matches or feed.on_empty is OnEmpty.NOTICE:
        part = render.roundup(week.monday, by_topic(matches, saved), feed)
        return replace(row, message=part.message)
    return replace(row, state=State.SKIPPED, note="no paper of the week matches")


def member_window(subscription: Subscription, now: dt.datetime, max_age: dt.timedelta | None) -> dt.datetime:
    """From when on digests are looked at: the last time, or one period back for the first; not older
    than `max_age`, so that a long absence does not end in a flood. What was had is left out anyway."""
    period = dt.timedelta(days=7 if subscription.frequency is Frequency.WEEKLY else 1)
    since = subscription.last_at - OVERLAP if subscription.last_at else now - period
    return since if max_age is None else max(since, now - max(max_age, period))
