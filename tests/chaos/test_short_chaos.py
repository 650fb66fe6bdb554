"""A few minutes of benchmarks/chaos.py in as many seconds: each of its troubles at least once."""

from __future__ import annotations

from pathlib import Path

import pytest
from play import Outcome, Play, perform
from weather import CLOCK, OUTAGES, RESTARTS

SPLIT = ("deliver", "deliver", "deliver", "schedule", "schedule", "listen")

pytestmark = pytest.mark.timeout(900)  # it ends by itself long before, and says why


def all_is_well(outcome: Outcome) -> bool:
    assert not outcome.failed, "\n".join(outcome.failed)
    assert outcome.audit.rows
    return True


async def test_on_sqlite_each_message_comes_once(tmp_path: Path) -> None:
    play = Play("sqlite", kills=5, roles=("all",), seed=1, channels=12, harshness=3)
    outcome = await perform(play, tmp_path)
    assert all_is_well(outcome)
    assert outcome.happened[OUTAGES] and outcome.happened[CLOCK]


async def test_on_postgresql_with_three_workers_each_message_comes_once(tmp_path: Path) -> None:
    play = Play("postgresql", kills=4, roles=SPLIT, seed=2, channels=12, harshness=3)
    outcome = await perform(play, tmp_path)
    assert all_is_well(outcome)
    assert outcome.happened[OUTAGES] and outcome.happened[CLOCK] and outcome.happened[RESTARTS]


async def test_without_the_history_scope_the_ledger_knows_of_each_repeat(tmp_path: Path) -> None:
    play = Play("sqlite", kills=5, roles=("all",), seed=3, history=False, channels=12, harshness=3)
    outcome = await perform(play, tmp_path)
    assert all_is_well(outcome)
    assert outcome.audit.repeats <= outcome.audit.blind
