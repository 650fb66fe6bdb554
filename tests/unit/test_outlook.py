"""How a channel and a member stand, from what the database says."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from bot.delivery import outlook
from bot.delivery.outlook import Lane
from bot.delivery.reasons import Channel, Follower, Reason, Row
from bot.model import Feed, Follow, FollowKind, Frequency, Roundup, State, Subscription

NOW = dt.datetime(2025, 4, 30, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
CHANNEL = Channel(Feed("T1", "C1", post_at=dt.time(9)), 0, True, NOW + DAY, NOW + 5 * DAY)
MEMBER = Follower(Subscription("T1", "U1", follows=(Follow(FollowKind.TAG, "Audio"),)), NOW + DAY)


def row(state: State, days: int = 0, **given: Any) -> Row:
    return Row(f"key{days}", state, NOW - days * DAY, NOW - days * DAY, NOW - days * DAY, **given)


def test_all_is_well() -> None:
    sent = row(State.SENT, 2)
    lane = Lane((row(State.SKIPPED), row(State.SKIPPED, 1), sent, row(State.SENT, 3)))
    of_channel, of_member = outlook.of_channel(CHANNEL, lane, NOW), outlook.of_member(MEMBER, lane, NOW)
    for found in (of_channel, of_member):
        assert (found.last, found.next_at, found.quiet, found.troubles) == (sent, NOW + DAY, 2, ())
    assert of_channel.weekly_at == NOW + 5 * DAY and not of_channel.on_arrival


def test_what_comes_by_the_week_is_not_due_by_the_day() -> None:
    only = replace(CHANNEL, feed=replace(CHANNEL.feed, roundup=Roundup.ONLY, post_at=None))
    found = outlook.of_channel(only, Lane(), NOW)
    assert (found.next_at, found.on_arrival, found.weekly_at) == (None, False, NOW + 5 * DAY)


@pytest.mark.parametrize(
    ("waits", "reason"),
    [
        (row(State.HELD), Reason.WAITING),
        (row(State.UNSURE), Reason.UNSURE),
        (row(State.PLANNED, -1), Reason.WAITING),
        (row(State.PLANNED), None),
        (row(State.SENDING), None),
    ],
)
def test_what_waits(waits: Row, reason: Reason | None) -> None:
    for found in (
        outlook.of_channel(CHANNEL, Lane((), (waits,)), NOW),
        outlook.of_member(MEMBER, Lane((), (waits,)), NOW),
    ):
        assert [one.reason for one in found.troubles] == ([reason] if reason else [])


def test_what_was_given_up_last_and_not_what_was_mended() -> None:
    lost = Lane((row(State.PARKED, note="is_archived: …"), row(State.SENT, 1)))
    assert [one.reason for one in outlook.of_channel(CHANNEL, lost, NOW).troubles] == [Reason.PARKED]
    mended = Lane((row(State.SENT), row(State.PARKED, 1)))
    assert outlook.of_channel(CHANNEL, mended, NOW).troubles == ()


def test_what_stands_in_the_way() -> None:
    lane = Lane((row(State.SENT, 4),))
    paused = replace(CHANNEL, feed=replace(CHANNEL.feed, paused="not_in_channel"), paused_since=NOW - DAY)
    found = outlook.of_channel(paused, lane, NOW)
    assert found.last and found.next_at is None
    assert [(one.reason, one.at) for one in found.troubles] == [(Reason.PAUSED, NOW - DAY)]
    assert [one.reason for one in outlook.of_channel(None, Lane(), NOW).troubles] == [Reason.NO_FEED]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"follows": ()}, Reason.FOLLOWS_NOTHING),
        ({"frequency": Frequency.OFF}, Reason.OFF),
        ({"muted": True}, Reason.MUTED),
    ],
)
def test_what_a_member_chose(change: dict[str, Any], reason: Reason) -> None:
    found = outlook.of_member(
        replace(MEMBER, subscription=replace(MEMBER.subscription, **change)), Lane(), NOW
    )
    assert [one.reason for one in found.troubles] == [reason] and found.next_at is None
    assert outlook.of_member(None, Lane(), NOW).troubles[0].reason is Reason.FOLLOWS_NOTHING
