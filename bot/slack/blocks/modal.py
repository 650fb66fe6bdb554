"""The frame of a modal, and one that only says something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.model import Message
from bot.slack import limits
from bot.slack.blocks.kit import Block, field, plain
from bot.slack.ids import Action

FRAME = (
    "type",
    "title",
    "submit",
    "close",
    "private_metadata",
    "callback_id",
    "clear_on_close",
    "notify_on_close",
)
SHARING = {Action.DAY_SHARE, Action.SEARCH_SHARE}
SAID = "said-"


def form(callback: str, title: str, submit: str, blocks: Sequence[Block], *, about: str = "") -> Block:
    """`about` comes back with what is pressed or submitted: at most 3,000 characters."""
    frame = show(title, blocks)
    return frame | {
        "callback_id": callback,
        "submit": plain(submit, limits.VIEW_TITLE),
        "close": plain("Cancel", limits.VIEW_TITLE),
        "private_metadata": about,
    }


def show(title: str, blocks: Sequence[Block]) -> Block:
    return {
        "type": "modal",
        "title": plain(title, limits.VIEW_TITLE),
        "close": plain("Close", limits.VIEW_TITLE),
        "blocks": list(blocks[: limits.VIEW_BLOCKS]),
    }


def form_field(name: str, label: str, placeholder: str, hint: str) -> Block:
    """A line to type into; `name` is its block_id."""
    element = {
        "type": "plain_text_input",
        "action_id": name,
        "placeholder": plain(placeholder, 150),
        "max_length": 300,
        "focus_on_load": True,
    }
    return field(name, label, element, hint=hint)


def reading(title: str, message: Message) -> Block:
    """An answer that members read, in a window of its own: there is no channel to share it with."""
    return show(title, [one for block in message.blocks if (one := _unshared(block))])


def _unshared(block: Mapping[str, Any]) -> Block | None:
    if block["type"] != "actions":
        return dict(block)
    kept = [one for one in block["elements"] if one["action_id"] not in SHARING]
    return {**block, "elements": kept} if kept else None


def topped(view: Mapping[str, Any], message: Message) -> Block:
    """A view as Slack sends it back, with what a press in it did on top; the last such word goes."""
    frame = {name: view[name] for name in FRAME if view.get(name)}
    marked = [{**block, "block_id": f"{SAID}{n}"} for n, block in enumerate(message.blocks)]
    rest = [block for block in view["blocks"] if not str(block.get("block_id", "")).startswith(SAID)]
    return frame | {"blocks": [*marked, *rest][: limits.VIEW_BLOCKS]}


def said(message: Message) -> Block:
    return show("Paperboy", [dict(block) for block in message.blocks])
