"""A courier killed at every line that awaits, one after the other: nothing is lost, nothing comes twice."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import aiohttp
import pytest
from killer import LINES, Killer, Step, killer
from office import Clock, Office
from patience import PATIENCE

from bot.delivery import standing
from bot.library.database import Database
from bot.library.tables import delivery, feed, workspace
from bot.model import Feed, Message
from bot.sandbox import Message as Post
from bot.sandbox import Sandbox
from bot.subscriptions import feeds

# What stands in the courier's files and is not the courier's: functions, and one line.
ELSEWHERE = {
    "papers_had": "the planner's",
    "papers_hidden": "the planner's",
    "papers_rounded_up": "the planner's",
    "sent": "the planner's",
    "_carried": "the planner's",
    "await conn.execute(insert(conn, delivered_paper).on_conflict_do_nothing(), carried)": "the planner's",
    "workspaces_with_work": "the sweep's, which only reads",
    "release_all": "for the start of a process",
    "enable": "for the start of a process",
    **dict.fromkeys(("Mail.send", "Mail.answer", "Mail.knows"), "the listeners', each one transaction"),
    **dict.fromkeys(("Quiet.mute", "Quiet.unmute", "skip_open"), "the listeners', each one transaction"),
}
HOUR = 3600.0  # longer than any lease


class Visits(Enum):
    """On which of its visits to a line the victim dies."""

    FIRST = auto()
    LAST = auto()


@dataclass(frozen=True)
class Scene:
    """`texts`: of all that stands in Slack in the end, how each begins. `mend`: an operator's part, between
    the victim and the one who does the rest."""

    prepare: Callable[[Office], Awaitable[None]]
    texts: list[str]
    visits: Visits = Visits.LAST
    mend: Callable[[Office], Awaitable[None]] | None = None


# --- what a courier meets -----------------------------------------------------------------------


async def a_post_and_a_reply(office: Office) -> None:
    await office.plan(office.delivery("a"), office.delivery("a1", parent="a"))


async def several_lanes(office: Office) -> None:
    lanes = [office.channel("papers"), office.channel("reading-group"), office.sandbox.member("ada").id]
    for number, lane in enumerate(lanes):
        await office.plan(office.delivery(f"a{number}", destination=lane))


async def no_answers(office: Office) -> None:
    """To a post and to a reply that both arrived."""
    office.sandbox.faults.add("server_error", method="chat.postMessage", stored=True)
    office.sandbox.faults.add("cut", method="chat.postMessage", stored=True)
    await office.plan(office.delivery("a"), office.delivery("a1", parent="a"))


async def a_lost_request(office: Office) -> None:
    """It is looked for in vain and sent again; then it is changed, at the second attempt."""
    office.sandbox.faults.add("cut", method="chat.postMessage")
    office.sandbox.faults.add("server_error", method="chat.update")
    await office.plan(office.delivery("a"), office.delivery("b", target="a", message=Message("changed")))


async def a_wait(office: Office) -> None:
    """That Slack asks for, and then no answer about a member's own message."""
    office.sandbox.faults.add("rate_limit", method="chat.postMessage", retry_after="30")
    office.sandbox.faults.add("cut", method="chat.postMessage", stored=True)
    await office.plan(office.delivery("a", office.sandbox.member("jonas").id))


async def a_channel_that_is_gone(office: Office) -> None:
    gone = Feed(office.team, "C404404404", owner=office.sandbox.member("ada").id)
    async with office.database.begin() as conn:
        await feeds.put(conn, gone, office.clock())
        (made,) = await feeds.all_of(conn, office.team)
    where: dict[str, Any] = {"destination": made.channel, "feed_id": made.id}
    await office.plan(office.delivery("a", **where), office.delivery("b", **where))


async def a_message_too_long(office: Office) -> None:
    text = {"type": "plain_text", "text": "long " * 580}
    blocks = tuple({"type": "section", "text": text} for _ in range(6))
    await office.plan(office.delivery("a", message=Message("half of it", blocks)))


async def a_token_that_is_revoked(office: Office) -> None:
    office.sandbox.workspace.revoked = True
    await office.plan(office.delivery("a"), office.delivery("b"))


async def it_is_renewed(office: Office) -> None:
    office.sandbox.workspace.revoked = False
    async with office.database.begin() as conn:
        await standing.enable(conn, office.team)


async def one_who_died_before(office: Office) -> None:
    """After the post had arrived."""
    message = Message("message a")
    await office.plan(office.delivery("a", message=message), office.delivery("b"))
    then = office.clock() - dt.timedelta(hours=1)
    died = {"state": "sending", "owner": "dead", "lease_until": then, "attempted_at": then, "attempts": 1}
    async with office.database.begin() as conn:
        await conn.execute(delivery.update().where(delivery.c.key == "a").values(died))
    await office.poster.post(office.channel(), message, key="a", thread_ts=None)


SCENES = [
    Scene(a_post_and_a_reply, ["message a", "message a1"]),
    Scene(several_lanes, ["message a0", "message a1", "message a2"], Visits.FIRST),
    Scene(no_answers, ["message a", "message a1"]),
    Scene(a_lost_request, ["changed"]),
    Scene(a_wait, ["message a"]),
    Scene(a_channel_that_is_gone, ["Your feed in <#"]),
    Scene(a_message_too_long, ["half of it", "half of it"]),
    Scene(a_token_that_is_revoked, ["message a", "message b"], mend=it_is_renewed),
    Scene(one_who_died_before, ["message a", "message b"], Visits.FIRST),
]


# --- playing it ---------------------------------------------------------------------------------

Ending = tuple[dict[str, str], dict[str, list[Any]]]  # each row's state, and what stands in each channel


@dataclass
class Theatre:
    """Each time a scene is played, on an empty ledger and beside a Slack of its own."""

    database: Database
    session: aiohttp.ClientSession
    killer: Killer

    async def kill(self, scene: Scene, step: Step) -> Ending:
        """Where this visit does not come, at the one before: how many there are, milliseconds decide."""
        for visit in range(step.visit, 0, -1):
            steps, ending = await self.play(scene, step._replace(visit=visit))
            if steps is None:
                return ending
        raise AssertionError(f"nobody gets there any more: {step}")

    async def play(self, scene: Scene, die: Step | None = None) -> tuple[list[Step] | None, Ending]:
        """The steps of a victim, or None for one that died; how all stands when a second courier has done
        the rest."""
        async with self.database.begin() as conn:
            for table in (delivery, feed, workspace):
                await conn.execute(table.delete())
        clock = Clock()
        async with Sandbox(clock=clock, patience=PATIENCE) as sandbox:
            office = Office(self.database, sandbox, clock, self.session)
            await scene.prepare(office)
            steps = await self.killer.run(office, die)
            await _settled()
            clock.move(HOUR)
            if scene.mend:
                await scene.mend(office)
            await office.drain(office.courier("survivor"))
            return steps, await _ending(office)


async def _settled() -> None:
    """What the dead had sent is in the sandbox's sockets: these turns of the loop take it in."""
    for _ in range(20):
        await asyncio.sleep(0)


async def _ending(office: Office) -> Ending:
    places = office.sandbox.workspace.channels.values()
    return await office.states(), {place.id: _shown(place.timeline) for place in places if place.timeline}


def _shown(messages: list[Post]) -> list[Any]:
    return [(one.text, len(one.blocks), _shown(one.replies)) for one in messages]


def _texts(shown: list[Any]) -> list[str]:
    return [text for one, _, replies in shown for text in (one, *_texts(replies))]


def chosen(steps: list[Step], visits: Visits) -> list[Step]:
    if visits is Visits.FIRST:
        return [step for step in steps if step.visit == 1]
    return list({(step.line, step.moment): step for step in steps}.values())


async def wrong(theatre: Theatre, scene: Scene) -> list[str]:
    """The steps at which a death changed anything."""
    steps, (states, said) = await theatre.play(scene)
    assert steps
    texts = sorted(text for shown in said.values() for text in _texts(shown))
    assert len(texts) == len(scene.texts)
    assert all(map(str.startswith, texts, scene.texts)), texts
    assert set(states.values()) <= {"sent", "parked"}
    found = []
    for step in chosen(steps, scene.visits):
        ending = await theatre.kill(scene, step)
        if ending != (states, said):
            found.append(f"{theatre.database.dialect}, {step}: {ending}")
    return found


@asynccontextmanager
async def _theatre(url: str) -> AsyncIterator[Theatre]:
    database = Database(url)
    async with aiohttp.ClientSession() as session, killer(url) as one:
        yield Theatre(database, session, one)
    await database.close()


@pytest.fixture
async def theatres(sqlite_url: str, postgres_url: str) -> AsyncIterator[tuple[Theatre, ...]]:
    """On either database at the same time: while one victim lives, the other's work is looked at."""
    async with _theatre(sqlite_url) as one, _theatre(postgres_url) as other:
        yield one, other


@pytest.mark.sends_refused
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.prepare.__name__)
async def test_whoever_is_killed_nothing_is_lost_and_nothing_comes_twice(
    theatres: tuple[Theatre, ...], scene: Scene
) -> None:
    found = await asyncio.gather(*(wrong(theatre, scene) for theatre in theatres))
    assert not any(found), "\n".join(line for lines in found for line in lines)


@pytest.mark.sends_refused
async def test_no_line_that_awaits_is_left_out(theatres: tuple[Theatre, ...]) -> None:
    lines = {line for path in LINES.values() for line in path.values()}
    ours = {line for line in lines if line.function not in ELSEWHERE and line.text not in ELSEWHERE}
    for theatre in theatres:
        played = [await theatre.play(scene) for scene in SCENES]
        reached = {(step.line, step.moment) for steps, _ in played for step in steps or ()}
        missed = {(line, moment) for line in ours for moment in ("before", "after")} - reached
        assert not missed, "no scene gets there: " + "; ".join(f"{when} {line}" for line, when in missed)
