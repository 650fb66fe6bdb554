"""What a filter or a follow would have brought, and that it is asked of what the library holds now."""

from __future__ import annotations

import datetime as dt

from bot.library import digests
from bot.library.database import Database
from bot.model import Digest, Follow, FollowKind, Paper
from bot.subscriptions.recent import Recent

NOW = dt.datetime(2025, 4, 28, 8, tzinfo=dt.UTC)


async def bring(database: Database, day: dt.date, *some: Paper) -> None:
    async with database.begin() as conn:
        await digests.ingest(conn, Digest(day, "local", some), path="x.md", now=NOW, postable=True)


def paper(number: int, title: str, *tags: str) -> Paper:
    return Paper(title=title, arxiv_id=f"2504.{number:05}", tags=tags)


async def test_what_was_brought_of_late(database: Database) -> None:
    await bring(
        database, dt.date(2025, 4, 27), paper(1, "Robot arms", "Robotics"), paper(2, "Voices", "Audio")
    )
    await bring(database, dt.date(2025, 3, 1), paper(3, "Old robot arms", "Robotics"))
    recent = Recent(database)
    assert [one.paper.title for one in (await recent.matching("robots", NOW)).papers] == ["Robot arms"]
    assert [one.paper.title for one in (await recent.matching("-tag:robotics", NOW)).papers] == ["Voices"]
    assert len((await recent.matching("", NOW)).papers) == 2
    follows = [Follow(FollowKind.TAG, "Robotics")]
    assert (await recent.followed(follows, NOW)).a_day == 1 / 30
    await bring(database, dt.date(2025, 4, 28), paper(4, "Robot legs", "Robotics"))
    found = await recent.followed(follows, NOW)
    assert [one.paper.title for one in found.papers] == ["Robot legs", "Robot arms"]
    assert not (await recent.followed(follows, NOW + dt.timedelta(days=40))).papers
