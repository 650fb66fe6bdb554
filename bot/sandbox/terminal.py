"""Slack drawn in a terminal, as a member would see it: messages, threads, channels, Homes and modals."""

from __future__ import annotations

import datetime as dt
import itertools

from rich.align import Align
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bot.sandbox import dates
from bot.sandbox.directory import Channel, User
from bot.sandbox.inline import Reader
from bot.sandbox.messages import Message
from bot.sandbox.terminal_blocks import FAINT, Barred, Drawer
from bot.sandbox.views import View
from bot.sandbox.workspace import Workspace

COUNT = Style(color="#1d9bd1", bold=True)
AVATARS = ("#1264a3", "#2bac76", "#c0448f", "#b7791f", "#6b4fbb")
APP_BADGE = Style(color="grey70", bgcolor="grey30")


class Screen:
    """What someone in the time zone `tz` sees of a workspace."""

    def __init__(self, workspace: Workspace, tz: str = "UTC") -> None:
        self._workspace = workspace
        self._tz = tz

    def render(self, shown: Message | View | Channel) -> RenderableType:
        """A message (with its thread below), a Home, a modal, or a whole channel."""
        if isinstance(shown, Channel):
            return self._channel(shown)
        if isinstance(shown, View):
            return self._home(shown) if shown.is_home else self._modal(shown)
        return self._with_thread(shown)

    def _channel(self, channel: Channel) -> RenderableType:
        """Its name, then everything in it, a rule for each new day."""
        name = f"{'🔒' if channel.is_private else '#'} {channel.name}"
        if channel.peer:
            name = self._workspace.app.name
        title = Text.assemble((name, "bold"), (f"  {channel.topic}", FAINT))
        parts: list[RenderableType] = [title, Rule(style="grey35")]
        live = (m for m in channel.timeline if not m.deleted or m.live_replies)
        for day, messages in itertools.groupby(live, key=lambda m: dates.day(_moment(m), self._tz)):
            parts.append(Rule(Text(day, style=FAINT), style="grey27"))
            parts += (self._with_thread(message) for message in messages)
        return Group(*parts)

    def _with_thread(self, message: Message) -> RenderableType:
        """And with an empty line below."""
        parts: list[RenderableType] = [self._message(message), Text()]
        replies = message.live_replies
        if replies:
            count = Text(f"{len(replies)} {'reply' if len(replies) == 1 else 'replies'}", style=COUNT)
            spaced = [part for reply in replies for part in (self._message(reply), Text())]
            parts += [Padding(Barred(Group(count, *spaced[:-1]), "grey35"), (0, 0, 0, 4)), Text()]
        return Group(*parts)

    def _message(self, message: Message) -> RenderableType:
        author = self._workspace.users[message.user]
        parts: list[RenderableType] = []
        if message.only_for:
            parts.append(Text("👀 Only visible to you", style=FAINT))
        parts += [self._byline(author, message), self._body(message)]
        grid = Table.grid(padding=(0, 1), expand=True)
        grid.add_column(width=3)
        grid.add_column(ratio=1)
        grid.add_row(_avatar(author, below=bool(message.only_for)), Group(*parts))
        return grid

    def _byline(self, author: User, message: Message) -> Text:
        badge = (" APP ", APP_BADGE) if author.is_bot else ""
        time = dates.clock_time(_moment(message), self._tz)
        return Text.assemble((author.real_name, "bold"), " ", badge, " " if badge else "", (time, FAINT))

    def _body(self, message: Message) -> RenderableType:
        drawer = self._drawer
        if message.deleted:
            return Text("This message was deleted.", style=FAINT)
        if message.blocks:
            body = drawer.blocks(message.blocks)
        else:
            body = drawer.lines(self._reader.message_text(message))
        edited = [Text("(edited)", style=FAINT)] if message.edited_ts else []
        attached = [
            Barred(drawer.blocks(shown.get("blocks", [])), "grey50") for shown in message.unfurls.values()
        ]
        return Group(body, *edited, *attached)

    def _home(self, view: View) -> RenderableType:
        name = self._workspace.app.name
        title = Text.assemble(
            (f" {name} ", "bold"), ("│", FAINT), (" Home ", "bold underline"), ("│ Messages ", FAINT)
        )
        return Panel(
            self._drawer.blocks(view.blocks, view.state), title=title, title_align="left", padding=(1, 2)
        )

    def _modal(self, view: View) -> RenderableType:
        drawer, payload = self._drawer, view.payload
        buttons = Table.grid(padding=(0, 1))
        close = payload.get("close") or {"type": "plain_text", "text": "Cancel"}
        shown = [drawer.button({"text": close})]
        if payload.get("submit"):
            shown.append(drawer.button({"text": payload["submit"], "style": "primary"}))
        buttons.add_row(*shown)
        body = Group(drawer.blocks(view.blocks, view.state), Text(), Align.right(buttons))
        title = Text.assemble(" ", (drawer.lines(self._reader.text(payload["title"])).plain, "bold"), " ")
        return Panel(body, title=title, title_align="left", padding=(1, 2), width=64)

    @property
    def _reader(self) -> Reader:
        return Reader(self._workspace, self._tz, self._workspace.clock())

    @property
    def _drawer(self) -> Drawer:
        return Drawer(self._reader)


def _moment(message: Message) -> dt.datetime:
    return dt.datetime.fromtimestamp(message.order / 1_000_000, dt.UTC)


def _avatar(author: User, *, below: bool) -> Text:
    colour = AVATARS[sum(map(ord, author.id)) % len(AVATARS)]
    initial = Text(f" {author.real_name[:1].upper()} ", style=Style(color="white", bgcolor=colour, bold=True))
    return Text("\n").append(initial) if below else initial
