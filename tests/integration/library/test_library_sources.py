"""What is remembered of a source between two fetches, and when its outage is worth a line in the log."""

from __future__ import annotations

import asyncio
import datetime as dt

from bot.library import sources
from bot.library.database import Database
from bot.library.sources import SourceState, Transition

NOON = dt.datetime(2031, 5, 6, 12, tzinfo=dt.UTC)


def at(minutes: int) -> dt.datetime:
    return NOON + dt.timedelta(minutes=minutes)


async def attempted(database: Database, minutes: int, error: str | None = None) -> Transition:
    async with database.begin() as conn:
        return await sources.attempted(conn, "daily", at(minutes), error)


async def state(database: Database) -> SourceState:
    async with database.read() as conn:
        (only,) = await sources.states(conn)
    return only


async def test_documents_are_remembered_as_they_stand(database: Database) -> None:
    async with database.begin() as conn:
        await sources.mark(conn, "daily", "2031/05/05.md", 'W/"one"')
        await sources.mark(conn, "daily", "2031/05/06.md", '"two"')
        await sources.mark(conn, "daily", "2031/05/05.md", '"three"')
        await sources.mark(conn, "other", "2031/05/05.md", "4")
    async with database.read() as conn:
        seen = await sources.seen(conn, "daily")
        assert await sources.seen(conn, "unknown") == {}
    assert seen == {"2031/05/05.md": '"three"', "2031/05/06.md": '"two"'}


async def test_an_outage_is_told_once_when_it_begins_and_once_when_it_ends(database: Database) -> None:
    answers = [None, "No answer.", "Still no answer.", None, None]
    told = [await attempted(database, minutes, error) for minutes, error in enumerate(answers)]
    assert told == [
        Transition.NONE,
        Transition.OUTAGE_BEGAN,
        Transition.NONE,
        Transition.OUTAGE_ENDED,
        Transition.NONE,
    ]
    assert await state(database) == SourceState("daily", at(4), at(4), at(0), None, None)


async def test_the_state_says_since_when_it_fails_and_why(database: Database) -> None:
    assert await attempted(database, 0, "No answer.") is Transition.OUTAGE_BEGAN
    await attempted(database, 1, "Wrong token.")
    assert await state(database) == SourceState("daily", at(1), None, None, at(0), "Wrong token.")
    assert await attempted(database, 2) is Transition.OUTAGE_ENDED
    assert (await state(database)).first_succeeded_at == at(2)


async def test_of_many_who_meet_the_outage_one_tells(database: Database) -> None:
    told = await asyncio.gather(*(attempted(database, 0, "No answer.") for _ in range(5)))
    assert told.count(Transition.OUTAGE_BEGAN) == 1
