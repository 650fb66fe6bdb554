"""What a member typed after `/papers`, read. Pure; one table names every word that people try."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.errors import BadArgument
from bot.model import Frequency
from bot.slack.text import DAYS
from bot.subscriptions.hours import read_hour
from bot.subscriptions.service import Timing

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
# What may stand before a filter, the longest first: `set up robotics` is not about "up".
_SET = re.compile(rf"(?:{'|'.join(sorted(_FEED_WORDS['set'], key=len, reverse=True))})\s+", re.IGNORECASE)

PAUSES = ("pause", "mute")
RESUMES = ("resume", "continue", "unpause", "unmute")
_FREQUENCIES = {
    **dict.fromkeys(("daily", "day"), Frequency.DAILY),
    **dict.fromkeys(("weekly", "week"), Frequency.WEEKLY),
    **dict.fromkeys(("off", "stop"), Frequency.OFF),
}
_WEEKDAYS = {
    form: number
    for number, day in enumerate(map(str.lower, DAYS))
    for form in (*(day[:end] for end in range(3, len(day) + 1)), f"{day}s")
}
_FILLING = ("on", "at", "every", "each")

DIGEST_USAGE = (
    "Write `/papers digest daily at 08:30`, `/papers digest weekly on fri at 8:30am`, `/papers digest pause`,"
    " `resume` or `off`."
)
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
    if first in (*PAUSES, *RESUMES) and not rest:
        return Command("digest", first)
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


def read_digest(rest: str) -> Timing:
    """`daily at 08:30`, `weekly on fri`, `every friday`, `off`, `on`, `at 8am`, `20:30`: what each names."""
    words = rest.lower().replace(",", " ").split()
    if words == ["on"]:
        return Timing(Frequency.DAILY)
    often = {_FREQUENCIES[word] for word in words if word in _FREQUENCIES}
    days = {_WEEKDAYS[word] for word in words if word in _WEEKDAYS}
    hour = " ".join(word for word in words if word not in (*_FREQUENCIES, *_WEEKDAYS, *_FILLING))
    often |= {Frequency.WEEKLY} if days else set()
    if len(often) > 1 or len(days) > 1 or not (often or hour):
        raise BadArgument(DIGEST_USAGE)
    try:
        at = read_hour(hour) if hour else None
    except BadArgument:
        if often or words[0] == "at":
            raise
        raise BadArgument(DIGEST_USAGE) from None
    return Timing(next(iter(often), None), next(iter(days), None), at)


def read_feed(rest: str) -> tuple[str, str]:
    """What to do with the channel's feed, a key of _FEED_WORDS, and the filter for `set`: all that is no
    such word is one, as in `feed robotics -audio`."""
    words = rest.strip()
    if what := _FEED_WORD.get(words.lower()):
        return what, ""
    return "set", words[found.end() :] if (found := _SET.match(words)) else words


def _is_date(word: str) -> bool:
    try:
        dt.date.fromisoformat(word)
    except ValueError:
        return False
    return True
