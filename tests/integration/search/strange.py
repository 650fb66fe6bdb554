"""Text that nobody means: of every kind, mixed, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

SYNTAX = (
    *(
        "AND",
        "OR",
        "NOT",
        "NEAR(",
        "NEAR(a b, 2)",
        "{title summary} :",
        "title:",
        "text MATCH",
        "^",
        "*",
        "+",
    ),
    *("'; DROP TABLE paper; --", "1=1", "UNION SELECT", "%", "_", "\\", "\\'", "''", "?", "?1", ":id", "/*"),
    *('"', '""', "(", ")", "()", "-", "--", "-(", '-"', "|", "&", "~", "tag:", "-tag:", "author:", "has:"),
    *("after:", "before:", "after:yesterday", "before:2025-13-40", "has:code", "-has:model", "tag:c++"),
    *(
        "after:99999",
        "2504.15376",
        "https://arxiv.org/abs/2504.15376v2",
        "$\\alpha$",
        "\\frac{a}{b}",
        "<@U1>",
    ),
)
WORDS = ("model", "robots", "the", "of", "larg", "langauge", "diffusion", "a", "gpt4", "DianJin-R1", "zzzqqq")
RANGES = {
    "ascii": (0x20, 0x7E),
    "control": (0x00, 0x1F),
    "latin": (0xA1, 0x17F),
    "hebrew, arabic": (0x590, 0x6FF),
    "directions": (0x200B, 0x202E),
    "thai": (0xE01, 0xE5B),
    "cjk": (0x4E00, 0x9FFF),
    "hangul": (0xAC00, 0xD7A3),
    "surrogates": (0xD800, 0xDFFF),
    "full width": (0xFF01, 0xFFEF),
    "mathematical": (0x1D400, 0x1D7FF),
    "emoji": (0x1F300, 0x1FAFF),
    "anything": (0x00, 0x10FFFF),
}


def sentences(chance: random.Random, count: int) -> Iterator[str]:
    kinds: list[Callable[[], str]] = [
        lambda: chance.choice(SYNTAX),
        lambda: chance.choice(WORDS),
        lambda: _signs(chance, *chance.choice(list(RANGES.values()))),
    ]
    for _ in range(count):
        pieces = [chance.choice(kinds)() for _ in range(int(60 * chance.random() ** 3) + 1)]
        yield chance.choice((" ", " ", "")).join(pieces)


def _signs(chance: random.Random, first: int, last: int) -> str:
    return "".join(chr(chance.randint(first, last)) for _ in range(chance.randint(1, 12)))
