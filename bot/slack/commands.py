"""What a member typed after `/papers`, read. Pure; one table names every word that people try."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.errors import BadArgument
from bot.model import Frequency
from bot.subscriptions.hours import read_hour

VERBS = {
    "help": ("help", "?", "usage", "hi", "hello"),
    "today": ("today", "latest", "yesterday", "day"),
    "search": ("search", "find", "s", "look"),
    "follow": ("follow", "subscribe", "sub", "watch"),
    "unfollow": ("unfollow", "unsubscribe", "unsub", "unwatch"),
    "following": ("following", "list", "follows", "subscriptions"),
    "digest": ("digest", "schedule"),
    "saved": ("saved", "bookmarks"),
    "why": ("why", "status", "broken", "nothing"),
    "feed": ("feed", "feeds", "channel"),
}
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_VERB_OF = {word: verb for verb, words in VERBS.items() for word in words}

_FEED_WORDS = {
    "show": ("", "show", "status"),
    "list": ("list", "all"),
    "set": ("set", "setup", "set up", "new", "create", "add", "change", "edit", "configure"),
    "pause": ("pause", "stop", "mute", "off"),
    "resume": ("resume", "start", "unpause", "unmute", "on"),
    "remove": ("remove", "delete"),
    "restore": ("restore", "undo"),
    "preview": ("preview",),
}
_FEED_WORD = {word: what for what, words in _FEED_WORDS.items() for word in words}

_FREQUENCIES = {
    "daily": Frequency.DAILY,
    "weekly": Frequency.WEEKLY,
    "off": Frequency.OFF,
    "on": Frequency.DAILY,
    "at": Frequency.DAILY,  # `digest at 8am`
    "stop": Frequency.OFF,
    "pause": Frequency.OFF,
}

DIGEST_USAGE = "Write `/papers digest daily at 08:30`, `/papers digest weekly` or `/papers digest off`."
DAY_USAGE = "Write `/papers today`, `/papers yesterday` or a date like `/papers today 2025-04-28`."


@dataclass(frozen=True, slots=True)
class Command:
    verb: str  # a key of VERBS
    rest: str = ""  # what follows it, as typed


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """The first word is no verb; `nearest` may be what was meant."""

    word: str
    nearest: str | None


def read(text: str) -> Command | NotUnderstood:
    """The first word decides; a lone date is that day's digest."""
    words = text.strip().split(maxsplit=1)
    if not words:
        return Command("help")
    first, rest = words[0].lower().rstrip(":"), words[1] if len(words) > 1 else ""
    if first == "yesterday" or (not rest and _DATE.fullmatch(first)):
        return Command("today", first)
    if verb := _VERB_OF.get(first):
        return Command(verb, rest.strip())
    near = process.extractOne(first, list(_VERB_OF), scorer=fuzz.ratio, score_cutoff=65)
    return NotUnderstood(words[0][:40], near[0] if near else None)


def read_day(rest: str, today: dt.date) -> dt.date | None:
    """`` → None (the newest), `yesterday`, `2025-04-28` → that day; BadArgument for the rest."""
    asked = rest.strip().lower()
    if asked in ("", "today", "latest"):
        return None
    if asked == "yesterday":
        return today - dt.timedelta(days=1)
    if _is_date(asked):
        return dt.date.fromisoformat(asked)
    raise BadArgument(f"I can't read “{rest.strip()[:40]}” as a day. {DAY_USAGE}")


def read_digest(rest: str) -> tuple[Frequency, dt.time | None]:
    """`daily at 08:30`, `weekly`, `off`, `at 8am` → how often, and the hour where one is named."""
    words = rest.strip().lower()
    often, _, hour = words.partition(" at ") if " at " in words else words.partition(" ")
    if often not in _FREQUENCIES:
        raise BadArgument(DIGEST_USAGE)
    return _FREQUENCIES[often], read_hour(hour) if hour.strip() else None


def read_feed(rest: str) -> tuple[str, str]:
    """What to do with the channel's feed, a key of _FEED_WORDS, and the filter for `set`: all that is no
    such word is one, as in `feed robotics -audio`."""
    words = rest.strip()
    if what := _FEED_WORD.get(words.lower()):
        return what, ""
    first, _, others = words.partition(" ")
    return "set", others.strip() if _FEED_WORD.get(first.lower()) == "set" else words


def _is_date(word: str) -> bool:
    try:
        dt.date.fromisoformat(word)
    except ValueError:
        return False
    return True
