"""Lists that members page through and share: what stands below the papers, and what room that leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.slack import ids, limits
from bot.slack.blocks.kit import Block, actions, button, context, plain, rich, run, user, words
from bot.slack.blocks.stack import stack
from bot.slack.ids import Action

FRAME = 1_000  # the most that all but the rows weigh

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which list a page is; `value` says an offset of it, for a button."""

    turn: Action
    offset: int
    total: int
    size: int
    value: Callable[[int], str] = ids.page
    share: Action | None = None
    many: bool = False  # the total is only how many are certain
    more: tuple[Block, ...] = ()  # buttons of its own


def clamped(offset: int, total: int, size: int) -> int:
    """Past the end, the last page there is: the list may be shorter than when its button was drawn."""
    return offset if offset < total else max(total - 1, 0) // size * size


def fitting(rows: Sequence[tuple[T, Any]], size: int) -> list[tuple[T, Any]]:
    """The first page of what is left: rows, each with its blocks, that one message carries whole."""
    return next(iter(limits.split(rows, limits.MESSAGE - FRAME, size)), [])


def filled(
    head: Sequence[Block],
    cards: Iterable[list[Block]],
    lines: Sequence[Block],
    place: Place,
    shared_by: str | None = None,
) -> tuple[Block, ...]:
    """A page of papers. A shared one names who shared it and has nothing to turn or share."""
    below = limits.weight(foot(place, place.size))
    room = limits.MESSAGE - limits.weight(head) - below
    body, shown = stack(cards, lines, room, place.size)
    return (*head, *body, *(signature(shared_by) if shared_by is not None else foot(place, shown)))


def foot(place: Place, shown: int) -> list[Block]:
    """`1–5 of 12`, and buttons where there is somewhere to go."""
    buttons = []
    if place.offset > 0:
        back = place.value(max(place.offset - place.size, 0))
        buttons.append(button("Previous", ids.action(place.turn, "prev"), back))
    if place.offset + shown < place.total:
        buttons.append(button("Next", ids.action(place.turn, "next"), place.value(place.offset + shown)))
    buttons += place.more
    if place.share and shown:
        buttons.append(button("Share to channel", place.share, place.value(place.offset)))
    total = "many" if place.many else f"{place.total:,}"
    span = f"{place.offset + 1:,}–{place.offset + shown:,} of {total}"
    partial = shown and shown < place.total
    return [*([context(plain(span))] if partial else []), *([actions(*buttons)] if buttons else [])]


def signature(member: str) -> list[Block]:
    return [rich(run(words("Shared by "), user(member)))] if ids.read_member(member) else []
