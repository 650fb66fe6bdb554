"""The bot as a process of its own, killed (-9) between claiming a row and recording what became of it."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from patience import PATIENCE
from stage import digest, row

from bot.sandbox import Sandbox

TITLES = ["Grasping: A Study", "Walking Far", "Lifting Much"]


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    async with Sandbox(patience=PATIENCE) as sandbox:
        yield sandbox


def installed(folder: Path, slack: Sandbox) -> dict[str, str]:
    """A bot's folder, and the environment to run it in."""
    today = dt.datetime.now(dt.UTC).date()
    (folder / "digests").mkdir()
    rows = [row(title, f"2504.0000{number}") for number, title in enumerate(TITLES)]
    (folder / "digests" / f"{today}.md").write_text(digest(str(today), *rows), "utf-8")
    (folder / "paperboy.toml").write_text(
        f"""
        [[sources]]
        name = "local"
        kind = "folder"
        path = "{folder / "digests"}"
        [[feeds]]
        channel = "{slack.workspace.channel("papers").id}"
        """,
        "utf-8",
    )
    return {
        **os.environ,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "PAPERBOY_CONFIG": str(folder / "paperboy.toml"),
        "PAPERBOY_DATA": str(folder / "data"),
        "PAPERBOY_LOG": "json",
    }


@asynccontextmanager
async def running(env: dict[str, str], folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "from bot.cli import main; main()", "run", env=env, stderr=log, cwd=folder
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
            await process.wait()


def said(slack: Sandbox) -> list[str]:
    return [
        message.text
        for post in slack.workspace.channel("papers").timeline
        for message in (post, *post.replies)
    ]


async def assert_each_arrives_once(slack: Sandbox, env: dict[str, str], folder: Path) -> None:
    async with running(env, folder):
        await slack.until(lambda: len(said(slack)) >= 4)
        await asyncio.sleep(1.5)
    assert len(said(slack)) == 4
    assert Counter(title for title in TITLES for text in said(slack)[1:] if title in text) == Counter(TITLES)


async def test_killed_after_a_post_arrived_and_before_that_was_recorded(
    tmp_path: Path, slack: Sandbox
) -> None:
    env = installed(tmp_path, slack)
    # The second message is stored at once, and its answer takes ten seconds.
    slack.faults.add("slow", method="chat.postMessage", delay=0)
    slack.faults.add("slow", method="chat.postMessage", delay=10, stored=True)
    async with running(env, tmp_path) as bot:
        await slack.until(lambda: len(said(slack)) == 2)
        bot.kill()
    await assert_each_arrives_once(slack, env, tmp_path)


async def test_killed_before_a_post_arrived(tmp_path: Path, slack: Sandbox) -> None:
    env = installed(tmp_path, slack)
    slack.faults.add("slow", method="chat.postMessage", delay=0)
    slack.faults.add("slow", method="chat.postMessage", delay=5)
    async with running(env, tmp_path) as bot:
        await slack.until(lambda: len(said(slack)) == 1)
        while len(slack.faults.struck) < 2:  # noqa: ASYNC110 - a fault that waits tells nobody
            await asyncio.sleep(0.02)
        bot.kill()
    await assert_each_arrives_once(slack, env, tmp_path)


async def test_killed_after_a_button_was_acknowledged_and_before_it_was_handled(
    tmp_path: Path, slack: Sandbox
) -> None:
    """The press is written down before Slack is told that we have it: the next process handles it."""
    env = installed(tmp_path, slack)
    jonas = slack.member("jonas")
    async with running(env, tmp_path) as bot:
        await slack.until(lambda: len(said(slack)) == 4)
        found = (await jonas.command("papers", "/papers", "search grasping")).message
        slack.faults.add("slow", method="users.info", delay=10)  # Follow asks for the zone before it acts
        pressed = await jonas.press(found, "paper_follow_tag", "tag:Robotics", answers=0, timeout=0)
        assert pressed.ack.ok
        bot.kill()
    async with running(env, tmp_path):
        await slack.until(lambda: "You follow Robotics" in jonas.ephemerals()[-1].text)
        await asyncio.sleep(0.5)
    assert sum("You follow Robotics" in message.text for message in jonas.ephemerals()) == 1
