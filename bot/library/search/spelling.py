"""Words a few keystrokes apart, found by what is left after deletions (SymSpell, Wolf Garbe 2012). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from zlib import crc32

from rapidfuzz.distance import OSA

PREFIX = 7  # letters that are looked at: more costs room, fewer costs time
LONGEST = 40  # letters of a word that is corrected
TERM_BITS = 31


def reach(word: str) -> int:
    """How many keystrokes apart a correction may be."""
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2


def deletions(word: str, distance: int) -> set[str]:
    start = word[:PREFIX]
    found = {start}
    for count in range(1, min(distance, len(start) - 1) + 1):
        for kept in combinations(start, len(start) - count):
            found.add("".join(kept))
    return found


def keys(word: str) -> Iterator[int]:
    """Where the index keeps the word; two share one where they may be within reach of each other."""
    if len(word) > LONGEST or not word.isascii():
        return
    for left in deletions(word, reach(word) or 1):
        yield crc32(left.encode()) << TERM_BITS


def distance(one: str, other: str, most: int) -> int:
    """Optimal string alignment; `most` + 1 for anything farther."""
    return OSA.distance(one, other, score_cutoff=most)
