"""Round-ups against a real database: a channel's Mondays and a member's week, each once."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.delivery.planner import Renderers
from bot.delivery.planning import Planning
from bot.library import digests, papers
from bot.library.database import Database
from bot.library.tables import delivery, hidden_paper
from bot.model import Digest, Feed, Follow, FollowKind, Frequency, OnEmpty, Paper, Roundup, Subscription
from bot.slack.blocks import rendering
from bot.subscriptions import feeds, members

TEAM = "T1"
DAY = dt.timedelta(days=1)
MONDAY = dt.datetime(2025, 4, 28, 7, 1, tzinfo=dt.UTC)  # nine in Berlin
BEFORE = MONDAY - 3 * DAY
RENDER = Renderers(rendering.digest, rendering.empty, rendering.member, rendering.roundup)
FEED = Feed(TEAM, "C1", timezone="Europe/Berlin", roundup=Roundup.ONLY)
JONAS = Subscription(
    TEAM,
    "U1",
    timezone="Europe/Berlin",
    frequency=Frequency.WEEKLY,
    follows=(Follow(FollowKind.TAG, "Robotics"),),
)


def planning(database: Database) -> Planning:
    return Planning(database, RENDER, first_run_latest=True, max_age=3 * DAY, sources=frozenset())


async def ingest(
    database: Database, day: str, *titles: str, now: dt.datetime | None = None, postable: bool = True
) -> None:
    given = tuple(Paper(title, url=f"https://example.org/{title}", tags=("Robotics",)) for title in titles)
    seen = now or dt.datetime.fromisoformat(f"{day}T12:00:00+00:00")
    async with database.begin() as conn:
        digest = Digest(dt.date.fromisoformat(day), "local", given)
        await digests.ingest(conn, digest, path=f"{day}.md", now=seen, postable=postable)


async def make(database: Database, feed: Feed, now: dt.datetime = BEFORE) -> None:
    async with database.begin() as conn:
        await feeds.put(conn, feed, now)


async def weeks(database: Database) -> list[tuple[str, str, str]]:
    """Key, state and text."""
    async with database.read() as conn:
        found = await conn.execute(sa.select(delivery).order_by(delivery.c.id))
        return [(row.key, row.state, (row.payload or {}).get("text", "")) for row in found]


async def a_week(database: Database) -> None:
    await ingest(database, "2025-04-20", "Sunday before")
    await ingest(database, "2025-04-21", "Old Monday")
    await ingest(database, "2025-04-23", "Middle", postable=False)
    await ingest(database, "2025-04-27", "Sunday")
    await ingest(database, "2025-04-28", "Today", now=MONDAY)


async def test_monday_s_round_up_has_the_seven_days_before(database: Database) -> None:
    await make(database, FEED)
    await a_week(database)
    await planning(database).plan(MONDAY - dt.timedelta(minutes=2))
    assert await weeks(database) == []
    assert await planning(database).plan(MONDAY) == {TEAM}
    ((key, state, text),) = await weeks(database)
    assert (key, state) == ("week:T1:C1:2025-04-28", "planned")
    assert "21–27 April 2025: 3 papers" in text
    assert all(title in text for title in ("Old Monday", "Middle", "Sunday"))
    assert "Today" not in text and "Sunday before" not in text


async def test_each_paper_once_over_the_weeks_and_a_late_digest_too(database: Database) -> None:
    await make(database, FEED)
    await a_week(database)
    await planning(database).plan(MONDAY)
    await ingest(database, "2025-04-26", "Late", "Sunday", now=MONDAY + DAY)
    await planning(database).plan(MONDAY + 7 * DAY)
    texts = [text for _, _, text in await weeks(database)]
    assert "Today" in texts[1] and "Late" in texts[1] and "Sunday" not in texts[1]


async def test_planned_by_many_at_once_and_again_it_is_one(database: Database) -> None:
    for number in range(5):
        await make(database, replace(FEED, channel=f"C{number}"))
    await a_week(database)
    await asyncio.gather(*(planning(database).plan(MONDAY) for _ in range(4)))
    async with database.begin() as conn:  # as if the death had come before the next moment was written
        await conn.execute(sa.text("UPDATE feed SET roundup_at = :now"), {"now": MONDAY})
    await planning(database).plan(MONDAY + DAY)
    assert sorted(key for key, _, _ in await weeks(database)) == [
        f"week:T1:C{number}:2025-04-28" for number in range(5)
    ]


async def test_after_weeks_away_there_is_one(database: Database) -> None:
    await make(database, FEED)
    await a_week(database)
    await planning(database).plan(MONDAY + 16 * DAY)
    assert [key for key, _, _ in await weeks(database)] == ["week:T1:C1:2025-05-12"]


@pytest.mark.parametrize(("policy", "state"), [(OnEmpty.SILENT, "skipped"), (OnEmpty.NOTICE, "planned")])
async def test_an_empty_week(database: Database, policy: OnEmpty, state: str) -> None:
    await make(database, replace(FEED, filter="tag:audio", on_empty=policy))
    await a_week(database)
    await planning(database).plan(MONDAY)
    ((_, found, text),) = await weeks(database)
    assert found == state and ("Nothing matched" in text) == (policy is OnEmpty.NOTICE)


async def test_a_paused_or_removed_feed_has_none(database: Database) -> None:
    for channel in ("C1", "C2"):
        await make(database, replace(FEED, channel=channel))
    await a_week(database)
    async with database.begin() as conn:
        one, other = await feeds.all_of(conn, TEAM)
        await feeds.pause(conn, one.id, "is_archived", BEFORE)
        await feeds.remove(conn, other.id, BEFORE)
    await planning(database).plan(MONDAY)
    assert await weeks(database) == []


async def test_the_most_saved_in_this_workspace_come_first(database: Database) -> None:
    await make(database, FEED)
    await a_week(database)
    async with database.begin() as conn:
        found = {one.paper.title: one.id for one in (await papers.get(conn, range(1, 6))).values()}
        for team, number in ((TEAM, 3), ("T2", 9)):
            for member in range(number):
                paper = found["Sunday" if team == TEAM else "Middle"]
                await papers.save(conn, team, f"U{member}", paper, BEFORE)
        assert await papers.saved_by(conn, TEAM, list(found.values())) == {found["Sunday"]: 3}
    await planning(database).plan(MONDAY)
    ((_, _, text),) = await weeks(database)
    assert text.splitlines()[1] == "Sunday (saved by 3)"


async def test_a_member_s_week_is_a_round_up_without_what_they_hid(database: Database) -> None:
    async with database.begin() as conn:
        await members.put(conn, JONAS, BEFORE)
    await ingest(database, "2025-04-25", "Shown", "Hidden")
    async with database.begin() as conn:
        found = {one.paper.title: one.id for one in (await papers.get(conn, (1, 2))).values()}
        hidden = {"workspace": TEAM, "paper_id": found["Hidden"], "hidden_at": BEFORE}
        await conn.execute(hidden_paper.insert().values(member="U1", **hidden))
        await conn.execute(hidden_paper.insert().values(member="U2", **hidden))
    await planning(database).plan(MONDAY)
    ((key, _, text),) = await weeks(database)
    assert key == "dm:T1:U1:2025-04-28"
    assert text.startswith("Your week in papers") and "Shown" in text and "Hidden" not in text
