"""Words a few keystrokes apart, found by what is left after deletions (SymSpell, Wolf Garbe 2012). Pure."""

from __future__ import annotations

from itertools import combinations
from zlib import crc32

from rapidfuzz.distance import OSA

PREFIX = 7  # letters that are looked at: more costs room, fewer costs time
LONGEST = 40  # letters of a word that is corrected
TERM_BITS = 31


def reach(word: str) -> int:
    """How many keystrokes apart a correction may be."""
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2


def keys(word: str) -> list[int]:
    """Where the index keeps the word; two share one where they may be within reach of each other."""
    if len(word) > LONGEST or not word.isascii() or word.isdigit():  # another number is no correction
        return []
    start = word[:PREFIX].encode()
    left = {start}
    for count in range(1, min(reach(word) or 1, len(start) - 1) + 1):
        left.update(map(bytes, combinations(start, len(start) - count)))
    return [crc32(one) << TERM_BITS for one in left]


def distance(one: str, other: str, most: int) -> int:
    """Optimal string alignment; `most` + 1 for anything farther."""
    return OSA.distance(one, other, score_cutoff=most)
