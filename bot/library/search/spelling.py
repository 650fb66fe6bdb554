"""Words a few keystrokes apart, found by what is left after deletions (SymSpell, Wolf Garbe 2012). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import combinations

from rapidfuzz import process
from rapidfuzz.distance import OSA

PREFIX = 6  # letters that are looked at: more costs room and building, fewer costs time
LONGEST = 40  # letters of a word that is corrected
BLANK = 32


def reach(word: str) -> int:
    """How many keystrokes apart a correction may be."""
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2


def start(word: str) -> str:
    """What the index keeps for all words that begin so; nothing for those that are not corrected."""
    if len(word) > LONGEST or not word.isascii() or word.isdigit():  # another number is no correction
        return ""
    return word[:PREFIX]


def leftovers(start: str) -> str:
    """Tokens; the starts of two words share one where the words may be within reach of each other."""
    return _places(len(start), reach(start)).translate(start.encode().ljust(256)).decode()


def number(start: str) -> int:
    """As the index knows it."""
    return int.from_bytes(start.encode())


def numbered(number: int) -> str:
    return number.to_bytes(PREFIX).lstrip(b"\0").decode()


def within(word: str, others: Sequence[str], most: int) -> dict[str, int]:
    """Those that are so near by optimal string alignment, with their distances."""
    found = process.extract(word, others, scorer=OSA.distance, score_cutoff=most, limit=None)
    return {text: int(distance) for text, distance, _ in found}


@cache
def _places(letters: int, deletions: int) -> bytes:
    """The places of the letters that are left, blanks between: all deletions of a word in one `translate`."""
    counts = range(letters, letters - deletions - 1, -1)
    left = [places for count in counts for places in combinations(range(letters), count)]
    return bytes([BLANK]).join(map(bytes, left))
