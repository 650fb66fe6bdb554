"""Someone before the page: where they are, what they do, what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from playwright.async_api import ConsoleMessage, Locator, Page, expect

from bot.sandbox import Sandbox
from bot.sandbox.page.visit import HOME

__all__ = ["PATIENCE", "Look", "Viewer", "expect"]

PATIENCE = 60_000  # milliseconds, for what is done and for what is expected
expect.set_options(timeout=PATIENCE)

Look = Callable[..., Any]  # the fixture's: a sandbox, a member's name and a place in, a Viewer to await out


class Viewer:
    """`troubles`: errors on the console, exceptions of the script, requests that failed."""

    def __init__(self, sandbox: Sandbox, page: Page) -> None:
        self.sandbox = sandbox
        self.page = page
        self.troubles: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"{message.type}: {message.text}")

    def address(self, name: str, at: str) -> str:
        member = self.sandbox.member(name)
        if at == "@paperboy":
            at = self.sandbox.workspace.dm(member.id).id
        elif at != HOME:
            at = self.sandbox.workspace.channel(at).id
        return f"{self.sandbox.url}/?{urlencode({'member': member.id, 'at': at})}"

    async def go(self, name: str, at: str) -> None:
        await self.page.goto(self.address(name, at))

    # Parts of the page

    @property
    def messages(self) -> Locator:
        return self.page.locator("#said article")

    @property
    def private(self) -> Locator:
        """What only they see."""
        return self.page.locator("#said article.ephemeral")

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("complementary", name="Thread")

    @property
    def sidebar(self) -> Locator:
        return self.page.get_by_role("navigation", name="Conversations")

    @property
    def modal(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def composer(self) -> Locator:
        return self.page.locator("#say input[name=text]")

    def button(self, name: str, **how: Any) -> Locator:
        return self.page.get_by_role("button", name=name, **how)

    # What they do

    async def type(self, text: str) -> None:
        await self.composer.fill(text)
        await self.composer.press("Enter")
