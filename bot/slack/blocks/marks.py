"""Where a paper says what was searched for: the passage that tells the reason, with its words in bold."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from bot.library.words import IS_CJK, WORD, words
from bot.slack import limits
from bot.slack.blocks.kit import Block, anchor
from bot.slack.blocks.kit import words as text_run
from bot.slack.text import shorten

UNIT = re.compile(r"\S+")
BEFORE = 60  # characters shown ahead of the first word that was searched for
READ = 3_000  # characters of a passage that are looked at
HEAVY = 500  # weight of the addresses in one title
GAP = re.compile(r"[\s\-–—/·]*")


def reason(passages: Iterable[str], matched: Collection[str], limit: int) -> str:
    """What of these says the most of `matched`, from just before it on; the first where none says any."""
    best = max((passage[:READ] for passage in passages), key=lambda one: _many(one, matched), default="")
    start = next((start for start, _ in spans(best, matched)), 0)
    if len(best) > limit and start > BEFORE:
        space = best.rfind(" ", 0, start - BEFORE) + 1 or start
        best = f"… {best[space:]}"
    return shorten(best, limit)


def runs(text: str, matched: Collection[str]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, and which of them to put in bold."""
    at = 0
    for start, end in spans(text, matched):
        if start > at:
            yield text[at:start], False
        yield text[start:end], True
        at = end
    if at < len(text):
        yield text[at:], False


def bold(text: str, matched: Collection[str]) -> list[Block]:
    return [text_run(piece, bold=True) if said else text_run(piece) for piece, said in runs(text, matched)]


def bold_link(url: str | None, text: str, matched: Collection[str]) -> list[Block]:
    """The address stands in each piece of it; where that outweighs a title, the whole is bold."""
    pieces = list(runs(text, matched))
    if len(pieces) * limits.weight(url or "") > HEAVY:
        return [anchor(url, text, bold=True)]
    return [anchor(url, piece, bold=True) if said else anchor(url, piece) for piece, said in pieces]


def spans(text: str, matched: Collection[str]) -> list[tuple[int, int]]:
    """From where to where `text` says words of `matched`, written as words.py does; neighbours in one."""
    found: list[tuple[int, int]] = []
    for start, end in _spans(text, matched) if matched else ():
        if found and (start <= found[-1][1] or GAP.fullmatch(text, found[-1][1], start)):
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _spans(text: str, matched: Collection[str]) -> Iterator[tuple[int, int]]:
    for unit in UNIT.finditer(text):
        pieces = list(WORD.finditer(text, *unit.span()))
        if len(pieces) > 1 and "".join(words(unit[0])) in matched:  # DianJin-R1, asked for as dianjinr1
            yield pieces[0].start(), pieces[-1].end()
            continue
        for piece in pieces:
            yield from _within(piece, matched)


def _within(piece: re.Match[str], matched: Collection[str]) -> Iterator[tuple[int, int]]:
    start, end = piece.span()
    if IS_CJK.match(piece[0]) and end - start > 2:
        for at in range(start, end - 1):
            if _says(piece.string[at : at + 2], matched):
                yield at, at + 2
    elif _says(piece[0], matched):
        yield start, end


def _says(text: str, matched: Collection[str]) -> bool:
    return any(word in matched for word in words(text))


def _many(passage: str, matched: Collection[str]) -> int:
    return sum(word in matched for word in set(words(passage))) if matched else 0
