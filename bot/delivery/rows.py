"""How a delivery stands in its row: the columns, the message as JSON, the story of its moves."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from bot.library.tables import delivery
from bot.model import Delivery, Message, State

PAYLOAD_VERSION = 1


def as_row(one: Delivery, now: dt.datetime) -> dict[str, Any]:
    return {
        "key": one.key,
        "workspace": one.workspace,
        "destination": one.destination,
        "kind": one.kind.value,
        "state": one.state.value,
        "payload": as_payload(one.message),
        "parent": one.parent,
        "target": one.target,
        "revision": one.revision,
        "feed_id": one.feed_id,
        "digest_id": one.digest_id,
        "due_at": one.due_at,
        "attempts": 0,
        "note": one.note,
        "story": story_line(now, one.state.value, one.note),
        "created_at": now,
        "done_at": now if one.state is State.SKIPPED else None,
    }


def story_line(now: dt.datetime, state: str, why: str | None) -> str:
    """A move, as the row's story tells it. Each move of a row adds one."""
    return f"{now.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} {state}{f': {why}' if why else ''}\n"


def told(now: dt.datetime, state: str, why: str | None) -> sa.ColumnElement[str]:
    return delivery.c.story + story_line(now, state, why)


def as_payload(message: Message | None) -> dict[str, Any] | None:
    if message is None:
        return None
    return {"v": PAYLOAD_VERSION, "text": message.text, "blocks": list(message.blocks)}


def from_payload(payload: Any) -> Message | None:
    """None for what another version wrote and this one can't read."""
    try:
        blocks = tuple(payload["blocks"])
        if payload["v"] != PAYLOAD_VERSION or not all(isinstance(block, dict) for block in blocks):
            return None
        return Message(text=str(payload["text"]), blocks=blocks)
    except (KeyError, TypeError):
        return None
