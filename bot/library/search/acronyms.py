"""Acronyms and what they stand for, as papers tell: "large language model (LLM)". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.library.words import stem, words

SHORT = re.compile(r"\(([A-Z][A-Za-z0-9]*[A-Z])s?\)")
SMALL = frozenset("of the and for in to with a on".split())  # noqa: SIM905
LETTERS = range(2, 9)
BEFORE = 120  # characters that are looked at for the long form


Pair = tuple[str, str]  # an acronym, and the stems of the words whose initials it has


def mined(text: str) -> Iterator[Pair]:
    """(`llm`, `larg languag model`): the acronym, and the stems of the words whose initials it has."""
    for found in SHORT.finditer(text) if "(" in text else ():
        letters = found[1].lower()
        if len(letters) in LETTERS:
            before = words(text[max(found.start() - BEFORE, 0) : found.start()])[-len(letters) - 3 :]
            if long := _long_form(before, letters):
                yield letters, " ".join(map(stem, long))


def _long_form(before: list[str], letters: str) -> list[str]:
    """The last words whose initials spell the acronym."""
    for count in range(2, len(before) + 1):
        tail = before[-count:]
        if tail[0] in SMALL:
            continue
        told = "".join(word[0] for word in tail if word not in SMALL)
        if told == letters or "".join(word[0] for word in tail) == letters:
            return tail
    return []


@dataclass(frozen=True, slots=True)
class Acronyms:
    """By what they stand for, found word by word."""

    by_stems: dict[str, str] = field(default_factory=dict)
    lengths: dict[str, list[int]] = field(default_factory=dict)  # in words, by the first stem; descending

    @classmethod
    def of(cls, pairs: Iterable[Pair]) -> Acronyms:
        """Of (acronym, stems) pairs, the surest first."""
        found = cls()
        for short, long in pairs:
            found.by_stems.setdefault(long, short)
            first, *rest = long.split()
            lengths = {1 + len(rest), *found.lengths.get(first, ())}
            found.lengths[first] = sorted(lengths, reverse=True)
        return found

    def within(self, stems: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """(start, end, acronym) of what is spelt out in a row of words, the longest first."""
        lengths = self.lengths
        for start in [start for start, first in enumerate(stems) if first in lengths]:
            for count in lengths[stems[start]]:
                if short := self.by_stems.get(" ".join(stems[start : start + count])):
                    yield start, start + count, short
                    break
