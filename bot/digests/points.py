"""A summary that was flattened into one table cell, given back as the points it was written in.

The mark that opens a point is told from a hyphen in a sentence by what stands around it: a sentence ended
before it, and something that can open a sentence follows.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_GLYPH, _OPENS = "[-–—•▪◦●‣⁃∙]", r"(?=\s|[A-Z\"“'‘(\[*`]|$)"
_FIRST = re.compile(rf"\*{{0,3}}({_GLYPH})\*{{0,2}}{_OPENS}|(\*)(?=\s)")
# The glyph comes first in the pattern, so that the search leaps from one to the next.
_LATER = re.compile(rf"({_GLYPH})(?<=[\s.!?:;)\]\"”'’*].)\*{{0,2}}{_OPENS}|(\*)(?<=\s.)(?=\s)")
_BULLETS = frozenset("•▪◦●‣⁃∙")
_STOPS, _CLOSERS = frozenset(".!?…:;\n"), "\"”'’)]*_` \t"
_BOLD = re.compile(r"(?<![^\s(\[\"'])\*\*(?=\S)|(?<=\S)\*\*(?![^\s.,:;!?)\]\"'])")
_WRAPPERS = {"[": "]", "{": "}"}

_ITEM = re.compile(r"(?:^|(?<=\s))\(?(i{1,3}|iv|vi{0,3}|ix|x|[a-h]|\d{1,2})([.)])\s+(?=\S)")
_LABELS = {
    "roman": ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"),
    "letter": tuple("abcdefgh"),
    "digit": tuple(str(number) for number in range(1, 21)),
}


class _Mark(NamedTuple):
    start: int
    end: int
    glyph: str


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
    return tuple(filter(None, map(_tidy, pieces)))


def _unwrapped(text: str) -> str:
    """The inside of "[- one. - two.]", a list that its writer put into brackets."""
    closer = _WRAPPERS.get(text[:1])
    return text[1:].removesuffix(closer) if closer and _FIRST.match(text, 1) else text


def _marked(text: str) -> list[tuple[int, int]]:
    first = _FIRST.match(text)
    later = [_mark(text, found) for found in _LATER.finditer(text, first.end() if first else 0)]
    glyph = (first[1] or first[2]) if first else _usual_glyph(text, later)
    cuts = [first.span()] if first else []
    depth = seen = 0  # how many parentheses stand open since the last cut
    for mark in later:
        if mark.glyph != glyph:
            continue
        depth += text.count("(", seen, mark.start) - text.count(")", seen, mark.start)
        seen = mark.start
        if _opens_point(text, mark, in_parentheses=depth > 0):
            cuts.append(mark[:2])
            depth = 0
    return cuts


def _mark(text: str, found: re.Match[str]) -> _Mark:
    start = found.start()
    while start and text[start - 1] == "*":  # the bold of "**- Point.**"
        start -= 1
    return _Mark(start, found.end(), found[1] or found[2])


def _usual_glyph(text: str, marks: list[_Mark]) -> str | None:
    """The mark of a list that a sentence leads into; a single one is taken for a dash."""
    sure = [mark.glyph for mark in marks if mark.glyph in _BULLETS or _follows_stop(text, mark.start)]
    return max(dict.fromkeys(sure), key=sure.count) if len(sure) > 1 else None


def _opens_point(text: str, mark: _Mark, *, in_parentheses: bool) -> bool:
    if mark.glyph in _BULLETS:
        return True
    after = text[mark.end : mark.end + 1]
    if not text[mark.start - 1].isspace():  # glued: "a sentence.- The next", but not "U.S.-China"
        return _follows_stop(text, mark.start) and (after.isspace() or text[mark.start - 2].islower())
    if _follows_stop(text, mark.start):
        return True
    following = text[mark.end : mark.end + 8].lstrip(" *\"“'‘")[:1]
    return after.isspace() and following.isupper() and not in_parentheses


def _follows_stop(text: str, position: int) -> bool:
    """Whether a sentence, or a line, ends before that position."""
    return text[max(0, position - 12) : position].rstrip(_CLOSERS)[-1:] in _STOPS


def _numbered(text: str) -> list[tuple[int, int]]:
    """Where i) ii) iii), a) b) c) or 1. 2. 3. count up from the first; an item alone is no list."""
    runs: dict[str, list[tuple[int, int]]] = {kind: [] for kind in _LABELS}
    for item in _ITEM.finditer(text):
        for kind, run in runs.items():
            if _LABELS[kind][len(run) :][:1] == (item[1],) and _opens_item(text, item, kind, run):
                run.append(item.span())
                break
    return sorted(cut for run in runs.values() if len(run) > 1 for cut in run)


def _opens_item(text: str, item: re.Match[str], kind: str, run: list[tuple[int, int]]) -> bool:
    if item[2] == "." and kind != "digit":  # "i. e.", "a. m."
        return False
    if item.start() == 0:
        return True
    enumerated = bool(run) and run[0][0] == 0  # from its first word on, so what follows may be lower case
    return _follows_stop(text, item.start()) and (enumerated or not text[item.end()].islower())


def _tidy(piece: str) -> str:
    if "**" in piece:
        piece = _BOLD.sub("", piece)
    return " ".join(piece.split())
