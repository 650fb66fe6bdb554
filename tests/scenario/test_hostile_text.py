"""Whatever a digest says, it mentions nobody, links nowhere it should not, and breaks no message."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from stage import Stage, row

from bot.sandbox import Message
from bot.sandbox.pings import pings

TITLES = {
    "a channel mention": "<!channel> Read This",
    "here": "@here Read This",
    "a member": "<@U001000002> Read This",
    "a channel's name": "#general Read This",
    "a link in disguise": "<https://evil.example|arXiv> Read This",
    "five thousand characters": "Read This " * 500,
    "bidi": "Read \u202eThis\u202c \u2066x\u2069",
    "NUL and controls": "Read\x00 This\x07",
    "formatting": "*Read* _This_ ~now~ `code`",
}


def mrkdwn(node: Any) -> Iterator[str]:
    """Every text that Slack would read as markup."""
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node["text"]
        for value in node.values():
            yield from mrkdwn(value)
    elif isinstance(node, list):
        for value in node:
            yield from mrkdwn(value)


def assert_harmless(stage: Stage, message: Message) -> None:
    assert not pings(stage.sandbox.workspace, message)
    assert not message.link_names
    for text in (message.text, *mrkdwn(message.blocks)):
        for live in ("<!", "<@", "<#", "@here", "#general", "<https://evil"):
            assert live not in text
    everything = json.dumps([message.text, message.blocks], ensure_ascii=False)
    for unseen in ("\u202e", "\u2066", "\\u0007", "\\u0000"):
        assert unseen not in everything


@pytest.mark.parametrize("layout", ["thread", "full", "compact"])
@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES.keys())
async def test_a_hostile_title_is_posted_harmlessly(stage: Stage, title: str, layout: str) -> None:
    stage.feed(layout=layout)
    async with stage.bot() as bot:
        stage.write("2025-04-28", row(title, "2504.00001"), row("Quiet Neighbour", "2504.00002"))
        await stage.posted()
        if layout == "thread":
            await stage.sandbox.until(lambda: len(stage.posts()[0].replies) == 2)
        jonas = stage.member()
        await jonas.command("papers", "/papers", "follow robotics")
        await jonas.command("papers", "/papers", "search read")
        stage.clock.move(days=1, hours=2)
        await bot.plan()
        await stage.sandbox.until(jonas.dms)
    messages = [one for post in stage.posts() for one in (post, *post.replies)]
    messages += jonas.dms() + jonas.ephemerals()
    assert "Quiet Neighbour" in "".join(message.text for message in messages)
    for message in messages:
        assert_harmless(stage, message)


@pytest.mark.parametrize(
    "text",
    [
        "search <!channel>",
        "follow <!channel>",
        "follow \"<!here> & 'quotes'\"",
        "<@U001000002>",
        "unfollow @everyone",
        "search ' OR 1=1; DROP TABLE paper; --",
        "digest <https://evil.example|daily>",
        "search " + "x" * 10_000,
        "follow " + "(" * 3_000,
    ],
)
async def test_hostile_commands_are_answered_harmlessly(stage: Stage, text: str) -> None:
    async with stage.bot():
        answer = await stage.member().command("papers", "/papers", text)
    assert "Reference" not in answer.text
    assert_harmless(stage, answer.message)
