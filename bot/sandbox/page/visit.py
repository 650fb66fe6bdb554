"""Who looks at what: one member at one place of the workspace, perhaps with a thread open beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from bot.sandbox.directory import Channel, User
from bot.sandbox.member import Member
from bot.sandbox.messages import Message
from bot.sandbox.page.drawing import city
from bot.sandbox.views import View
from bot.sandbox.workspace import Workspace

HOME = "home"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the sidebar; `badge`: how many messages are new, where that is shown."""

    name: str
    url: str
    sign: str
    here: bool
    unread: bool = False
    badge: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the composer offers to complete."""

    text: str
    note: str = ""


class Read:
    """Up to where each member has seen each channel."""

    def __init__(self) -> None:
        self._upto: dict[tuple[str, str], int] = {}

    def mark(self, member: Member, place: Channel) -> None:
        self._upto[member.id, place.id] = place.timeline[-1].order if place.timeline else 0

    def fresh(self, member: Member, place: Channel) -> int:
        """How many messages of others came since."""
        upto = self._upto.get((member.id, place.id), 0)
        return sum(m.order > upto and m.user != member.id and not m.deleted for m in place.timeline)


class Visit:
    """`place` None is the app's Home; `thread` is the message whose replies are open."""

    city = staticmethod(city)

    def __init__(self, member: Member, place: Channel | None, thread: Message | None, read: Read) -> None:
        self.member = member
        self.workspace: Workspace = member.workspace
        self.place = place
        self.thread = thread
        self._read = read

    # What there is to see

    @property
    def title(self) -> str:
        if self.place is None or self.place.peer:
            return self.workspace.app.name
        return f"{'🔒' if self.place.is_private else '#'} {self.place.name}"

    @property
    def beginning(self) -> str:
        if self.place and self.place.peer:
            return f"This is the very beginning of your direct messages with {self.workspace.app.name}."
        return f"This is the very beginning of {self.title}."

    @property
    def people(self) -> list[User]:
        return [user for user in self.workspace.users.values() if not user.is_bot and not user.deleted]

    @property
    def home(self) -> View | None:
        return self.member.home

    @property
    def modal(self) -> View | None:
        return self.member.modal

    @cached_property
    def messages(self) -> list[Message]:
        """The place's, with those that only this member sees where they came."""
        timeline = self.place.timeline if self.place else ()
        said = [m for m in timeline if not m.deleted or m.live_replies]
        return sorted(said + self._private(thread=None), key=lambda message: message.order)

    @property
    def replies(self) -> list[Message]:
        """Of the thread that is open."""
        if self.thread is None:
            return []
        said = self.thread.live_replies + self._private(thread=self.thread.ts)
        return sorted(said, key=lambda message: message.order)

    def _private(self, thread: str | None) -> list[Message]:
        mine = self.member.ephemerals(self.place.id if self.place else None)
        return [message for message in mine if message.thread_ts == thread]

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        """Of the app's own page."""
        if self.place and not self.place.peer:
            return []
        dm = self.workspace.dm(self.member.id)
        home = ("Home", self._url(at=HOME), self.place is None)
        return [home, ("Messages", self._url(at=dm.id), self.place is dm)]

    @property
    def sidebar(self) -> list[tuple[str, list[Entry]]]:
        inside = [
            channel
            for channel in self.workspace.channels.values()
            if self.member.id in channel.members and not channel.is_archived and not channel.peer
        ]
        dm = self.workspace.dm(self.member.id)
        home = Entry(self.workspace.app.name, self._url(at=HOME), "⌂", self.place is None)
        return [
            ("Channels", [self._entry(channel) for channel in inside]),
            ("Direct messages", [self._entry(dm)]),
            ("Apps", [home]),
        ]

    def _entry(self, place: Channel) -> Entry:
        fresh = self._read.fresh(self.member, place)
        sign = "●" if place.peer else "🔒" if place.is_private else "#"
        name = self.workspace.app.name if place.peer else place.name
        badge = fresh if place.peer else 0
        return Entry(name, self._url(at=place.id), sign, self.place is place, bool(fresh), badge)

    @property
    def hints(self) -> Iterator[Suggestion]:
        """Each command, then what its usage hint lists: "[today | help]"."""
        for hint in self.workspace.app.hints:
            yield Suggestion(hint.command, f"{hint.usage} {hint.description}".strip())
            for usage in hint.usage.strip("[] ").split("|"):
                if usage.strip():
                    yield Suggestion(f"{hint.command} {usage.strip()}")

    # Where links and forms lead

    def url(self) -> str:
        """This place without the thread."""
        return self._url(at=self.place.id if self.place else HOME)

    def as_member(self, user: str) -> str:
        """The same as another sees it; what is private of this one becomes theirs."""
        if self.place and self.place.peer:
            at = self.workspace.dm(user).id
        else:
            at = self.place.id if self.place else HOME
        shown = self.place is None or self.place.peer or user in self.place.members
        return f"/?{urlencode({'member': user} | ({'at': at} if shown else {}))}"

    def thread_of(self, message: Message) -> str | None:
        if self.place is None or message.only_for:
            return None
        return self._url(at=self.place.id, thread=message.thread_ts or message.ts)

    @property
    def stream(self) -> str:
        at = {"at": self.place.id if self.place else HOME}
        thread = {"thread": self.thread.ts} if self.thread else {}
        return f"/page/stream?{urlencode({'member': self.member.id} | at | thread)}"

    def press(self, where: Message | View) -> str:
        """Where a form with the blocks of a message or view goes."""
        if isinstance(where, View):
            return self.post("press", view_id=where.id)
        if where.only_for:
            return self.post("press", ts=where.ts)
        return self.post("press", channel=where.channel, ts=where.ts)

    def shortcuts(self, message: Message) -> str | None:
        """Where its menu of shortcuts goes; None where it has none."""
        if message.only_for or message.deleted or not self.workspace.app.menu("message"):
            return None
        return self.post("shortcut", channel=message.channel, ts=message.ts)

    def post(self, what: str, **where: str) -> str:
        place = {"channel": self.place.id} if what == "say" and self.place else {}
        return f"/page/{what}?{urlencode({'member': self.member.id} | place | where)}"

    def _url(self, **where: str) -> str:
        return f"/?{urlencode({'member': self.member.id} | where)}"


def first_place(workspace: Workspace, member: Member) -> Channel:
    """Where something was said last, among what they are in."""
    inside: Sequence[Channel] = [c for c in workspace.channels.values() if member.id in c.members]
    return max(inside, key=lambda c: (c.timeline[-1].order if c.timeline else 0, not c.peer))
