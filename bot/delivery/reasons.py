"""What can be said of why a paper came or did not, and the facts that say it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.delivery import keys
from bot.model import Feed, Follow, State, Subscription


class Reason(StrEnum):
    """In the order of how much hope there is: of several digests that carry a paper, the first one tells."""

    SENT = "sent"
    CAPPED = "capped"  # sent, and counted there under "and N more"
    SENDING = "sending"
    UNSURE = "unsure"  # the request left and no answer came
    WAITING = "waiting"  # planned or held: `row` says until when, and why
    PARKED = "parked"  # given up
    NOT_DUE = "not due"
    FUTURE = "future"  # its digest is of a day to come
    NEXT_WEEK = "next week"  # it comes with the round-up
    # A channel
    NO_FEED = "no feed"
    PAUSED = "paused"
    FILTERED = "filtered"
    CHANGED = "changed"  # it would come by the feed as it is now, and had its turn before
    # A member
    HIDDEN = "hidden"
    FOLLOWS_NOTHING = "follows nothing"
    NOT_FOLLOWED = "not followed"
    EXCLUDED = "excluded"  # by a search that is followed
    OFF = "off"
    MUTED = "muted"
    FOLLOWED_SINCE = "followed since"  # its digest came before
    PASSED = "passed"  # its digest came before the time that the next one looks back on
    # Either
    BEFORE = "before"  # the feed was set up, or while it was paused
    ALREADY_THERE = "already there"  # when the source was read for the first time
    TOO_OLD = "too old"  # when first seen
    TOO_LATE = "too late"  # the whole bot was away for too long
    GONE = "gone"  # from its digest, which was revised


@dataclass(frozen=True, slots=True)
class Row:
    """Of the ledger, as far as it answers why."""

    key: str
    state: State
    due_at: dt.datetime
    created_at: dt.datetime
    done_at: dt.datetime | None = None
    ts: str | None = None
    note: str | None = None
    digest_id: int | None = None
    revision: int = 0
    names_it: bool = True  # False: the paper is only counted there

    @property
    def weekly(self) -> bool:
        return self.key.startswith(keys.WEEK)

    @property
    def at(self) -> dt.datetime:
        return self.done_at or self.created_at


@dataclass(frozen=True, slots=True)
class Carrier:
    """A digest that has the paper."""

    digest_id: int
    source: str
    date: dt.date
    revision: int
    seen_at: dt.datetime
    changed_at: dt.datetime
    postable: bool
    already_there: bool  # when its source was read for the first time
    newest: bool  # of the newest day


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that has a feed."""

    feed: Feed
    after_digest: int
    started: bool
    next_at: dt.datetime | None
    roundup_at: dt.datetime | None
    paused_since: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Follower:
    subscription: Subscription
    next_at: dt.datetime | None
    since: Mapping[Follow, dt.datetime] = field(default_factory=dict)
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """The operator's settings that decide here."""

    first_run_latest: bool
    max_age: dt.timedelta | None


@dataclass(frozen=True, slots=True)
class Because:
    reason: Reason
    at: dt.datetime | None = None  # when it was sent, or will be
    row: Row | None = None
    others: tuple[Row, ...] = ()  # messages that carry it too
    carrier: Carrier | None = None
    matched: tuple[str, ...] = ()  # what lets it through: a filter, or what is followed
    excluded_by: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """To a channel and to the member who asks; None: nobody asked of a channel."""

    channel: Because | None
    member: Because
