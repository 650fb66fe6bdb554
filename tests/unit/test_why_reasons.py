"""Why a paper came or did not: each reason from its facts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from bot.delivery import why
from bot.delivery.reasons import Because, Carrier, Channel, Follower, Policy, Reason, Row
from bot.model import (
    Feed,
    Follow,
    FollowKind,
    Frequency,
    Paper,
    Roundup,
    State,
    StoredPaper,
    Subscription,
)

NOW = dt.datetime(2025, 4, 30, 12, tzinfo=dt.UTC)  # a Wednesday
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
TOMORROW = NOW + DAY
PAPER = StoredPaper(
    7,
    Paper("A Survey of Grasping", url="https://arxiv.org/abs/2504.1", tags=("Robotics",)),
    dt.date(2025, 4, 30),
)
CARRIER = Carrier(
    11, "local", PAPER.date, 1, NOW - HOUR, NOW - HOUR, postable=True, already_there=False, newest=True
)
FEED = Feed("T1", "C1", post_at=dt.time(9), filter="tag:robotics", id=1)
CHANNEL = Channel(FEED, after_digest=10, started=True, next_at=TOMORROW, roundup_at=None)
ROBOTICS = Follow(FollowKind.TAG, "Robotics")
SUBSCRIPTION = Subscription("T1", "U1", follows=(ROBOTICS,), last_at=NOW - 3 * HOUR)
MEMBER = Follower(SUBSCRIPTION, TOMORROW, {ROBOTICS: NOW - 9 * DAY})
POLICY = Policy(first_run_latest=True, max_age=3 * DAY)
SENT = Row("ch:11:T1:C1:0", State.SENT, NOW, NOW, NOW - HOUR, "1.2", digest_id=11, revision=1)


def channel(
    change: dict[str, Any] | None = None,
    rows: tuple[Row, ...] = (),
    given: tuple[Row, ...] = (),
    carriers: tuple[Carrier, ...] = (CARRIER,),
    feed: dict[str, Any] | None = None,
) -> Because:
    there = replace(CHANNEL, feed=replace(FEED, **(feed or {})), **(change or {}))
    return why.for_channel(PAPER, carriers, there, rows, given, NOW, POLICY)


def member(
    change: dict[str, Any] | None = None,
    rows: tuple[Row, ...] = (),
    carriers: tuple[Carrier, ...] = (CARRIER,),
    **facts: Any,
) -> Because:
    there = replace(MEMBER, subscription=replace(SUBSCRIPTION, **(change or {})), **facts)
    return why.for_member(PAPER, carriers, there, rows, NOW, POLICY)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (State.SENT, Reason.SENT),
        (State.SENDING, Reason.SENDING),
        (State.UNSURE, Reason.UNSURE),
        (State.PLANNED, Reason.WAITING),
        (State.HELD, Reason.WAITING),
        (State.PARKED, Reason.PARKED),
    ],
)
def test_what_the_ledger_says_comes_first(state: State, reason: Reason) -> None:
    row = replace(SENT, state=state, note="for a reason")
    for found in (channel({}, (row,), feed={"paused": "by U1"}), member({"at": dt.time(7)}, (row,))):
        assert (found.reason, found.row, found.note) == (reason, row, "for a reason")
    assert channel({}, (row,)).matched == ("tag:robotics",)
    assert member({}, (row,)).matched == ("Robotics",)


def test_what_was_given_up_for_quiet_is_a_pause() -> None:
    parked = replace(SENT, state=State.PARKED)
    assert member({"muted": True}, (parked,)).reason is Reason.MUTED
    assert member({"muted": True}, (SENT,)).reason is Reason.SENT


def test_the_row_that_got_farthest_and_the_first_of_those_tells() -> None:
    held = replace(SENT, key="a", state=State.HELD)
    again = replace(SENT, key="week:T1:C1:2025-04-28", done_at=NOW)
    found = channel({}, (held, again, SENT))
    assert (found.row, found.others, found.at) == (SENT, (again,), SENT.done_at)
    counted = replace(SENT, names_it=False, done_at=NOW - DAY)
    assert channel({}, (counted,)).reason is Reason.CAPPED
    assert channel({}, (counted, SENT)).row == SENT


def test_a_skipped_row_delivered_nothing() -> None:
    assert channel({}, (replace(SENT, state=State.SKIPPED),)).reason is Reason.NOT_DUE


@pytest.mark.parametrize(
    ("feed", "excluded", "lacking"),
    [
        ("tag:robotics -survey", ("-survey",), ()),
        ("tag:robotics -tag:robotics", ("-tag:Robotics",), ()),
        ("tag:audio", (), ("tag:Audio",)),
    ],
)
def test_filtered(feed: str, excluded: tuple[str, ...], lacking: tuple[str, ...]) -> None:
    nothing = replace(SENT, state=State.SKIPPED)
    found = channel({}, given=(nothing,), feed={"filter": feed})
    assert found.reason is Reason.FILTERED
    assert (found.excluded_by, found.lacking, found.row) == (excluded, lacking, nothing)


def test_no_feed_paused_and_gone() -> None:
    assert why.for_channel(PAPER, (CARRIER,), None, (), (), NOW, POLICY).reason is Reason.NO_FEED
    found = channel({"paused_since": NOW - DAY}, feed={"paused": "is_archived"})
    assert (found.reason, found.at, found.note) == (Reason.PAUSED, NOW - DAY, "is_archived")
    assert channel({}, carriers=()).reason is Reason.GONE


@pytest.mark.parametrize(
    ("carrier", "reason"),
    [
        ({}, Reason.NOT_DUE),
        ({"date": dt.date(2025, 5, 9)}, Reason.FUTURE),
        ({"postable": False}, Reason.TOO_OLD),
        ({"postable": False, "already_there": True}, Reason.ALREADY_THERE),
        ({"digest_id": 10}, Reason.BEFORE),
        ({"seen_at": NOW - 31 * DAY}, Reason.TOO_LATE),
    ],
)
def test_when_its_digest_came(carrier: dict[str, Any], reason: Reason) -> None:
    found = channel({}, carriers=(replace(CARRIER, **carrier),))
    assert found.reason is reason
    if reason is Reason.FUTURE:
        assert found.at == dt.datetime(2025, 5, 8, 10, tzinfo=dt.UTC)
    if reason is Reason.NOT_DUE:
        assert found.at == TOMORROW


def test_a_new_feed_gets_the_newest_of_what_is_there() -> None:
    old = replace(CARRIER, postable=False, already_there=True, digest_id=3)
    assert channel({"started": False}, carriers=(old,)).reason is Reason.NOT_DUE
    assert channel({"started": False}, carriers=(replace(old, newest=False),)).reason is Reason.ALREADY_THERE


def test_a_digest_has_one_turn_and_its_revisions_another() -> None:
    assert channel({}, given=(SENT,)).reason is Reason.CHANGED
    assert channel({}, given=(SENT,), carriers=(replace(CARRIER, revision=2),)).reason is Reason.NOT_DUE


def test_of_several_digests_the_most_hopeful_tells() -> None:
    old = replace(CARRIER, digest_id=2, postable=False)
    assert channel({}, carriers=(old, CARRIER)).reason is Reason.NOT_DUE
    assert member({}, carriers=(old, CARRIER)).reason is Reason.NOT_DUE


@pytest.mark.parametrize(
    ("roundup", "date", "reason"),
    [
        (Roundup.ONLY, "2025-04-30", Reason.NEXT_WEEK),
        (Roundup.ONLY, "2025-04-25", Reason.BEFORE),
        (Roundup.ALSO, "2025-04-30", Reason.NOT_DUE),
    ],
)
def test_weekly_only(roundup: Roundup, date: str, reason: Reason) -> None:
    monday = dt.datetime(2025, 5, 5, 9, tzinfo=dt.UTC)
    carrier = replace(CARRIER, date=dt.date.fromisoformat(date))
    found = channel({"roundup_at": monday}, carriers=(carrier,), feed={"roundup": roundup})
    assert found.reason is reason
    if reason is Reason.NEXT_WEEK:
        assert found.at == monday


def test_what_a_day_left_out_the_round_up_may_bring() -> None:
    monday = dt.datetime(2025, 5, 5, 9, tzinfo=dt.UTC)
    carrier = replace(CARRIER, postable=False, already_there=True)
    change = {"roundup_at": monday}
    assert channel(change, carriers=(carrier,), feed={"roundup": Roundup.ALSO}).reason is Reason.NEXT_WEEK


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, Reason.NOT_DUE),
        ({"follows": ()}, Reason.FOLLOWS_NOTHING),
        ({"follows": (Follow(FollowKind.TAG, "Audio"),)}, Reason.NOT_FOLLOWED),
        ({"follows": (Follow(FollowKind.SEARCH, "grasping -survey"),)}, Reason.EXCLUDED),
        ({"follows": (Follow(FollowKind.SEARCH, "audio -survey"),)}, Reason.NOT_FOLLOWED),
        ({"frequency": Frequency.OFF}, Reason.OFF),
        ({"muted": True}, Reason.MUTED),
    ],
)
def test_what_a_member_chose(change: dict[str, Any], reason: Reason) -> None:
    assert member(change).reason is reason


def test_hidden_and_never_here() -> None:
    assert member({}, hidden=True).reason is Reason.HIDDEN
    assert why.for_member(PAPER, (CARRIER,), None, (), NOW, POLICY).reason is Reason.FOLLOWS_NOTHING
    assert member({}, carriers=()).reason is Reason.GONE


@pytest.mark.parametrize(
    ("carrier", "since", "reason"),
    [
        ({"changed_at": NOW - 2 * DAY}, NOW - 9 * DAY, Reason.PASSED),
        ({"changed_at": NOW - 2 * DAY}, NOW - DAY, Reason.FOLLOWED_SINCE),
        ({"changed_at": NOW - HOUR}, NOW, Reason.NOT_DUE),
        ({"date": dt.date(2025, 5, 9)}, NOW, Reason.FUTURE),
        ({"postable": False}, NOW, Reason.TOO_OLD),
        ({"postable": False, "already_there": True}, NOW, Reason.ALREADY_THERE),
    ],
)
def test_when_a_member_s_digest_looks_back(
    carrier: dict[str, Any], since: dt.datetime, reason: Reason
) -> None:
    found = member({}, carriers=(replace(CARRIER, **carrier),), since={ROBOTICS: since})
    assert found.reason is reason


def test_a_first_digest_brings_the_newest_day() -> None:
    old = replace(CARRIER, postable=False, already_there=True)
    assert member({"last_at": None}, carriers=(old,)).reason is Reason.NOT_DUE


def test_a_message_names_a_paper_by_its_link_else_by_its_title() -> None:
    link = {"blocks": [{"elements": [{"url": "https://arxiv.org/abs/2504.1"}]}]}
    assert why.names(link, PAPER) and not why.names({"blocks": ["A Survey of Grasping"]}, PAPER)
    unlinked = replace(PAPER, paper=replace(PAPER.paper, url=None))
    assert why.names({"blocks": ["on A Survey of Grasping"]}, unlinked)
    assert not why.names(None, unlinked)
