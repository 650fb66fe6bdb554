"""The manifest asks for what the bot's calls and events need, and for nothing else: a tour of them tells.

A method that the code calls and the tour does not fails it, so a new one needs a line here.
"""

from __future__ import annotations

import ast
import asyncio
import datetime as dt
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa
import yaml
from beside import SLACK_API, needs
from stage import MORNING, Stage, row

from bot import doctor
from bot.app.bot import Bot
from bot.library.tables import inbox
from bot.sandbox.contract import Contract
from bot.slack.client import SlackPoster, web_client

ROOT = Path(__file__).parents[2]
CONTRACT = Contract(ROOT.parent / "shared" / "slack-api")
MANIFEST = (ROOT / "config" / "slack-manifest.yaml").read_text("utf-8")
SETTINGS = yaml.safe_load(MANIFEST)
ACTIVE = set(SETTINGS["oauth_config"]["scopes"]["bot"])
OPTIONAL = set(re.findall(r"# - ([\w:.]+)", MANIFEST))
EVENTS = set(SETTINGS["settings"]["event_subscriptions"]["bot_events"])
NO_METHOD = {
    "commands",
    "chat:write.public",
}  # the first is for /papers and shortcuts; the second widens chat:write
NOT_OURS = ("sandbox", "bench")  # what plays Slack, and what is measured against it

described = needs(SLACK_API)


def called() -> set[str]:
    """Methods of the Web API that the bot's code calls on a client."""
    names = {method.replace(".", "_").lower(): method for method in CONTRACT.methods}
    files = [path for path in (ROOT / "bot").rglob("*.py") if not set(NOT_OURS) & set(path.parts)]
    nodes = [node for path in files for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    attributes = {node.attr.replace("_", "").lower() for node in nodes if isinstance(node, ast.Attribute)}
    return {method for name, method in names.items() if name.replace("_", "") in attributes}


@pytest.fixture
async def toured(stage: Stage) -> AsyncIterator[Stage]:
    """A bot that did all it can do once, in a workspace that granted all that the manifest names."""
    sandbox, jonas = stage.sandbox, stage.member()
    workspace = sandbox.workspace
    workspace.scopes = frozenset(ACTIVE | OPTIONAL)
    stage.feed(layout="full")
    stage.feed("general", layout="compact")  # public, and the bot is not inside
    stage.feed("research-leads", layout="compact")
    await stage.member("ada").invite_bot("research-leads")
    async with stage.bot() as bot:
        stage.write("2025-04-28", row("Gripper", "2504.00001"))
        post = await stage.posted()
        await stage.posted(channel="general")
        private = await stage.posted(channel="research-leads")
        stage.write("2025-04-28", row("Grippers", "2504.00001"))
        await sandbox.until(lambda: "Grippers" in post.text)
        for text in ("follow robotics", "why 2504.00001", "feed", "feed list"):
            await jonas.command("papers", "/papers", text)
        await jonas.open_home()
        said = await jonas.post("general", "https://arxiv.org/abs/2504.00001")
        await sandbox.until(lambda: said.unfurls)
        async with aiohttp.ClientSession() as session:
            poster = SlackPoster(web_client(sandbox.bot_token, sandbox.api_url, session), workspace.bot_id)
            for place, ts in (("papers", post.ts), ("research-leads", private.ts)):
                channel = workspace.channel(place).id
                await poster.find(channel, key="x", since=MORNING, thread_ts=None)
                await poster.find(channel, key="x", since=MORNING, thread_ts=ts)
            await poster.find(jonas.id, key="x", since=MORNING, thread_ts=None)
        assert [
            finding async for finding in doctor.examine(stage.settings(), lambda: dt.datetime.now(dt.UTC))
        ]
        await stage.member("ada").invite_bot("robotics")
        await handled(stage, bot)
        await stage.member("ada").remove_bot("research-leads")
        await stage.member("ada").remove_bot("papers")
        await stage.member("ada").uninstall()
        await handled(stage, bot)
        yield stage


async def handled(stage: Stage, bot: Bot) -> None:
    """Wait until what was told came of it."""
    await stage.sandbox.until(lambda: all(event.acks for event in stage.sandbox.events))
    left = sa.select(sa.func.count()).select_from(inbox).where(inbox.c.handled_at.is_(None))
    while True:
        async with bot.core.database.read() as conn:
            if not (await conn.execute(left)).scalar_one():
                return
        await asyncio.sleep(0.05)


@described
async def test_the_manifest_s_scopes_are_those_that_the_calls_and_events_needed(toured: Stage) -> None:
    calls = [call for call in toured.sandbox.calls if call.error in (None, "message_not_found")]
    scoped = {method for method in called() if CONTRACT.scopes(method)}
    assert scoped - {call.method for call in calls} == set(), "a method that the tour does not call"
    for call in calls:
        assert bool(call.needed - NO_METHOD) == bool(CONTRACT.scopes(call.method)), call.method
        assert call.needed - NO_METHOD <= CONTRACT.scopes(call.method), call.method
    assert {event.payload["event"]["type"] for event in toured.sandbox.events} == EVENTS
    needed = {scope for call in calls for scope in call.needed}
    needed |= {scope for event in toured.sandbox.events for scope in event.needed}
    assert needed | {"commands"} == ACTIVE | OPTIONAL


async def test_what_is_optional_in_the_manifest_is_what_the_doctor_calls_so() -> None:
    wanted = {scope for scopes, _ in doctor.slack.OPTIONAL for scope in scopes}
    assert wanted | {doctor.slack.POST_ANYWHERE} | set(doctor.slack.NEEDED) == ACTIVE | OPTIONAL
