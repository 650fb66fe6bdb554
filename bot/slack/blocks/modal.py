"""The frame of a modal, and one that only says something."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Message
from bot.slack import limits
from bot.slack.blocks.kit import Block, plain


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


def said(message: Message) -> Block:
    return show("Paperboy", [dict(block) for block in message.blocks])
