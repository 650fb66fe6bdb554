"""A real Chromium, headless, before the page: with the real bot behind it, or a small app of a test's own.

Nothing here waits for a time to pass: Playwright waits for what it is told to see, for as long as PATIENCE.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from viewer import PATIENCE, Look, Viewer

from bot.demo import World, open_world
from bot.sandbox import App, Sandbox, Shortcut, sample_workspace
from bot.sandbox.page import Site
from bot.sandbox.workspace import wall_clock

NAMES = ("chromium", "chromium-browser", "google-chrome")
HERE = Path(__file__).parent
ON_ONE_LOOP = pytest.mark.asyncio(loop_scope="session")  # the browser's, whose start takes a second


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == HERE:  # the hook sees the tests of every folder
            item.add_marker(ON_ONE_LOOP, append=False)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Its path: Debian's package puts it there, .ci/run installs that."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or pytest.skip("no Chromium on the PATH: on Debian, apt-get install chromium")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=[*as_root, "--disable-dev-shm-usage"]
        )
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def look(browser: Browser) -> AsyncIterator[Look]:
    """`await look(sandbox, "jonas", at="papers")`: a page of theirs; no error may have come up by the end."""
    viewers: list[Viewer] = []
    async with AsyncExitStack() as stack:

        async def look(sandbox: Sandbox, name: str = "jonas", at: str = "papers", **how: Any) -> Viewer:
            context = await browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **how})
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE)
            viewers.append(Viewer(sandbox, await context.new_page()))
            await viewers[-1].go(name, at)
            return viewers[-1]

        yield look
    assert [trouble for viewer in viewers for trouble in viewer.troubles] == []


@pytest_asyncio.fixture(loop_scope="session")
async def world() -> AsyncIterator[World]:
    """The demo's, the tour left out: the first channel's post is there."""
    async with open_world(toured=False) as world:
        await world.sandbox.until(lambda: len(world.posts[0].replies) > 2)
        yield world


@pytest_asyncio.fixture(loop_scope="session")
async def small() -> AsyncIterator[tuple[Sandbox, AsyncApp]]:
    """A sandbox with its page, and a Bolt app that listens to nothing yet."""
    app = App(shortcuts=(Shortcut("message", "find_paper", "Find the paper"),))
    sandbox = Sandbox(sample_workspace(wall_clock, app=app), patience=PATIENCE / 1000)
    sandbox.serve(Site(sandbox).attach)
    async with sandbox:
        client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
        listening = AsyncApp(client=client, signing_secret=sandbox.signing_secret)
        handler = AsyncSocketModeHandler(listening, sandbox.app_token)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await sandbox.connected()
        try:
            yield sandbox, listening
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]
