"""Slack's pace: a message a second a channel, several hundred a minute a workspace."""

from __future__ import annotations

from bot.delivery.pace import Pace


def test_a_lane_rests_a_second_and_others_go_on() -> None:
    pace = Pace()
    pace.leave("C1", 100.0)
    assert pace.resting(100.5) == {"C1"}
    assert pace.wait(100.5) == 0.5
    assert pace.resting(101.0) == set()


def test_a_workspace_gets_its_minute_s_worth_in_a_minute() -> None:
    pace = Pace(lane_seconds=0, per_minute=240)
    now, sent = 0.0, 0
    while now < 60:
        room = pace.room(now)
        for number in range(room):
            pace.leave(f"C{sent + number}", now)
        sent += room
        now += pace.wait(now) or 0.01
    assert 240 <= sent <= 248
