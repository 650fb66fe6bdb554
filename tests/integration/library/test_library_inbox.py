"""What Slack was told we have: handled once, by whoever is left, however long nobody was."""

from __future__ import annotations

import datetime as dt

from bot.library.database import Database
from bot.library.inbox import Inbox

NOW = dt.datetime(2025, 4, 28, 8, tzinfo=dt.UTC)
AFTER_A_WEEKEND = NOW + dt.timedelta(days=3)


async def test_what_comes_again_is_taken_once(database: Database) -> None:
    inbox = Inbox(database)
    assert await inbox.take("T1:E1", {"a": 1}, NOW)
    assert not await inbox.take("T1:E1", {"a": 1}, NOW)


async def test_what_was_not_handled_is_left_to_the_next_however_late(database: Database) -> None:
    inbox = Inbox(database)
    await inbox.take("T1:E1", {"a": 1}, NOW)
    await inbox.take("T1:E2", {"a": 2}, NOW)
    await inbox.handled("T1:E2", NOW)
    assert await inbox.abandoned(NOW) == [], "whoever took it may still be at it"
    (left,) = await inbox.abandoned(AFTER_A_WEEKEND)
    assert (left.key, left.payload) == ("T1:E1", {"a": 1})
    assert await inbox.abandoned(AFTER_A_WEEKEND) == [], "taken over by one"
    assert await inbox.take("T1:E2", {"a": 2}, AFTER_A_WEEKEND), "what was handled is forgotten after a day"
