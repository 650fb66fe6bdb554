"""A process's hold on rows of the ledger: what it asks for, what it gets, and what became of each."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bot.delivery import heads
from bot.delivery.heads import Head
from bot.model import Message, State

# What a claim may end as; the claim itself is the only way to `sending`.
_ENDS = {State.SENT, State.HELD, State.UNSURE, State.PARKED}


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that this process alone may act on until `lease_until`."""

    id: int
    key: str
    workspace: str
    destination: str
    message: Message
    attempts: int
    thread_ts: str | None  # the message to reply to
    target_ts: str | None  # the message to change
    feed_id: int | None
    unsure: bool  # it may have arrived: look before sending
    looks: int  # that were made for it in vain
    attempted_at: dt.datetime  # when the last post left, or leaves now
    note: str | None

    @property
    def is_look(self) -> bool:
        """A change may run twice; a post may not."""
        return self.unsure and not self.target_ts


@dataclass(frozen=True, slots=True)
class Room:
    """How many may be claimed: to be posted or changed, and to be looked for."""

    posts: int
    looks: int
    busy: Collection[str] = ()  # lanes where nothing may be
    # Lanes that had a post lately, by when they are free again, in seconds of any clock: they take turns.
    served: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claims:
    taken: list[Claim]
    parked: list[Outcome]  # on the way: they can never be sent
    waiting: bool  # whether rows are due that had to wait: their lane is busy, or there was no room
    next_at: dt.datetime | None  # when the first of the rest is due, or a dead process's lease ends


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claim: its new state, and what goes with it."""

    id: int
    state: State
    ts: str | None = None
    note: str | None = None
    after: float = 0.0  # for held and unsure: seconds until it is looked at again
    looks: int = 0  # for unsure: how often it was looked for in vain

    def __post_init__(self) -> None:
        if self.state not in _ENDS:
            raise ValueError(f"a claim can't end as {self.state}")


def as_claim(head: Head, message: Message, now: dt.datetime) -> Claim:
    unsure = head.state == State.UNSURE.value
    return Claim(
        id=head.id,
        key=head.key,
        workspace=head.workspace,
        destination=head.destination,
        message=message,
        attempts=head.attempts + (not unsure),
        thread_ts=head.parent_ts,
        target_ts=head.target_ts,
        feed_id=head.feed_id,
        unsure=unsure,
        looks=head.looks,
        attempted_at=head.attempted_at if unsure and head.attempted_at else now,
        note=head.note,
    )


def chosen(found: Sequence[Head], room: Room, now: dt.datetime) -> list[Head]:
    """Of a workspace's heads, those to be claimed now."""
    ready = [head for head in found if heads.is_ripe(head, now) and head.destination not in room.busy]
    looks = [head for head in ready if heads.is_look(head)]
    posts = [head for head in ready if not heads.is_look(head)]
    posts.sort(key=lambda head: room.served.get(head.destination, -math.inf))
    return looks[: max(0, room.looks)] + posts[: max(0, room.posts)]


def summed_up(found: Sequence[Head], taken: list[Claim], parked: list[Outcome], now: dt.datetime) -> Claims:
    ripe = sum(heads.is_ripe(head, now) for head in found)
    moments = [head.later for head in found if not heads.is_ripe(head, now)]
    if parked:  # what stands behind is not known yet
        moments.append(now)
    return Claims(taken, parked, waiting=ripe > len(taken), next_at=min(moments, default=None))
