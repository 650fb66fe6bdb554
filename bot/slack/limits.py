"""Every size of Slack's in one place, and what a message weighs against them.

Slack states the sizes of parts but not of a whole message: `msg_blocks_too_long` was met from 11,341
characters on, and reports of it agree on UTF-8 bytes rather than characters. So every string is weighed in
bytes, container names and button values too, against a budget well below that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

MESSAGE = 10_000  # weight
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
TEXT = 3_000  # a text object
HEADER = 150
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
URL = 3_000
OPTION_TEXT = 75
SELECT_OPTIONS = 100
VIEW_TITLE = 24  # and what its submit and close buttons say
FALLBACK = 4_000  # the text beside the blocks
QUERY = 400  # weight; our own: each button of a search carries it, and papers need the room
LINK = 500  # our own: a longer address is no paper's, and a day of them would fill its messages

T = TypeVar("T")


def weight(node: object) -> int:
    """UTF-8 bytes of every string in a block, in a list of blocks, or in any part of one."""
    if isinstance(node, str):
        return len(node.encode("utf-8", "surrogatepass"))
    if isinstance(node, dict | Mapping):  # dict first: it costs a tenth of the abstract one
        return sum(map(weight, node.values()))
    if isinstance(node, list | tuple | Sequence):
        return sum(map(weight, node))
    return 0


def fits(blocks: Sequence[Mapping[str, object]]) -> bool:
    """Whether one message can carry these blocks."""
    return len(blocks) <= MESSAGE_BLOCKS and weight(blocks) <= MESSAGE


def split(items: Sequence[T], room: int, count: int) -> list[list[T]]:
    """Runs of items in their order, each of at most `count` items that weigh at most `room` together.

    An item heavier than `room` gets a run of its own.
    """
    runs: list[list[T]] = []
    left = 0
    for item in items:
        size = weight(item)
        if not runs or size > left or len(runs[-1]) == count:
            runs.append([])
            left = room
        runs[-1].append(item)
        left -= size
    return runs
