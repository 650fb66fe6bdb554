"""Slack's pace: a message a second a channel, several hundred a minute a workspace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.pace import Meter, Pace


def test_a_lane_rests_a_second_and_others_go_on() -> None:
    pace = Meter(Pace())
    pace.leave("C1", 100.0)
    assert pace.resting(100.5) == {"C1"}
    assert pace.wait(100.5) == 0.5
    assert pace.resting(101.0) == set()


@pytest.mark.parametrize("per_minute", [20, 240, 1000])
def test_a_workspace_gets_its_minute_s_worth_in_a_minute(per_minute: int) -> None:
    meter = Meter(Pace(lane_seconds=0, per_minute=per_minute))
    now, sent = 0.0, 0
    while now < 60:
        if meter.room(now):
            meter.leave(f"C{sent}", now)
            sent += 1
        else:
            rest = meter.wait(now)
            assert rest is not None and rest > 0, "whoever has no room is told when to come again"
            now += rest
    assert per_minute <= sent <= per_minute * 1.02 + 2


@given(st.lists(st.floats(0, 2), max_size=30), st.integers(1, 2000))
def test_after_the_wait_there_is_room(gaps: list[float], per_minute: int) -> None:
    meter, now = Meter(Pace(per_minute=per_minute)), 1000.0
    for number, gap in enumerate(gaps):
        now += gap
        if meter.room(now):
            meter.leave(f"C{number}", now)
        else:
            rest = meter.wait(now)
            assert rest is not None
            lanes = meter.resting(now)
            assert meter.room(now + rest) or meter.resting(now + rest) != lanes


def test_looks_leave_some_at_once_and_then_evenly() -> None:
    meter = Meter(Pace(looks_per_minute=60, looks_at_once=3).of_looks)
    for left in (2, 1, 0):
        meter.leave("", 100.0)
        assert meter.room(100.0) == left
    assert meter.wait(100.0) == pytest.approx(1)


def test_after_a_pause_that_slack_asked_for_one_leaves_at_its_end() -> None:
    meter = Meter(Pace(looks_per_minute=60, looks_at_once=3).of_looks)
    meter.rest(30, 100.0)
    assert meter.room(129.9) == 0
    assert meter.wait(100.0) == pytest.approx(30)
    assert meter.room(130.0) == 1
    assert meter.room(131.0) == 2
