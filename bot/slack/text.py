"""Outside text made harmless: what Slack would obey, hide or choke on is gone before a block carries it.

Titles, authors and summaries come from a model and from the web. Where it costs nothing they go into
plain_text and rich_text, which Slack does not parse; `escape` is for the rest: mrkdwn (always `verbatim`) and
the fallback text. The characters * _ ~ ` can't be escaped there; the styling they give is harmless.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from bot.slack import limits

UNSEEN = frozenset({"Cc", "Cf", "Cs"})  # control, bidi and zero-width, lone surrogates
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters that draw nothing
NOTHING = "–"  # Slack takes no empty text
WORD_JOINER = "\u2060"  # draws nothing, and parts a sign from the word that would make it a mention
# What Slack may turn into a mention, a channel or a link although nothing in it can be escaped; but for the
# command that members copy from us.
LIVE = re.compile(r"(?!(?<=/invite )@Paperboy\b)[@#](?=\w)|:(?=//)")
ENTITY = re.compile(r"&(?:amp|lt|gt);")
FLAG_LETTERS = re.compile("[\U0001f1e6-\U0001f1ff]+\\Z")
ZERO_WIDTH_JOINER = "\u200d"
SKIN_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
JOINING = frozenset(SKIN_TONES + ZERO_WIDTH_JOINER)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
URL_SAFE = "%/:?#[]@!$&'()*+,;=~"


def clean(text: str) -> str:
    """One line in NFC, without control, bidi, zero-width or blank characters."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", _visible(text))
    return " ".join(text.split())


def _visible(text: str) -> str:
    unseen = [char for char in set(text) if unicodedata.category(char) in UNSEEN or char in BLANK]
    return text.translate({ord(char): " " if char.isspace() else None for char in unseen})


def escape(text: str) -> str:
    """Text as mrkdwn that mentions nobody and links nowhere."""
    return mention_free(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """What a member typed: Slack hands & < > on as entities."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mention_free(text: str) -> str:
    """`@here`, `#channel` and bare addresses look the same and do nothing."""
    return LIVE.sub(rf"\g<0>{WORD_JOINER}", text)


def code(text: str) -> str:
    """Words to type, as mrkdwn code; a backtick among them can't be shown and becomes an apostrophe."""
    return f"`{escape(clean(text)).replace('`', chr(39)) or ' '}`"


def safe_url(url: str | None) -> str | None:
    """An http(s) address that can't end a link early; None for anything else."""
    bare = _visible(url or "").strip()
    try:
        parts = urlsplit(bare)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            return None
    except ValueError:
        return None
    address = quote(bare, safe=URL_SAFE)
    return address if len(address) <= limits.URL else None


def linkable(url: str | None) -> str | None:
    """A safe address short enough to stand in a message, written either way."""
    address = safe_url(url)
    return address if address and len(_in_mrkdwn(address)) <= limits.LINK else None


def link(url: str | None, label: str) -> str:
    """A mrkdwn link; just the label where there is no address to go to."""
    words = escape(clean(label)).replace("|", "¦")
    address = linkable(url)
    return f"<{_in_mrkdwn(address)}|{words or 'link'}>" if address else words


def _in_mrkdwn(address: str) -> str:
    return address.replace("&", "&amp;")


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, ending on a word with …; entities and combined characters stay whole."""
    if len(text) <= limit:
        return text
    cut = max(limit - 1, 0)
    space = text.rfind(" ", 0, cut + 1)
    cut = space if space > cut // 2 else _boundary(text, cut)
    return text[:cut].rstrip(" ,:.-–—") + "…"


def clip(text: str, room: int) -> str:
    """`shorten`, with the room given as weight."""
    if limits.weight(text) <= room:
        return text
    return shorten(text, len(text.encode()[: max(room - 3, 0)].decode(errors="ignore")))


def _boundary(text: str, cut: int) -> int:
    """The last place up to `cut` that parts neither an entity nor a character that is drawn as one."""
    start = text.rfind("&", max(cut - 4, 0), cut)
    entity = ENTITY.match(text, start) if start >= 0 else None
    if entity and entity.end() > cut:
        return start
    while cut and _joined(text, cut):
        cut -= 1
    return cut


def _joined(text: str, at: int) -> bool:
    """Whether the character at `at` belongs to the one before it."""
    char = text[at]
    if FLAG_LETTERS.match(char):
        before = FLAG_LETTERS.search(text, max(at - 40, 0), at)
        return before is not None and len(before.group()) % 2 == 1  # two of them draw one flag
    return unicodedata.category(char)[0] == "M" or char in JOINING or text[at - 1] == ZERO_WIDTH_JOINER


def authors(names: Iterable[str], shown: int = 3) -> str:
    """`A, B, C +4`; empty where no name is known."""
    known = [name for name in map(clean, names) if name]
    rest = f" +{len(known) - shown}" if len(known) > shown else ""
    return ", ".join(shorten(name, 40) for name in known[:shown]) + rest


def count(number: int, noun: str) -> str:
    """`1 paper`, `2 papers`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def long_day(day: dt.date) -> str:
    """`Monday, 28 April 2025`, in English whatever the locale."""
    return f"{DAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day(day: dt.date) -> str:
    """`28 Apr 2025`."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def moment(when: dt.datetime, style: str = "{date_short_pretty} at {time}", zone: str = "UTC") -> str:
    """mrkdwn that each reader sees in a zone of their own; `zone` is for where Slack can't show that.

    Not for `escape`, `shorten` or plain_text. `style` is ours, of Slack's words for dates.
    """
    local = when.astimezone(ZoneInfo(zone))
    return f"<!date^{int(when.timestamp())}^{style}|{short_day(local.date())} at {local:%H:%M} ({zone})>"


def spoken(heading: str, lines: Sequence[str] = ()) -> str:
    """The fallback text: a heading and as many lines as fit, each made safe."""
    text = shorten(escape(clean(heading)), 600) or NOTHING
    for shown, line in enumerate(lines):
        safe = shorten(escape(clean(line)), 1_000)
        if len(text) + len(safe) > limits.FALLBACK - 40:
            return f"{text}\nand {len(lines) - shown} more"
        text += f"\n{safe}"
    return text
