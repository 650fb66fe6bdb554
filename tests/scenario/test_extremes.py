"""Every surface at its fullest: nothing is refused by Slack, and nothing goes wrong. A line a surface."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import extremes
import pytest
from extremes import DAY, PAPERS, TEXTS
from patience import PATIENCE
from stage import Stage, catch_up

from bot.sandbox import Message
from bot.sandbox.exchange import Reply

PAGES = 12  # past that a list is not walked to its end
DRAWN_AGAIN = {("views.publish", "hash_conflict")}
SHOWN = ("home_page", "day_page", "following_page", "saved_page", "feed_list", "search_page")


async def asked(stage: Stage, text: str) -> Message:
    return (await stage.member().command("papers", "/papers", text)).message


async def walked(stage: Stage, first: Message, turn: str) -> Message:
    """Through all pages of a list."""
    shown = first
    for _ in range(PAGES):
        if not any(element.get("action_id") == f"{turn}:next" for element in pressable(shown)):
            break
        shown = (await stage.member().press(shown, f"{turn}:next")).message
    return shown


def pressable(message: Message) -> Iterator[dict[str, Any]]:
    for block in message.blocks:
        yield from block.get("elements", ())


def deed(message: Message, kind: str) -> str:
    options = (o for e in pressable(message) if e.get("type") == "overflow" for o in e["options"])
    return next(str(option["value"]) for option in options if option["value"].startswith(kind))


async def today(stage: Stage) -> None:
    titles = await asked(stage, f"today {DAY}")
    await walked(stage, (await stage.member().press(titles, "day_page")).message, "day_page")


async def search(stage: Stage) -> None:
    found = await asked(stage, "search diffusion")
    newest = (await stage.member().press(found, "search_page:order")).message
    await walked(stage, newest, "search_page")
    await stage.member().press(newest, "search_share", answers=2)


async def searches(stage: Stage) -> None:
    for text in (*TEXTS, "x" * 3_000, "🧪" * 900, "author:" + "深" * 300, "tag:🧪 OR -\"'"):
        await asked(stage, f"search {text}")


async def following(stage: Stage) -> None:
    await walked(stage, await asked(stage, "following"), "following_page")


async def saved(stage: Stage) -> None:
    await walked(stage, await asked(stage, "saved"), "saved_page")


async def home(stage: Stage) -> None:
    """And all of its buttons that only show something, once each."""
    jonas = stage.member()
    view = (await jonas.open_home()).view
    for block in view.blocks:
        for element in (*block.get("elements", ()), block.get("accessory") or {}):
            action_id = str(element.get("action_id", ""))
            if element.get("type") == "button" and action_id.startswith(SHOWN):
                reply = await jonas.press(view, action_id, element["value"])
                assert reply.views or reply.messages, action_id
                view = jonas.home or view


async def card(stage: Stage) -> None:
    """Each thing under a paper, of each sort of text."""
    jonas = stage.member()
    for number in range(len(TEXTS)):
        found = await asked(stage, f"search arXiv:2504.{number:05}")
        replies: list[Reply] = [
            await jonas.press(found, "paper_save"),
            await jonas.press(found, "paper_like"),
            await jonas.press(found, "paper_more", deed(found, "hide")),
        ]
        assert all(reply.messages for reply in replies)
        form = (await jonas.press(found, "paper_more", deed(found, "share"))).view
        await jonas.submit(form, {"note": (TEXTS[number] * 500)[:500]}, answers=2)
        assert "Shared" in stage.posts()[-1].text


async def links(stage: Stage) -> None:
    said = " ".join(f"https://arxiv.org/abs/2504.{n:05}" for n in range(40))
    message = await stage.member("ada").post("general", f"{said} https://arxiv.org/abs/2401.{'9' * 5}")
    await stage.sandbox.until(lambda: message.unfurls)
    found = (await stage.member().message_shortcut(message, "find_paper")).message
    assert "Not in the library yet" in str(found.blocks)


async def talk(stage: Stage) -> None:
    for text in (
        "help",
        "what " + "🧪" * 900,
        "digest weekly at 8:30am",
        "unfollow " + "深" * 900,
        "follow 🧪",
    ):
        await asked(stage, text)


async def settings(stage: Stage) -> None:
    """Of this channel's feed and of all others, and why papers come or don't: a message or a form."""
    jonas = stage.member()
    for text in (
        "feed",
        "feed list",
        "feed set",
        "feed preview",
        "why",
        "why 2504.00001",
        "why 深",
        "why " + "🧪" * 900,
    ):
        reply = await jonas.command("thread", "/papers", text)
        assert reply.messages or reply.views, text


async def layouts(stage: Stage) -> None:
    thread = stage.posts("thread")[-1]  # the first, if the bot was quick, is an older day's
    assert len(thread.replies) >= PAPERS
    assert len(stage.posts("full")) >= PAPERS // 8
    assert stage.posts("compact")


async def personal(stage: Stage) -> None:
    """Jonas has his of the day, and Yuki hers of the week."""
    stage.clock.move(days=8)
    for member in (stage.member("jonas"), stage.member("yuki")):
        await stage.sandbox.until(lambda of=member: any("papers" in m.text for m in of.dms()), 2 * PATIENCE)


SURFACES: dict[str, Callable[[Stage], Awaitable[None]]] = {
    "channels in each layout": layouts,
    "a day": today,
    "a search with 2,000 hits": search,
    "searches for anything": searches,
    "500 follows": following,
    "saved papers": saved,
    "feeds and reasons": settings,
    "a card": card,
    "links": links,
    "what is answered in words": talk,
    "the Home": home,
    "digests by direct message": personal,
}


@pytest.fixture
def crowded(stage: Stage) -> Stage:
    workspace = stage.sandbox.workspace
    everyone = list(workspace.users)
    for layout in extremes.LAYOUTS:
        workspace.add_channel(layout, list(everyone))
        stage.feed(layout, layout=layout)
    extremes.write_past(stage)
    return stage


async def test_nothing_is_refused_however_much_there_is(
    crowded: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    troubles: dict[str, str] = {}
    async with crowded.bot() as bot:
        crowded.write(DAY, *map(extremes.row, range(PAPERS)))
        await catch_up(bot)
        await extremes.furnish(crowded, bot)
        await extremes.settled(bot)
        for name, surface in SURFACES.items():
            try:
                await surface(crowded)
            except Exception as error:
                troubles[name] = f"{type(error).__name__}: {error}"[:500]
        ended = await extremes.settled(bot)
        refused = {(call.method, call.error) for call in crowded.sandbox.calls if call.error} - DRAWN_AGAIN
    logged = [
        line for line in "".join(capsys.readouterr()).splitlines() if "[error" in line or "Reference" in line
    ]
    assert (troubles, refused, logged) == ({}, set(), [])
    assert ended.keys() <= {"sent", "skipped"}
