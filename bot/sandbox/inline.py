"""Text as Slack reads it: mrkdwn, plain text and rich_text, all made into lines of spans.

What a span becomes, in a terminal or on a page, is for others to say.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from rich.emoji import Emoji

from bot.sandbox.dates import fill
from bot.sandbox.messages import Json, Message
from bot.sandbox.workspace import Workspace

BULLETS = "•◦▪"
MARKS = {"*": "bold", "_": "italic", "~": "strike"}

# Marks count only at the edges of words, and not across lines: 2*3*4 and snake_case stay as they are.
STYLED = re.compile(r"(?<![\w*_~])([*_~])(?!\1)(\S|\S[^\n]*?\S)\1(?![\w*_~])")
FENCED = re.compile(r"\n?```\n?(.+?)\n?```\n?", re.DOTALL)
ATOM = re.compile(r"`(?P<code>[^`\n]+)`|<(?P<angle>[^<>\n]+)>")
BARE_URL = re.compile(r"https?://[^\s<>|\ue000-\uf8ff]*[^\s<>|.,;:!?)\]}'\"\ue000-\uf8ff]")
BROADCAST = re.compile(r"(?<![\w@])@(here|channel|everyone)\b")
# What would break our place-holders, or drive a terminal.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ue000-\uf8ff]")
FIRST_ATOM, MOST_ATOMS = 0xE000, 0x1900
SHORTCODE = re.compile(r":[a-z0-9_+-]+:")


@dataclass(frozen=True, slots=True)
class Span:
    """`mention`: what it points at, "@U…", "#C…" or "@here"; a broadcast pings everyone."""

    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    url: str | None = None
    mention: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """`kind`: text, quote or pre; `lead` is a list item's bullet or number with its indent."""

    spans: tuple[Span, ...]
    kind: str = "text"
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: names come out of their workspace, dates in their time zone."""

    workspace: Workspace
    tz: str
    now: dt.datetime

    def text(self, said: Json) -> list[Line]:
        """A text object."""
        if said["type"] == "plain_text":
            return plain(said["text"], emoji=said.get("emoji", True))
        eager = not said.get("verbatim", False)
        return self.mrkdwn(said["text"], find_links=eager, find_broadcasts=eager)

    def message_text(self, message: Message) -> list[Line]:
        """A message's `text`, which screen readers and notifications read."""
        return self.mrkdwn(message.text, find_links=True, find_broadcasts=message.link_names)

    def mrkdwn(self, text: str, *, find_links: bool, find_broadcasts: bool) -> list[Line]:
        """Whether bare addresses become links, and whether a plain @here becomes a real one."""
        lines: list[Line] = []
        for number, part in enumerate(FENCED.split(visible(text))):
            if number % 2:
                lines += (Line((Span(unescape(row), code=True),), "pre") for row in part.split("\n"))
            elif part:
                lines += self._marked(part, find_links, find_broadcasts)
        return lines

    def _marked(self, text: str, find_links: bool, find_broadcasts: bool) -> Iterator[Line]:
        """Links, mentions and code stand as one character each while the marks around them are read."""
        atoms: list[Span] = []

        def keep(span: Span) -> str:
            atoms.append(span)
            return chr(FIRST_ATOM + len(atoms) - 1) if len(atoms) <= MOST_ATOMS else span.text

        def atom(match: re.Match[str]) -> str:
            code = match["code"]
            return keep(self._angle(match["angle"]) if code is None else Span(unescape(code), code=True))

        marked = ATOM.sub(atom, text)
        if find_links:
            marked = BARE_URL.sub(lambda m: keep(Span(unescape(m[0]), url=unescape(m[0]))), marked)
        if find_broadcasts:
            marked = BROADCAST.sub(lambda m: keep(Span(m[0], mention=m[0])), marked)
        for row in marked.split("\n"):
            quoted = row.removeprefix("&gt;").removeprefix(">")
            kind = "text" if quoted == row else "quote"
            yield Line(tuple(_spans(quoted.lstrip() if kind == "quote" else row, atoms, Span(""))), kind)

    def rich_text(self, block: Json) -> list[Line]:
        lines: list[Line] = []
        for part in block["elements"]:
            if part["type"] == "rich_text_list":
                lines += self._listed(part)
            else:
                kind = {"rich_text_quote": "quote", "rich_text_preformatted": "pre"}.get(part["type"], "text")
                lines += self._flow(part["elements"], kind)
        return lines

    def _listed(self, part: Json) -> Iterator[Line]:
        indent = part.get("indent", 0)
        for number, item in enumerate(part["elements"], 1 + part.get("offset", 0)):
            bullet = f"{number}." if part["style"] == "ordered" else BULLETS[indent % len(BULLETS)]
            for first, line in enumerate(self._flow(item["elements"], "text")):
                lead = f"{bullet} " if first == 0 else " " * (len(bullet) + 1)
                yield replace(line, lead="  " * indent + lead)

    def _flow(self, elements: Iterable[Json], kind: str) -> list[Line]:
        """Inline elements, broken into lines at their line feeds."""
        rows: list[list[Span]] = [[]]
        for element in elements:
            span = self._inline(element)
            for number, text in enumerate(span.text.split("\n")):
                if number:
                    rows.append([])
                if text:
                    rows[-1].append(replace(span, text=text))
        if len(rows) > 1 and not rows[-1]:
            rows.pop()
        return [Line(tuple(row), kind) for row in rows]

    def _inline(self, element: Json) -> Span:
        style: dict[str, Any] = {
            name: on for name, on in element.get("style", {}).items() if name in Span.__slots__
        }
        match element["type"]:
            case "link":
                url = visible(element["url"])
                return Span(visible(element.get("text") or url), url=url, **style)
            case "emoji":
                return Span(shortcodes(f":{element['name']}:"), **style)
            case "user":
                return replace(self._user(element["user_id"]), **style)
            case "channel":
                return replace(self._channel(element["channel_id"]), **style)
            case "broadcast":
                return Span(f"@{element['range']}", mention=f"@{element['range']}", **style)
            case "date":
                return Span(fill(element["format"], element["timestamp"], self.tz, self.now), **style)
            case _:
                return Span(visible(element.get("text", "")), **style)

    def _angle(self, inside: str) -> Span:
        """What stands between < and >: a link, a mention or a date."""
        target, bar, label = inside.partition("|")
        label = unescape(label)
        if target.startswith("@"):
            return self._user(target[1:])
        if target.startswith("#"):
            return self._channel(target[1:])
        if target.startswith("!"):
            return self._special(target[1:], label)
        url = unescape(target)
        return Span(label if bar and label else url.removeprefix("mailto:"), url=url)

    def _special(self, word: str, label: str) -> Span:
        if word.startswith("date^"):
            _, timestamp, template, *link = [*word.split("^"), "", ""]
            if timestamp.isdecimal():
                return Span(fill(template, int(timestamp), self.tz, self.now), url=link[0] or None)
            return Span(label)
        if word.startswith("subteam^"):
            return Span(label or "@group", mention=f"@{word[8:]}")
        return Span(f"@{word}", mention=f"@{word}")

    def _user(self, user_id: str) -> Span:
        user = self.workspace.users.get(user_id)
        return Span(f"@{user.name if user else user_id}", mention=f"@{user_id}")

    def _channel(self, channel_id: str) -> Span:
        channel = self.workspace.channels.get(channel_id)
        return Span(f"#{channel.name if channel else channel_id}", mention=f"#{channel_id}")


def plain(text: str, *, emoji: bool = True) -> list[Line]:
    shown = shortcodes(visible(text)) if emoji else visible(text)
    return [Line((Span(line),)) for line in shown.split("\n")]


def shortcodes(text: str) -> str:
    """With :tada: and its like drawn; names that nobody knows stay."""
    return SHORTCODE.sub(lambda match: Emoji.replace(match[0]), text)


def visible(text: str) -> str:
    """Without the characters that no one should see drawn."""
    return UNPRINTABLE.sub("\ufffd", text)


def escape(text: str) -> str:
    """Words as Slack's client sends what a member typed."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Slack escapes these three and no others."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _atom(char: str, atoms: list[Span]) -> Span | None:
    place = ord(char) - FIRST_ATOM
    return atoms[place] if 0 <= place < len(atoms) else None


def _spans(text: str, atoms: list[Span], style: Span) -> Iterator[Span]:
    """The styled spans of a line; inside one mark the others still count."""
    place = 0
    for match in STYLED.finditer(text):
        yield from _unstyled(text[place : match.start()], atoms, style)
        marks: dict[str, Any] = {MARKS[match[1]]: True}
        inner = replace(style, **marks)
        yield from _spans(match[2], atoms, inner)
        place = match.end()
    yield from _unstyled(text[place:], atoms, style)


def _unstyled(text: str, atoms: list[Span], style: Span) -> Iterator[Span]:
    for part in re.split("([\ue000-\uf8ff])", text):
        span = _atom(part, atoms) if len(part) == 1 else None
        if span:
            yield replace(span, bold=style.bold, italic=style.italic, strike=style.strike)
        elif part:
            yield replace(style, text=shortcodes(unescape(part)))
