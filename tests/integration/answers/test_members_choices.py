"""What members choose, in both databases: undone, muted, searched for, saved."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.delivery import outbox
from bot.delivery.mail import Mail
from bot.delivery.quiet import Quiet
from bot.errors import BadArgument
from bot.library import digests, papers, searches
from bot.library.database import Database
from bot.library.tables import delivery, follow
from bot.model import Delivery, DeliveryKind, Digest, Follow, FollowKind, Message, Paper, State, Subscription
from bot.subscriptions import members
from bot.subscriptions.service import MOST_FOLLOWS, Subscriptions, Timing

NOW = dt.datetime(2025, 4, 28, 6, 0, 0, 123456, dt.UTC)
DAY = dt.timedelta(days=1)
WHO = ("T1", "U1")
FOLLOWS = (
    Follow(FollowKind.TAG, "Robotics"),
    Follow(FollowKind.AUTHOR, "Peng, Yi"),
    Follow(FollowKind.PHRASE, "world model"),
)


async def subscribe(database: Database, *follows: Follow) -> None:
    async with database.begin() as conn:
        await members.put(conn, Subscription(*WHO, follows=follows), NOW)


async def kept(database: Database) -> int:
    async with database.read() as conn:
        return (await conn.execute(sa.select(sa.func.count()).select_from(follow))).scalar_one()


async def test_an_unfollow_is_kept_to_be_undone_and_then_forgotten(database: Database) -> None:
    mine = Subscriptions(database)
    await subscribe(database, *FOLLOWS)
    change = await mine.unfollow(*WHO, "all", now=NOW)
    assert set(change.follows) == set(FOLLOWS) and not (await mine.of(*WHO)).follows
    later = await mine.follow_again(*WHO, NOW + DAY, now=NOW)
    assert not later.follows, "another moment's"
    back = await mine.follow_again(*WHO, change.at, now=NOW + DAY)
    assert set(back.follows) == set((await mine.of(*WHO)).follows) == set(FOLLOWS)
    assert not (await mine.follow_again(*WHO, change.at, now=NOW + DAY)).follows, "once"
    await mine.unfollow(*WHO, "authors", now=NOW + DAY)
    assert await kept(database) == 3
    await mine.set_digest(*WHO, Timing(at=dt.time(7)), timezone="UTC", now=NOW + 40 * DAY)
    assert await kept(database) == 2


async def test_what_was_ended_is_no_reader_s(database: Database) -> None:
    mine = Subscriptions(database)
    await subscribe(database, *FOLLOWS)
    await mine.unfollow(*WHO, 'Robotics, "world model"', now=NOW)
    async with database.begin() as conn:
        (due,) = await members.due(conn, NOW + DAY)
    assert due.follows == (FOLLOWS[1],)
    await mine.follow(*WHO, '"world model"', timezone="UTC", now=NOW)
    assert set((await mine.of(*WHO)).follows) == set(FOLLOWS[1:])
    assert await kept(database) == 3, "the row is taken up again"


async def test_what_is_followed_in_another_case_is_followed_already(database: Database) -> None:
    mine = Subscriptions(database)
    await subscribe(database, *FOLLOWS)
    for typed in ("author:peng, yi", '"World Model"', "robotics"):
        change, _ = await mine.follow(*WHO, typed, timezone="UTC", now=NOW)
        assert change.follows == ()
    assert set((await mine.of(*WHO)).follows) == set(FOLLOWS)


async def test_a_name_with_a_comma_is_one_name(database: Database) -> None:
    await subscribe(database, *FOLLOWS)
    change = await Subscriptions(database).unfollow(*WHO, "author:Peng, Yi", now=NOW)
    assert change.follows == (FOLLOWS[1],)


@pytest.mark.parametrize("known", [False, True])
async def test_what_one_follows_at_the_same_moment_is_all_followed(database: Database, known: bool) -> None:
    if known:
        await subscribe(database)
    mine, phrases = Subscriptions(database), [f"phrase {n}" for n in range(6)]
    await asyncio.gather(*(mine.follow(*WHO, f'"{one}"', timezone="UTC", now=NOW) for one in phrases))
    assert {one.value for one in (await mine.of(*WHO)).follows} == set(phrases)
    await asyncio.gather(*(mine.unfollow(*WHO, f'"{one}"', now=NOW) for one in phrases[1:]))
    assert [one.value for one in (await mine.of(*WHO)).follows] == phrases[:1]


async def test_more_than_anybody_can_follow_is_not_brought_back(database: Database) -> None:
    mine = Subscriptions(database)
    many = tuple(Follow(FollowKind.PHRASE, f"phrase {n}") for n in range(MOST_FOLLOWS))
    await subscribe(database, *many)
    change = await mine.unfollow(*WHO, "phrases", now=NOW)
    await mine.follow(*WHO, '"another"', timezone="UTC", now=NOW)
    with pytest.raises(BadArgument, match="500"):
        await mine.follow_again(*WHO, change.at, now=NOW)
    assert len((await mine.of(*WHO)).follows) == 1


def row(key: str, kind: DeliveryKind = DeliveryKind.MEMBER, who: str = "U1") -> Delivery:
    return Delivery(key, "T1", who, kind, NOW, Message("A word."))


async def states(database: Database) -> dict[str, str]:
    async with database.read() as conn:
        return dict(iter(await conn.execute(sa.select(delivery.c.key, delivery.c.state))))


async def test_mute_skips_what_waits_and_what_is_added_but_no_answer(database: Database) -> None:
    await subscribe(database, *FOLLOWS)
    async with database.begin() as conn:
        await outbox.add(conn, [row("a"), row("other", who="U2"), row("b", DeliveryKind.ANSWER)], NOW)
        await outbox.add(conn, [row("held"), row("sending")], NOW)
        for state in ("held", "sending"):
            await conn.execute(delivery.update().where(delivery.c.key == state).values(state=state))
    quiet = Quiet(database)
    muted = await quiet.mute(*WHO, timezone="UTC", now=NOW)
    assert muted.muted and (await Subscriptions(database).of(*WHO)).muted
    async with database.begin() as conn:
        assert await members.due(conn, NOW + 9 * DAY) == []
        late = [row("c"), row("d", DeliveryKind.NOTICE), row("e", DeliveryKind.ANSWER), row("f", who="U2")]
        await outbox.add(conn, late, NOW)
    assert await states(database) == {
        **dict.fromkeys(("a", "held", "c", "d"), State.SKIPPED.value),
        **dict.fromkeys(("other", "b", "e", "f"), State.PLANNED.value),
        "sending": State.SENDING.value,
    }


async def test_resuming_counts_from_now(database: Database) -> None:
    await subscribe(database, *FOLLOWS)
    quiet = Quiet(database)
    await quiet.mute(*WHO, timezone="Europe/Berlin", now=NOW)
    again = await quiet.unmute(*WHO, timezone="Europe/Berlin", now=NOW + 3 * DAY)
    assert not again.muted
    async with database.begin() as conn:
        (due,) = await members.due(conn, NOW + 4 * DAY)
    assert due.last_at == NOW + 3 * DAY and due.timezone == "Europe/Berlin"
    await quiet.unmute(*WHO, timezone="Europe/Berlin", now=NOW + 9 * DAY)
    async with database.begin() as conn:
        (due,) = await members.due(conn, NOW + 20 * DAY)
    assert due.last_at == NOW + 3 * DAY, "who was not muted misses nothing"


async def test_mail_goes_once(database: Database) -> None:
    woken: list[str] = []

    async def time(conn: object) -> dt.datetime:
        return NOW

    mail = Mail(database, time, woken.append)
    assert not await mail.knows("word")
    await asyncio.gather(*(mail.send([replace(row("word"), destination=f"U{n}")]) for n in range(4)))
    assert await mail.knows("word") and len(await states(database)) == 1 and set(woken) == {"T1"}


async def test_the_last_ten_searches_are_kept_each_once(database: Database) -> None:
    async with database.begin() as conn:
        for number in range(14):
            await searches.note(conn, *WHO, f"query {number % 12}", NOW + number * DAY)
        await searches.note(conn, "T1", "U2", "another's", NOW)
        assert await searches.last(conn, *WHO) == [f"query {n}" for n in (1, 0, *range(11, 3, -1))]
        await searches.forget(conn, *WHO)
        assert await searches.last(conn, *WHO) == [] and await searches.last(conn, "T1", "U2") == [
            "another's"
        ]


async def test_saved_papers_in_pages(database: Database) -> None:
    some = tuple(Paper(title=f"Paper {n}", arxiv_id=f"2504.{n:05}") for n in range(7))
    async with database.begin() as conn:
        await digests.ingest(conn, Digest(NOW.date(), "local", some), path="x.md", now=NOW, postable=True)
        for one in await papers.between(conn, NOW.date(), NOW.date()):
            await papers.save(conn, *WHO, one.id, NOW + one.id * DAY)
        page = await papers.saved(conn, *WHO, offset=5, limit=5)
        assert [one.paper.title for one in page] == ["Paper 1", "Paper 0"]
        assert await papers.saved_count(conn, *WHO) == 7
