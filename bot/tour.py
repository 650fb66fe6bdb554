"""The demo's tour, told in the terminal: it begins on the world's first morning and ends on the next."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import replace

from rich.console import Console
from rich.rule import Rule

from bot.demo import CHANNEL, PATIENCE, World, open_world
from bot.sandbox import Message, Reply
from bot.sandbox.terminal import Screen

MEMBER = "jonas"  # in Berlin


@asynccontextmanager
async def open_demo(
    console: Console, *, port: int = 0, browser: bool = False, stays: bool = False
) -> AsyncIterator[str]:
    """Plays the tour; the page, whose address this gives, is there from before it until the end.

    BotError where the port can't be listened on; 0 picks a free one.
    """
    async with open_world(port) as world:
        page = f"{world.sandbox.url}/?member={MEMBER}&at={CHANNEL}"
        console.print(f"The same in the browser, as Slack shows it:  {page}", markup=False)
        if browser:
            _show_in_browser(page)
        await Tour(console, world).play()
        if stays:
            console.print(f"\nThe page stays until Ctrl-C:  {page}", markup=False)
        yield page


def _show_in_browser(page: str) -> None:
    """Where there is a screen: in a bare terminal, Python would start a text browser over the tour."""
    if sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        # Some commands return only once the browser is closed.
        threading.Thread(target=webbrowser.open, args=[page], daemon=True).start()


class Tour:
    def __init__(self, console: Console, world: World) -> None:
        self._console = console
        self._world = world
        self._sandbox = world.sandbox
        self._member = world.sandbox.member(MEMBER)
        self._screen = Screen(world.sandbox.workspace, self._member.user.tz)

    async def play(self) -> None:
        await self._first_post()
        await self._search()
        await self._follow()
        await self._save()
        await self._next_morning()
        self._say(
            "That was the real bot over the real protocol. To run it for your team: README.md, “Set up”."
        )
        self._world.busy = False
        self._sandbox.platform.pulse.beat()  # the page's buttons work from here on

    async def _first_post(self) -> None:
        self._step(
            "A new channel gets the newest digest",
            "Three digests lie in the folder. #papers is not flooded: it gets the newest, as a thread.",
        )
        head = await self._sandbox.until(lambda: self._world.posts[0], timeout=PATIENCE)
        await self._sandbox.until(lambda: head.replies, timeout=PATIENCE)
        self._show(replace(head, replies=head.replies[:1]))
        self._say("The other papers follow in the thread.")

    async def _search(self) -> None:
        self._step("A member searches every paper ever digested", "Only Jonas sees the answer.")
        await self._type("search attention")

    async def _follow(self) -> None:
        self._step("… and follows what matters to him", "A tag, an author or a phrase.")
        await self._type("follow Robotics")

    async def _save(self) -> None:
        head = self._world.posts[0]
        await self._world.all_said()  # else the next reply would look like the answer
        self._step("A button", "Every paper has a short row of actions. Jonas presses Save on the first.")
        await self._answered(self._member.press(head.replies[0], "paper_save"))

    async def _next_morning(self) -> None:
        self._step(
            "The next morning",
            "The clock moves on, a new digest appears in the folder: the channel gets it at once, Jonas"
            " at nine in Berlin what he follows.",
        )
        await self._world.drop_digest(self._member)
        self._show(self._world.posts[1])
        had = len(self._member.dms())  # the welcome
        await self._world.move_to_morning(self._member)
        self._show(await self._sandbox.until(lambda: self._member.dms()[had], timeout=PATIENCE))

    async def _type(self, text: str) -> None:
        self._console.print(f"[bold]{self._member.user.real_name}[/] [dim]types[/]  /papers {text}")
        await self._answered(self._member.command(CHANNEL, "/papers", text))

    async def _answered(self, doing: Awaitable[Reply]) -> None:
        """What only this member sees of it: the bot may say other things meanwhile."""
        had = len(self._member.ephemerals())
        await doing
        self._show(await self._sandbox.until(lambda: self._member.ephemerals()[had], timeout=PATIENCE))

    def _step(self, title: str, sentence: str) -> None:
        self._console.print()
        self._console.print(Rule(title, align="left", style="cyan"))
        self._say(sentence)

    def _say(self, sentence: str) -> None:
        self._console.print(sentence, style="dim")
        self._console.print()

    def _show(self, message: Message) -> None:
        self._console.print(self._screen.render(message))
