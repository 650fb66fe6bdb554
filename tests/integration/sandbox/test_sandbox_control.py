"""The sandbox driven over HTTP, and as a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox

Running = Callable[[AsyncApp], AbstractAsyncContextManager[None]]


class Remote:
    """The sandbox as another process sees it."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def __call__(self, action: str, **body: Any) -> Any:
        async with self._session.post(f"{self._url}/sandbox/{action}", json=body) as answer:
            return await answer.json()


@pytest.fixture
async def remote(sandbox: Sandbox) -> AsyncIterator[Remote]:
    async with aiohttp.ClientSession() as session:
        yield Remote(session, sandbox.url)


async def test_a_member_acts_from_afar(
    sandbox: Sandbox, app: AsyncApp, remote: Remote, running_over_sockets: Running
) -> None:
    text = {"type": "plain_text", "text": "Save"}
    row = {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "save", "text": text, "value": "1"}],
    }

    @app.command("/papers")
    async def papers(ack: Any, respond: Any) -> None:
        await ack()
        await respond("Found", blocks=[row])

    @app.action("save")
    async def save(ack: Any, respond: Any) -> None:
        await ack()
        await respond("Saved", replace_original=True)

    @app.event("app_home_opened")
    async def home(event: Any, client: Any) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [row]})

    async with running_over_sockets(app):
        found = await remote("command", user="ada", channel="papers", command="/papers")
        answer = found["messages"][0]
        assert (answer["text"], answer["is_ephemeral"]) == ("Found", True)
        pressed = await remote("press", user="ada", ts=answer["ts"], action_id="save")
        assert pressed["messages"][0]["text"] == "Saved"
        opened = await remote("home", user="ada")
        assert opened["views"][0]["type"] == "home"
        await remote("message", user="jonas", channel="papers", text="Good morning")

    state = await remote("state")
    papers_now = next(c for c in state["workspaces"][0]["channels"] if c.get("name") == "papers")
    assert [message["text"] for message in papers_now["messages"]] == ["Good morning"]
    calls = await remote("calls")
    assert "views.publish" in [call["method"] for call in calls["calls"]]
    assert calls["violations"] == []


async def test_faults_from_afar(sandbox: Sandbox, remote: Remote) -> None:
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
    await remote("fault", trouble="refuse", method="auth.test", error="fatal_error")
    with pytest.raises(SlackApiError, match="fatal_error"):
        await client.auth_test()
    await remote("fault", trouble="refuse", method="auth.test")
    await remote("clear-faults")
    await client.auth_test()


async def test_slack_goes_away_for_a_while(sandbox: Sandbox, remote: Remote) -> None:
    assert (await remote("down", seconds=600))["ok"] is True
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
    await sandbox.until(lambda: not sandbox.is_up)
    with pytest.raises(aiohttp.ClientConnectorError):
        await client.auth_test()
    await sandbox.go_up()
    await client.auth_test()
    await remote("down", seconds=0.2)
    await sandbox.until(lambda: not sandbox.is_up)
    await sandbox.until(lambda: sandbox.is_up)
    await client.auth_test()


@pytest.mark.parametrize(
    ("action", "body", "sentence"),
    [
        ("command", {"user": "nobody", "channel": "papers", "command": "/x"}, "has no member 'nobody'"),
        ("command", {"user": "ada", "command": "/x"}, "There is no 'channel'"),
        ("message", {"user": "jonas", "channel": "board-only", "text": "x"}, "can't write in board-only"),
        ("press", {"user": "ada", "ts": "1.000000"}, "no such message or view"),
        ("fault", {"trouble": "earthquake"}, "A fault is one of"),
        ("submit", {"user": "ada", "view_id": "V1"}, "no view V1"),
    ],
)
async def test_what_can_not_be_done_is_said(
    sandbox: Sandbox, remote: Remote, action: str, body: dict[str, Any], sentence: str
) -> None:
    answer = await remote(action, **body)

    assert answer["ok"] is False
    assert sentence in answer["error"]


async def test_a_sandbox_in_a_process_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.sandbox", "--workspaces", "2", "--channels", "1"),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        known = json.loads(await process.stdout.readline())
        assert len(known["workspaces"]) == 2
        for team, token in known["workspaces"].items():
            client = AsyncWebClient(token, base_url=known["api_url"])
            assert (await client.auth_test())["team_id"] == team
            await client.chat_postMessage(channel="topic-1", text="x")
    finally:
        process.terminate()
        await process.wait()
