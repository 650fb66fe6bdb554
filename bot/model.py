"""What every room speaks of: papers, digests, feeds, follows and deliveries, as frozen values.

No dialect of a digest, no table of the database and no shape of Slack's reaches this file.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a digest that could not be read as it stands, with what to do about it."""

    line: int  # from 1
    message: str
    paper: str | None = None  # the title of the row it happened in, where there is one


@dataclass(frozen=True, slots=True)
class Paper:
    """One row of a digest. Text is repaired for people; `raw_*` is what the file said."""

    title: str
    url: str | None = None  # http(s) only
    arxiv_id: str | None = None  # without version: "2504.15376", "cs/0112017"
    authors: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()  # a string a point; prose is one string
    tags: tuple[str, ...] = ()
    github_urls: tuple[str, ...] = ()
    huggingface_urls: tuple[str, ...] = ()
    raw_title: str = ""
    raw_summary: str = ""

    @property
    def key(self) -> str:
        """What makes two rows the same paper: the arXiv id, else the link, else the title's letters."""
        if self.arxiv_id:
            return f"arxiv:{self.arxiv_id}"
        if self.url:
            return f"url:{self.url}"
        return "title:" + re.sub(r"\W+", "-", self.title.casefold()).strip("-")


@dataclass(frozen=True, slots=True)
class Digest:
    """One day of one source. `date` is None where neither heading nor path tells it."""

    date: dt.date | None
    source: str
    papers: tuple[Paper, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredPaper:
    """A paper as the library holds it."""

    id: int
    paper: Paper
    date: dt.date  # of the newest digest that carries it


@dataclass(frozen=True, slots=True)
class StoredDigest:
    """A digest as the library holds it: papers in the file's order."""

    id: int
    source: str
    date: dt.date
    revision: int
    papers: tuple[StoredPaper, ...]
    seen_at: dt.datetime
    revised_at: dt.datetime | None = None

    @property
    def changed_at(self) -> dt.datetime:
        return self.revised_at or self.seen_at


@dataclass(frozen=True, slots=True)
class Saved:
    """A page of what a member saved, or all of it."""

    papers: tuple[StoredPaper, ...] = ()
    total: int = 0
    offset: int = 0


class Layout(StrEnum):
    THREAD = "thread"
    FULL = "full"
    COMPACT = "compact"


class OnEmpty(StrEnum):
    SILENT = "silent"
    NOTICE = "notice"


class Roundup(StrEnum):
    """The week's papers in one message, beside the daily ones or instead of them."""

    OFF = "off"
    ALSO = "also"
    ONLY = "only"


EVERY_DAY = tuple(range(7))


@dataclass(frozen=True, slots=True)
class Feed:
    """What one channel gets of each new digest, and when."""

    workspace: str  # Slack team id
    channel: str  # Slack channel id
    post_at: dt.time | None = None  # local to `timezone`; None: as soon as it arrives
    timezone: str = "UTC"
    filter: str = ""  # the search language; "" lets everything through
    layout: Layout = Layout.THREAD
    on_empty: OnEmpty = OnEmpty.SILENT
    weekdays: tuple[int, ...] = EVERY_DAY  # of `timezone`, on which it may post; Monday is 0, and they rise
    roundup: Roundup = Roundup.OFF
    id: int = 0
    owner: str | None = None  # the member who set it up; None: the configuration file
    paused: str | None = None  # why it is paused; None: it runs
    made_at: dt.datetime | None = None


class FollowKind(StrEnum):
    TAG = "tag"
    AUTHOR = "author"
    PHRASE = "phrase"
    SEARCH = "search"  # a filter, in the search language


@dataclass(frozen=True, slots=True)
class Follow:
    """One thing a member follows. A tag is its canonical name; a family's name brings its children.
    A search holds no dates, so that it reads the same on any day."""

    kind: FollowKind
    value: str


class Frequency(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A member's own digest: what they follow, how often, and at which hour of their own day."""

    workspace: str
    member: str  # Slack user id
    timezone: str = "UTC"
    frequency: Frequency = Frequency.DAILY
    at: dt.time = dt.time(9, 0)
    follows: tuple[Follow, ...] = ()
    last_at: dt.datetime | None = None  # UTC; the moment up to which papers were considered
    weekday: int = 0  # of a weekly digest; Monday is 0
    muted: bool = False  # nothing comes by itself


@dataclass(frozen=True, slots=True)
class Match:
    """A paper, and why a member gets it, in words: ("Robotics", "author Yi Peng")."""

    paper: StoredPaper
    reasons: tuple[str, ...]


class State(StrEnum):
    """Where a delivery stands; delivery/ledger.py guards the ways between them."""

    PLANNED = "planned"
    HELD = "held"  # due_at says until when
    SENDING = "sending"
    SENT = "sent"
    UNSURE = "unsure"  # the request left, and no answer came
    PARKED = "parked"  # given up, with the reason
    SKIPPED = "skipped"  # nothing to say


class DeliveryKind(StrEnum):
    CHANNEL = "channel"
    MEMBER = "member"
    NOTICE = "notice"  # a word to an owner or an operator
    ANSWER = "answer"  # what a member asked for, and gets even while nothing comes by itself


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to Slack: blocks for the eye, text for notifications and screen readers."""

    text: str
    blocks: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing to send, once. `key` is unique for ever; a reply waits for its `parent`'s ts."""

    key: str
    workspace: str
    destination: str  # channel or user id: a lane
    kind: DeliveryKind
    due_at: dt.datetime  # UTC, aware
    message: Message | None = None  # None: skipped, nothing to say
    state: State = State.PLANNED
    parent: str | None = None  # the key of the message this one replies to
    target: str | None = None  # the key of the message this one changes
    revision: int = 0  # the digest's, when this was planned
    feed_id: int | None = None
    digest_id: int | None = None
    papers: tuple[int, ...] = ()  # ids of the papers it carries
    note: str | None = None  # why it was skipped, parked or held
    id: int = 0
    attempts: int = 0
    slack_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that stands, or will stand, in a channel, with the ids of the papers it presents."""

    key: str
    revision: int  # of the digest, with which it came
    papers: tuple[int, ...]
    reply: bool
    message: Message
