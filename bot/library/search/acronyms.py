"""Acronyms and what they stand for, as papers tell: "large language model (LLM)". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.library.words import stem, words

DEFINED = re.compile(r"((?:[\w-]+ ){1,6})\(([A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*?)s?\)")
SMALL = frozenset("of the and for in to with a on".split())  # noqa: SIM905
LETTERS = range(2, 9)


def mined(text: str) -> Iterator[tuple[str, str]]:
    """(`llm`, `larg languag model`): the acronym, and the stems of the words whose initials it has."""
    for before, short in DEFINED.findall(text):
        letters = short.lower()
        long = _long_form(words(before), letters)
        if long and len(letters) in LETTERS:
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
    lengths: dict[str, set[int]] = field(default_factory=dict)  # in words, by the first stem

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Acronyms:
        """Of (acronym, stems) pairs, the surest first."""
        found = cls()
        for short, long in pairs:
            found.by_stems.setdefault(long, short)
            first, *rest = long.split()
            found.lengths.setdefault(first, set()).add(1 + len(rest))
        return found

    def within(self, stems: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """(start, end, acronym) of what is spelt out in a row of words, the longest first."""
        for start, first in enumerate(stems):
            for count in sorted(self.lengths.get(first, ()), reverse=True):
                if short := self.by_stems.get(" ".join(stems[start : start + count])):
                    yield start, start + count, short
                    break
