"""How a channel or a member stands: what came last, what is due next, and what is in the way. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from bot.delivery.reasons import Because, Channel, Follower, Reason, Row
from bot.delivery.silence import Silence
from bot.model import Frequency, Roundup, State


@dataclass(frozen=True, slots=True)
class Lane:
    """Of the ledger: the newest rows first, and those that wait, the next to be sent first."""

    recent: tuple[Row, ...] = ()
    waiting: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlook:
    last: Row | None  # sent last
    next_at: dt.datetime | None
    troubles: tuple[Because, ...] = ()
    on_arrival: bool = False  # what is next comes as soon as a digest does
    weekly_at: dt.datetime | None = None  # the round-up
    quiet: int = 0  # so many digests, or days, had nothing for them since


@dataclass(frozen=True, slots=True)
class SourceFacts:
    name: str
    date: dt.date | None  # of the newest digest
    seen_at: dt.datetime | None
    failing_since: dt.datetime | None = None
    error: str = ""
    silence: Silence | None = None


@dataclass(frozen=True, slots=True)
class Status:
    sources: tuple[SourceFacts, ...]
    channel: Outlook | None  # None: nobody asked of one
    member: Outlook
    feed: Channel | None = None
    follower: Follower | None = None


def of_channel(channel: Channel | None, lane: Lane, now: dt.datetime) -> Outlook:
    if channel is None:
        return Outlook(_last(lane), None, (Because(Reason.NO_FEED),))
    if channel.feed.paused:
        why = Because(Reason.PAUSED, channel.paused_since, note=channel.feed.paused)
        return Outlook(_last(lane), None, (why,))
    daily = channel.feed.roundup is not Roundup.ONLY
    return Outlook(
        _last(lane),
        channel.next_at if daily else None,
        _in_the_way(lane, now),
        on_arrival=daily and channel.feed.post_at is None,
        weekly_at=channel.roundup_at,
        quiet=_quiet(lane.recent),
    )


def of_member(member: Follower | None, lane: Lane, now: dt.datetime) -> Outlook:
    if member is None or not member.subscription.follows:
        return Outlook(_last(lane), None, (Because(Reason.FOLLOWS_NOTHING),))
    if member.subscription.frequency is Frequency.OFF:
        return Outlook(_last(lane), None, (Because(Reason.OFF),))
    if member.subscription.muted:
        return Outlook(_last(lane), None, (Because(Reason.MUTED),))
    return Outlook(_last(lane), member.next_at, _in_the_way(lane, now), quiet=_quiet(lane.recent))


def _last(lane: Lane) -> Row | None:
    return max((row for row in lane.recent if row.state is State.SENT), key=lambda row: row.at, default=None)


def _quiet(recent: Sequence[Row]) -> int:
    return len(list(takewhile(lambda row: row.state is State.SKIPPED, recent)))


def _in_the_way(lane: Lane, now: dt.datetime) -> tuple[Because, ...]:
    """The first that waits, for the others wait behind it; and what was given up last."""
    found = []
    for row in lane.waiting[:1]:
        if row.state in (State.HELD, State.UNSURE) or row.due_at > now:
            reason = Reason.UNSURE if row.state is State.UNSURE else Reason.WAITING
            found.append(Because(reason, row.due_at, row, note=row.note or ""))
    told = [row for row in lane.recent if row.state is not State.SKIPPED][:1]
    found += [
        Because(Reason.PARKED, row.at, row, note=row.note or "") for row in told if row.state is State.PARKED
    ]
    return tuple(found)
