"""When a channel's feed may post and when it does next: its hour, its weekdays, its round-up. Pure."""

from __future__ import annotations

import datetime as dt

from bot.model import Feed, Roundup
from bot.subscriptions import hours

MONDAY = 0
ROUNDUP_AT = dt.time(9)  # of a feed that posts on arrival
MIDNIGHT = dt.time(0)
# A feed whose hour came this long ago was kept from posting, and may find itself on another day.
PUNCTUAL = dt.timedelta(hours=1)


def first_moment(feed: Feed, now: dt.datetime) -> dt.datetime | None:
    """When it is first planned: at once, or when its hour comes; None where only round-ups are wanted."""
    if feed.roundup is Roundup.ONLY:
        return None
    return next_hour(feed, now) if feed.post_at else now


def next_hour(feed: Feed, now: dt.datetime) -> dt.datetime | None:
    """When its hour comes next; None: it posts on arrival."""
    if feed.post_at is None:
        return None
    return hours.next_moment(feed.post_at, feed.timezone, now, weekdays=feed.weekdays)


def opens(feed: Feed, now: dt.datetime) -> dt.datetime:
    """From when on something new may be posted: now, or the midnight at which the next of its days begins."""
    if hours.local_day(now, feed.timezone).weekday() in feed.weekdays:
        return now
    return hours.next_moment(MIDNIGHT, feed.timezone, now, weekdays=feed.weekdays)


def rests_until(feed: Feed, due_at: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """When to plan what was `due_at`, where now is a day on which it does not post; None: it posts now."""
    if opens(feed, now) <= now or (feed.post_at and now - due_at < PUNCTUAL):
        return None
    return next_hour(feed, now) or opens(feed, now)


def next_post(feed: Feed, now: dt.datetime) -> dt.datetime | None:
    """When a new digest would be posted; None: as soon as it comes, or never while it is paused."""
    if feed.paused or feed.roundup is Roundup.ONLY:
        return None
    moment = next_hour(feed, now) or opens(feed, now)
    return moment if moment > now else None


def next_roundup(feed: Feed, now: dt.datetime) -> dt.datetime | None:
    """Mondays at its hour; None where there is none, or while it is paused."""
    if feed.paused or feed.roundup is Roundup.OFF:
        return None
    return hours.next_moment(feed.post_at or ROUNDUP_AT, feed.timezone, now, weekdays=(MONDAY,))
