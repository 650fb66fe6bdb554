"""Days that members name from today: in a search, in a follow, and in a feed of the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator

import pytest
from stage import Stage, catch_up, row

EVENING = dt.datetime(2025, 4, 28, 18, 0, tzinfo=dt.UTC)  # a Monday; it is Tuesday in Tokyo


@pytest.fixture
async def library(stage: Stage) -> AsyncIterator[Stage]:
    stage.feed("papers", filter='robot after:"last week"')
    stage.feed("general", filter="after:foo")
    stage.write("2025-04-27", row("Robot Arms", "2504.00001"))
    stage.write("2025-04-28", row("Robot Hands", "2504.00002"))
    async with stage.bot() as bot:
        await catch_up(bot)
        yield stage


async def ask(stage: Stage, text: str, name: str = "jonas", channel: str = "papers") -> str:
    return (await stage.member(name).command(channel, "/papers", text)).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ('follow after:"last week" robot', "You follow “robot”. A follow is about papers to come"),
        ("follow after:foo", "You follow “foo”. “after:foo” isn't a date; searched as words."),
        ("follow after:yesterday", "I can't follow that search"),
        ("unfollow robot after:yesterday", "You don't follow robot"),
    ],
)
async def test_a_follow_takes_no_date_and_says_so(library: Stage, typed: str, said: str) -> None:
    assert said in await ask(library, typed)


@pytest.mark.parametrize(("channel", "said"), [("papers", "“robot after:2025-04-21”"), ("general", "“foo”")])
async def test_a_feed_of_the_file_is_shown_as_of_today(library: Stage, channel: str, said: str) -> None:
    assert f"Papers about {said}" in await ask(library, "feed", channel=channel)
    assert f"Papers about {said}" in await ask(library, "feed list")


async def test_yesterday_is_the_member_s_own(library: Stage) -> None:
    library.clock.now = EVENING
    search = "search robot after:yesterday"
    assert "Robot Arms" in await ask(library, search, "yuki"), "nobody asked yet where she is"
    await ask(library, "today", "yuki")
    found = await ask(library, search, "yuki")
    assert "Robot Hands" in found and "Robot Arms" not in found
    await ask(library, "today")
    assert "Robot Arms" in await ask(library, search), "it is still Monday in Berlin"


async def test_where_a_member_is_outlives_a_restart(stage: Stage) -> None:
    stage.write("2025-04-27", row("Robot Arms", "2504.00001"))
    async with stage.bot():
        await ask(stage, "follow robotics", "yuki")
    stage.clock.now = EVENING
    async with stage.bot():
        assert "Nothing found" in await ask(stage, "search robot after:yesterday", "yuki")
