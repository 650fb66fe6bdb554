"""A process that stood still: nothing leaves, and what may have arrived stays unsure."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from bot.delivery.attempt import Attempt
from bot.delivery.claims import Claim
from bot.delivery.patience import Patience
from bot.model import Message, State

NOW = dt.datetime(2025, 4, 28, 7, tzinfo=dt.UTC)
CLAIM = Claim(
    id=1,
    key="a",
    workspace="T1",
    destination="C1",
    message=Message("message a"),
    attempts=1,
    thread_ts=None,
    target_ts=None,
    feed_id=None,
    unsure=False,
    looks=2,
    attempted_at=NOW,
    note="no answer from Slack",
)


def nobody(*_: object) -> Any:
    raise AssertionError("Slack must not be asked")


@pytest.mark.parametrize(
    ("claim", "state", "looks"),
    [(CLAIM, State.HELD, 0), (replace(CLAIM, unsure=True), State.UNSURE, 2)],
    ids=["a post", "a look"],
)
async def test_after_standing_still_nothing_leaves(claim: Claim, state: State, looks: int) -> None:
    attempt = Attempt(nobody, nobody, resend_when_unsure=True, patience=Patience())
    result = await attempt.make(claim, leave_by=asyncio.get_running_loop().time() - 1)
    assert (result.outcome.state, result.outcome.looks) == (state, looks)
