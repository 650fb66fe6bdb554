"""Many papers in one message: some as cards, the others a line each, all within its room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from bot.slack import limits
from bot.slack.blocks.kit import Block, bullets, divider, rich

BLOCKS = 42  # the others are for what stands above and below
FRAME = 40  # weight of the list around the lines


def stack(
    cards: Iterable[list[Block]], lines: Sequence[Block], room: int, most: int
) -> tuple[list[Block], int]:
    """At most `most` cards, then lines; also how many papers found a place.

    `cards` and `lines` are two shapes of the same papers. Lines that need it keep a third of the room.
    """
    blocks: list[Block] = []
    reserve, rest = room // 3, limits.weight(lines) + FRAME
    shown = 0
    for card, line in islice(zip(cards, lines, strict=False), most):
        taken = [*card, divider()]
        size = limits.weight(taken)
        rest -= limits.weight(line)
        if size + min(rest, reserve) > room or len(blocks) + len(taken) > BLOCKS:
            break
        room -= size
        shown += 1
        blocks += taken
    for listed in limits.split(lines[shown:], room - FRAME, len(lines))[:1]:
        blocks.append(rich(bullets(listed)))
        shown += len(listed)
    return blocks, shown
