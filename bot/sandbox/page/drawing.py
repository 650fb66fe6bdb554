"""What the templates call: texts, times and choices as one reader sees them."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from bot.sandbox import dates
from bot.sandbox.directory import User
from bot.sandbox.elements import initial_state
from bot.sandbox.inline import Reader
from bot.sandbox.messages import Json, Message
from bot.sandbox.page import fields, markup
from bot.sandbox.workspace import Workspace

AVATARS = 5  # colours that the style has for them
TOGETHER = dt.timedelta(minutes=5)  # messages closer than this share one byline
PLURALS = {"reply": "replies", "paper": "papers"}


@cache
def templates() -> Environment:
    return Environment(
        loader=PackageLoader("bot.sandbox.page"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def asset(name: str) -> str:
    """`messages.css`, `page.css`, `script.js` or `icon.svg`."""
    return (files("bot.sandbox.page") / name).read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Shown:
    """A message in a list: `alone` has a byline of its own, `day` heads a new day."""

    message: Message
    alone: bool
    day: str | None = None


class Drawing:
    """`tz`: the reader's; the time is the workspace's own."""

    def __init__(self, workspace: Workspace, tz: str) -> None:
        self.workspace = workspace
        self.tz = tz
        self.reader = Reader(workspace, tz, workspace.clock())

    # Text

    def text(self, said: Json) -> Markup:
        return markup.flow(self.reader.text(said))

    def phrase(self, said: Json) -> Markup:
        return markup.phrase(self.reader.text(said))

    def words(self, said: Json) -> str:
        return markup.words(self.reader.text(said))

    def rich_text(self, block: Json) -> Markup:
        return markup.flow(self.reader.rich_text(block))

    def message_text(self, message: Message) -> Markup:
        return markup.flow(self.reader.message_text(message))

    def href(self, url: str | None) -> str | None:
        return markup.href(url)

    # Elements

    name = staticmethod(fields.control_name)
    press = staticmethod(fields.press_value)
    chosen = staticmethod(fields.chosen)
    html_types = fields.HTML_TYPES
    menus = fields.MENUS
    lists = fields.LISTS
    externals = fields.EXTERNALS
    external_name = staticmethod(fields.external_name)

    def choices(self, element: Json) -> list[fields.Choice]:
        return fields.choices(element, self.workspace)

    def value(self, element: Json, state: Json) -> str:
        """Of an element that holds one thing."""
        value = next(iter(fields.chosen(element, state)), "")
        return fields.local_moment(value, self.tz) if value and element["type"] == "datetimepicker" else value

    # Messages

    def state(self, message: Message) -> Json:
        return initial_state(message.blocks)

    def author(self, message: Message) -> User:
        return self.workspace.users[message.user]

    def avatar(self, user: User) -> int:
        return sum(map(ord, user.id)) % AVATARS

    def moment(self, message: Message) -> dt.datetime:
        return dt.datetime.fromtimestamp(message.order / 1_000_000, ZoneInfo(self.tz))

    def clock_time(self, message: Message) -> str:
        return dates.clock_time(self.moment(message), self.tz)

    def day(self, message: Message) -> str:
        """Today, Yesterday, or the date."""
        moment = self.moment(message)
        template = "{date_pretty}" if abs(self._days_ago(moment)) <= 1 else "{date_long}"
        said = dates.fill(template, int(moment.timestamp()), self.tz, self.reader.now)
        return said[:1].upper() + said[1:]

    def last_reply(self, message: Message) -> str:
        last = self.moment(message.live_replies[-1])
        when = dates.fill("{date_short_pretty} at {time}", int(last.timestamp()), self.tz, self.reader.now)
        return f"Last reply {when}"

    def listed(self, messages: Iterable[Message], *, by_day: bool = True) -> Iterator[Shown]:
        """In their order, with what stands above each."""
        pairs = itertools.pairwise([None, *messages])
        for before, message in pairs:
            if message is None:
                continue
            day = self.day(message)
            new_day = by_day and (before is None or self.day(before) != day)
            alone = new_day or before is None or not _together(before, message)
            yield Shown(message, alone, day if new_day else None)

    def unfurled(self, message: Message) -> Sequence[Json]:
        """What stands below a message: attachments, and what the app showed for its addresses."""
        return [*message.attachments, *message.unfurls.values()]

    def count(self, number: int, noun: str) -> str:
        return f"{number} {noun if number == 1 else PLURALS.get(noun, noun + 's')}"

    @property
    def now(self) -> str:
        local = self.reader.now.astimezone(ZoneInfo(self.tz))
        return f"{local:%a} {local.day} {local:%b}, {dates.clock_time(local, self.tz)}"

    @property
    def city(self) -> str:
        return city(self.tz)

    def _days_ago(self, moment: dt.datetime) -> int:
        return (self.reader.now.astimezone(ZoneInfo(self.tz)).date() - moment.date()).days


def city(tz: str) -> str:
    """Los Angeles"""
    return tz.rpartition("/")[2].replace("_", " ")


def _together(before: Message, message: Message) -> bool:
    near = dt.timedelta(microseconds=message.order - before.order) < TOGETHER
    same = (before.user, before.only_for) == (message.user, message.only_for)
    return near and same and not before.live_replies and not before.deleted
