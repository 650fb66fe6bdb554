"""One Slack workspace: its people, channels, messages and views, and a record of every change to them.

State only: it knows no network, and the time comes from the clock it is given.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.app import App
from bot.sandbox.directory import Channel, User
from bot.sandbox.elements import with_block_ids
from bot.sandbox.errors import SandboxError, SlackError
from bot.sandbox.messages import Draft, Json, Message
from bot.sandbox.tickets import Clock, ResponseUrls, Triggers
from bot.sandbox.views import View, Views

SINCE_2015 = 1_420_070_400  # `created` of everything that was there before


@dataclass(frozen=True, slots=True)
class SharedLinks:
    """The addresses in a message that the app was told of, and so may unfurl."""

    message: Message
    urls: frozenset[str]
    source: str  # "composer" while it is still being written, else "conversations_history"


@dataclass(frozen=True, slots=True)
class Change:
    """`kind`: posted, edited, unfurled, deleted; ephemeral, replaced, removed; and of views
    home, opened, updated, pushed, closed.
    """

    kind: str
    channel: str | None = None
    user: str | None = None  # the one member it concerns
    message: Message | None = None
    view: View | None = None


class Workspace:
    """`number` sets its ids apart from those of the other workspaces of a sandbox."""

    def __init__(
        self, clock: Clock, *, number: int = 1, name: str = "Paper Street", app: App | None = None
    ) -> None:
        self.clock = clock
        self.number = number
        self.name = name
        self.app = app or App()
        self.scopes = self.app.scopes
        self.id = f"T{number:03}000000"
        self.domain = f"{name.lower().replace(' ', '-')}-{number}"
        self.bot_token = f"xoxb-{number:03}-sandbox"
        self.revoked = False
        self.history_lag = 0.0  # seconds for which a fresh message is not in conversations.history yet
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.ephemerals: list[Message] = []
        self.changes: list[Change] = []
        self.watchers: list[Callable[[Change], None]] = []
        self.announce: Callable[[str, Json], object] = lambda name, inner: None  # sends an event
        self.shared_links: dict[str, SharedLinks] = {}  # by unfurl_id
        self.suggested: dict[tuple[str, str], list[Json]] = {}  # by block_id and action_id
        self._counters: dict[str, int] = {}
        self._dms: dict[str, Channel] = {}
        self._last_order = 0
        self.triggers = Triggers(clock)
        self.response_urls = ResponseUrls(clock)
        self.views = Views(self.new_id, self.stamp)
        self.bot_id = self.new_id("B")
        self.bot_user = self.add_user(self.app.name.lower(), self.app.name, is_bot=True).id

    # People and places

    def add_user(self, name: str, real_name: str, tz: str = "UTC", **flags: bool) -> User:
        user = User(self.new_id("U"), self.id, name, real_name, tz, **flags)
        self.users[user.id] = user
        return user

    def add_channel(
        self, name: str, members: list[str] | None = None, *, private: bool = False, archived: bool = False
    ) -> Channel:
        """A channel; `members` None: every member there is, and not the bot."""
        everyone = [user.id for user in self.users.values() if not user.is_bot]
        inside = everyone if members is None else members
        channel = Channel(self.new_id("C"), self.id, name, SINCE_2015, private, archived, members=inside)
        self.channels[channel.id] = channel
        return channel

    def user(self, ref: str) -> User:
        """By id or name."""
        found = self.users.get(ref) or next(
            (u for u in self.users.values() if u.name == ref.lstrip("@")), None
        )
        if found is None:
            raise SandboxError(f"{self.name} has no member {ref!r}.")
        return found

    def channel(self, ref: str) -> Channel:
        """By id, or by name with or without #."""
        found = self.find_channel(ref)
        if found is None:
            raise SandboxError(f"{self.name} has no channel {ref!r}.")
        return found

    def find_channel(self, ref: str) -> Channel | None:
        return self.channels.get(ref) or next(
            (c for c in self.channels.values() if not c.peer and c.name == ref.lstrip("#")), None
        )

    def dm(self, user: str) -> Channel:
        """The bot's direct messages with a member, opened when first needed."""
        if user not in self._dms:
            members = [user, self.bot_user]
            opened = Channel(
                self.new_id("D"), self.id, "", SINCE_2015, is_private=True, peer=user, members=members
            )
            self._dms[user] = self.channels[opened.id] = opened
        return self._dms[user]

    # Messages

    def post(self, channel: Channel, author: str, draft: Draft) -> Message:
        parent = self._parent(channel, draft.thread_ts)
        message = self._write(channel, author, draft)
        channel.by_ts[message.ts] = message
        if parent:
            parent.replies.append(message)
        if parent is None or draft.broadcast:
            channel.timeline.append(message)
        self._tell(Change("posted", channel.id, message=message))
        return message

    def draft(self, channel: Channel, author: str, draft: Draft) -> Message:
        """A message that is still in the composer: it stands nowhere."""
        return self._write(channel, author, draft)

    def post_ephemeral(self, channel: Channel, user: str, draft: Draft) -> Message:
        message = self._write(channel, self.bot_user, draft)
        message.only_for = user
        self.ephemerals.append(message)
        self._tell(Change("ephemeral", channel.id, user, message))
        return message

    def edit(self, message: Message, draft: Draft) -> None:
        """Put the draft in the place of what the message said."""
        message.text, message.attachments = draft.text, list(draft.attachments)
        message.blocks = with_block_ids(draft.blocks, self.stamp())
        message.metadata, message.link_names = draft.metadata, draft.link_names
        message.edited_ts = self.next_ts()[1]
        kind = "replaced" if message.only_for else "edited"
        self._tell(Change(kind, message.channel, message.only_for, message))

    def delete(self, message: Message) -> None:
        message.deleted = True
        kind = "removed" if message.only_for else "deleted"
        self._tell(Change(kind, message.channel, message.only_for, message))

    def unfurl(self, message: Message, unfurls: Json) -> None:
        """Show something below a message for addresses in it."""
        for url, shown in unfurls.items():
            message.unfurls[url] = shown | {"blocks": with_block_ids(shown.get("blocks", ()), self.stamp())}
        self._tell(Change("unfurled", message.channel, message=message))

    def unfurled_by(self, message: Message, block: Json) -> str | None:
        """The address below which a message shows this block."""
        below = (
            (url, each["block_id"]) for url, shown in message.unfurls.items() for each in shown["blocks"]
        )
        return next((url for url, block_id in below if block_id == block["block_id"]), None)

    def ephemeral(self, ts: str) -> Message | None:
        return next((m for m in reversed(self.ephemerals) if m.ts == ts and not m.deleted), None)

    # Views

    def show(self, kind: str, view: View) -> View:
        """Note that a view came up or changed: home, opened, updated, pushed or closed."""
        self._tell(Change(kind, user=view.user, view=view))
        return view

    @property
    def view_owner(self) -> Json:
        return {"team": self.id, "app_id": self.app.id, "bot_id": self.bot_id}

    # Ids and stamps

    def new_id(self, kind: str) -> str:
        """Ids such as C001000004: the kind's letter, this workspace's number, a count."""
        self._counters[kind] = self._counters.get(kind, 0) + 1
        return f"{kind}{self.number:03}{self._counters[kind]:06}"

    def stamp(self) -> str:
        """A word that never comes again, for hashes and for the block ids that Slack makes up."""
        self._counters["stamp"] = self._counters.get("stamp", 0) + 1
        return f"{int(self.clock().timestamp())}.{self._counters['stamp']:x}"

    def next_ts(self) -> tuple[int, str]:
        # Two messages never share a ts, nor does a clock set back turn their order round.
        now = round(self.clock().timestamp() * 1_000_000)
        self._last_order = max(now, self._last_order + 1)
        return self._last_order, f"{self._last_order // 1_000_000}.{self._last_order % 1_000_000:06}"

    def _write(self, channel: Channel, author: str, draft: Draft) -> Message:
        order, ts = self.next_ts()
        by_bot = author == self.bot_user
        return Message(
            order,
            ts,
            self.id,
            channel.id,
            author,
            text=draft.text,
            blocks=with_block_ids(draft.blocks, ts[-9:]),
            attachments=list(draft.attachments),
            metadata=draft.metadata,
            thread_ts=draft.thread_ts,
            broadcast=draft.broadcast and draft.thread_ts is not None,
            link_names=draft.link_names,
            bot_id=self.bot_id if by_bot else None,
            app_id=self.app.id if by_bot else None,
        )

    def _parent(self, channel: Channel, thread_ts: str | None) -> Message | None:
        if thread_ts is None:
            return None
        parent = channel.by_ts.get(thread_ts)
        if parent is None or (parent.deleted and not parent.live_replies):
            raise SlackError("thread_not_found")
        if parent.thread_ts:
            raise SlackError("cannot_reply_to_message")  # to a reply: its parent's ts is wanted
        return parent

    def _tell(self, change: Change) -> None:
        self.changes.append(change)
        for watcher in self.watchers:
            watcher(change)


def sample_workspace(
    clock: Clock, *, number: int = 1, app: App | None = None, channels: tuple[str, ...] = ()
) -> Workspace:
    """Three members in three time zones, channels of every kind, and `channels` with the bot in."""
    workspace = Workspace(clock, number=number, app=app)
    workspace.add_user("ada", "Ada Reyes", "America/Los_Angeles", is_admin=True, is_owner=True)
    workspace.add_user("jonas", "Jonas Weber", "Europe/Berlin")
    workspace.add_user("yuki", "Yuki Tanaka", "Asia/Tokyo")
    everyone = list(workspace.users)
    workspace.add_channel("general")
    for name in ("papers", "reading-group", *channels):
        workspace.add_channel(name, list(everyone))
    workspace.add_channel("robotics")
    workspace.add_channel("research-leads", list(everyone), private=True)
    workspace.add_channel("board-only", [workspace.user("ada").id], private=True)
    workspace.add_channel("old-project", list(everyone), archived=True)
    return workspace


def wall_clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def recent(changes: list[Change], count: int = 5) -> str:
    """The last changes in a line, for whoever waited for another one."""
    tail = deque(changes, maxlen=count)
    said = [f"{c.kind} {c.message.text[:60] if c.message else c.user or ''!r}" for c in tail]
    return "; ".join(said) or "nothing"
