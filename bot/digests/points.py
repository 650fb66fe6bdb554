"""A summary that was flattened into one table cell, given back as the points it was written in.

The mark that opens a point is told from a hyphen in a sentence by what stands around it: a sentence ended
before it, and something that can open a sentence follows.
"""

from __future__ import annotations

import re
from functools import cache

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_DASHES, _BULLETS = "-–—", "•▪◦●‣⁃"  # a dash may be part of a sentence, a bullet is nothing but a mark
# What may stand before a mark; and after it, the bold that it shares with its point, and what begins one.
_BEFORE, _AFTER = r"[\s.!?:;)\]\"”'’*]", r"\*{0,2}(?=\s|[A-Z\"“'‘(\[*`]|$)"
_FIRST = re.compile(rf"\*{{0,3}}([{_DASHES}{_BULLETS}])(?:\*{{0,2}}(?=\w)|{_AFTER})|(\*)(?=\s)")
_ANY = re.compile(
    rf"([{_DASHES}{_BULLETS}*])(?:(?<={_BEFORE}[{_BULLETS}])|(?<={_BEFORE}[{_DASHES}]){_AFTER}|(?<=\s\*)(?=\s))"
)
_STOPS, _CLOSERS = frozenset(".!?…:;\n"), "\"”'’)]*_` \t"
_BOLD = re.compile(r"(?<![^\s(\[\"'])\*\*(?=\S)|(?<=\S)\*\*(?![^\s.,:;!?)\]\"'])")
_WRAPPERS = {"[": "]", "{": "}"}

_ITEM = re.compile(r"[.)](?<=[ivxa-h\d].)\s+(?=\S)")  # what ends the label of an item
_LONGEST_LABEL = 5  # "(viii"
_FIRST_ITEMS = ("1.", "1)", "a)", "i)")
_LABELS = {
    "roman": ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"),
    "letter": tuple("abcdefgh"),
    "digit": tuple(str(number) for number in range(1, 21)),
}


def points(summary: str) -> tuple[str, ...]:
    """One string a point, marks gone; prose is one string, and so is what stands before the first mark."""
    if "<" in summary:
        summary = _BREAK.sub("\n", summary)
    text = _unwrapped(summary.strip())
    pieces = []
    start = 0
    for begin, end in _marked(text) or _numbered(text):
        pieces.append(text[start:begin])
        start = end
    pieces.append(text[start:])
    if "**" in text:
        pieces = [_BOLD.sub("", piece) for piece in pieces]
    if "  " in text or not text.isprintable():
        pieces = [" ".join(piece.split()) for piece in pieces]
    return tuple(filter(None, map(str.strip, pieces)))


def _unwrapped(text: str) -> str:
    """The inside of "[- one. - two.]", a list that its writer put into brackets."""
    closer = _WRAPPERS.get(text[:1])
    return text[1:].removesuffix(closer) if closer and _FIRST.match(text, 1) else text


def _marked(text: str) -> list[tuple[int, int]]:
    first = _FIRST.match(text)
    glyph = (first[1] or first[2]) if first else _usual_glyph(text)
    if glyph is None:
        return []
    cuts = [first.span()] if first else []
    depth, seen = 0, 0  # how many parentheses stand open since the last cut, as far as anyone asked
    for mark in _later(glyph).finditer(text, first.end() if first else 0):
        start = _before_stars(text, mark.start())
        if glyph not in _BULLETS and not _follows_stop(text, start):
            depth += text.count("(", seen, start) - text.count(")", seen, start)
            seen = start
            if depth > 0 or not _interrupts(text, start, mark.end()):
                continue
        cuts.append((start, mark.end()))
        depth, seen = 0, mark.end()
    return cuts


@cache
def _later(glyph: str) -> re.Pattern[str]:
    """That mark before any point but the first. The glyph comes first, so that a search leaps to it."""
    if glyph == "*":
        return re.compile(r"\*(?<=\s\*)(?=\s)")
    mark = re.escape(glyph)
    return re.compile(rf"{mark}(?<={_BEFORE}{mark}){'' if glyph in _BULLETS else _AFTER}")


def _usual_glyph(text: str) -> str | None:
    """The mark of a list that a sentence leads into; a single one is taken for a dash."""
    sure = [
        mark[1]
        for mark in _ANY.finditer(text)
        if mark[1] in _BULLETS or _follows_stop(text, _before_stars(text, mark.start()))
    ]
    return max(dict.fromkeys(sure), key=sure.count) if len(sure) > 1 else None


def _before_stars(text: str, position: int) -> int:
    """Where the bold of "**- Point.**" begins."""
    while position and text[position - 1] == "*":
        position -= 1
    return position


def _follows_stop(text: str, position: int) -> bool:
    """Whether a sentence, or a line, ends before that position, where a mark then opens a point.

    Without a space between, as in "a sentence.- The next", more is asked: "U.S.-China" is no list.
    """
    if text[max(0, position - 12) : position].rstrip(_CLOSERS)[-1:] not in _STOPS:
        return False
    return (
        text[position - 1].isspace()
        or text[position + 1 : position + 2].isspace()
        or text[position - 2].islower()
    )


def _interrupts(text: str, start: int, end: int) -> bool:
    """Whether a mark without a stop before it opens a point all the same: " - The next"."""
    following = text[end : end + 8].lstrip(" *\"“'‘")[:1]
    return text[start - 1].isspace() and text[end : end + 1].isspace() and following.isupper()


def _numbered(text: str) -> list[tuple[int, int]]:
    """Where i) ii) iii), a) b) c) or 1. 2. 3. count up from the first; an item alone is no list."""
    if not any(first in text for first in _FIRST_ITEMS):
        return []
    runs: dict[str, list[tuple[int, int]]] = {kind: [] for kind in _LABELS}
    for stop in _ITEM.finditer(text):
        word = text[max(0, stop.start() - _LONGEST_LABEL - 1) : stop.start()].split()[-1]
        start = stop.start() - len(word)
        for kind, run in runs.items():
            due = _LABELS[kind][len(run) : len(run) + 1]
            if due == (word.removeprefix("("),) and _opens_item(text, start, stop, kind, run):
                run.append((start, stop.end()))
                break
    return sorted(cut for run in runs.values() if len(run) > 1 for cut in run)


def _opens_item(text: str, start: int, stop: re.Match[str], kind: str, run: list[tuple[int, int]]) -> bool:
    if text[stop.start()] == "." and kind != "digit":  # "i. e.", "a. m."
        return False
    if start == 0:
        return True
    enumerated = bool(run) and run[0][0] == 0  # from its first word on, so what follows may be lower case
    return _follows_stop(text, start) and (enumerated or not text[stop.end()].islower())
