"""One message of a delivery that may need several."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Message


@dataclass(frozen=True, slots=True)
class Part:
    """`papers` are those it presents; a `reply` goes into the thread of the part that is none."""

    message: Message
    papers: tuple[int, ...] = ()
    reply: bool = False
