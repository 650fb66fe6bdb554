"""Blocks and views through slack_sdk's models and back: what they don't know, or would lose, comes up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

Json = Mapping[str, Any]


def block_problems(blocks: Sequence[Json]) -> Iterator[str]:
    for number, block in enumerate(blocks):
        try:
            parsed = Block.parse(dict(block))
            came_back = parsed.to_dict() if parsed else None
        except (SlackObjectFormationError, TypeError, ValueError) as error:
            yield f"slack_sdk on blocks/{number}: {error}"
            continue
        if came_back != block:
            yield f"slack_sdk on blocks/{number} ({block.get('type')}): {difference(block, came_back)}"


def view_problems(view: Json) -> Iterator[str]:
    frame = {key: value for key, value in view.items() if key != "blocks"}
    try:
        came_back = View(**view).to_dict()
    except (SlackObjectFormationError, TypeError, ValueError) as error:
        yield f"slack_sdk on the view: {error}"
        return
    left = {key: value for key, value in came_back.items() if key != "blocks"}
    if left != frame:
        yield f"slack_sdk on the view: {difference(frame, left)}"
    yield from block_problems(view["blocks"])


def difference(sent: Any, back: Any, path: str = "") -> str:
    """The first place where two values differ."""
    if isinstance(sent, Mapping) and isinstance(back, Mapping):
        for key in [*sent, *back]:
            if sent.get(key) != back.get(key):
                return difference(sent.get(key), back.get(key), f"{path}/{key}")
    if isinstance(sent, list) and isinstance(back, list) and len(sent) == len(back):
        for number, (one, other) in enumerate(zip(sent, back, strict=True)):
            if one != other:
                return difference(one, other, f"{path}/{number}")
    return f"{path} was {str(sent)[:80]}, came back {str(back)[:80]}"
