"""One call of the Web API as its method sees it: arguments read out of forms, queries and JSON alike."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.directory import Channel
from bot.sandbox.errors import SlackError, invalid
from bot.sandbox.messages import Json, Message, micros
from bot.sandbox.workspace import Workspace


@dataclass(slots=True)
class Call:
    """`needed` gathers the scopes that this very call took, which may be fewer than its method lists."""

    method: str
    args: Json
    workspace: Workspace
    needed: set[str] = field(default_factory=set)

    def need(self, *scopes: str) -> None:
        """Refuse unless the token has every one of these scopes."""
        self.needed.update(scopes)
        granted = self.workspace.scopes
        missing = sorted(set(scopes) - granted)
        if missing:
            raise SlackError("missing_scope", needed=",".join(missing), provided=",".join(sorted(granted)))

    # Arguments

    def string(self, name: str) -> str | None:
        """An argument as text; None where it is absent or empty."""
        value = self.args.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, dict | list | bool):
            raise invalid("invalid_arguments", f"must be a string [json-pointer:/{name}]")
        return str(value)

    def required(self, name: str) -> str:
        value = self.string(name)
        if value is None:
            raise invalid("invalid_arguments", f"missing required field: {name}")
        return value

    def flag(self, name: str) -> bool:
        return self.args.get(name) in (True, 1, "1", "true", "True")

    def parsed(self, name: str, refusal: str) -> Any:
        """A structure, sent as it is or as JSON in a string; None where it is absent or empty."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError as error:
            raise SlackError(refusal) from error

    def limit(self, default: int, most: int) -> int:
        try:
            asked = int(self.args.get("limit") or default)
        except (TypeError, ValueError) as error:
            raise SlackError("invalid_limit") from error
        if asked < 1:
            raise SlackError("invalid_limit")
        return min(asked, most)

    def moment(self, name: str, default: int) -> int:
        """A timestamp argument in microseconds."""
        value = self.string(name)
        if value is None or value == "now":
            return default
        moment = micros(value)
        if moment is None:
            raise SlackError(f"invalid_ts_{name}")
        return moment

    # What the arguments point at

    def conversation(self) -> Channel:
        """The conversation of `channel`, as far as the bot can see it."""
        channel = self.workspace.channels.get(self.required("channel"))
        if channel is None or (channel.is_private and self.workspace.bot_user not in channel.members):
            raise SlackError("channel_not_found")
        return channel

    def message(self, channel: Channel, name: str = "ts") -> Message:
        message = channel.message(self.required(name))
        if message is None:
            raise SlackError("message_not_found")
        return message

    # Paging

    def after_cursor(self, mark: str) -> int | None:
        """The place that the cursor remembers; `mark` sets the cursors of one kind of list apart."""
        cursor = self.string("cursor")
        if cursor is None:
            return None
        try:
            kind, _, place = base64.b64decode(cursor, validate=True).decode().partition(":")
            if kind == mark:
                return int(place)
        except ValueError:
            pass
        raise SlackError("invalid_cursor")

    def page(self, items: Sequence[Any], default: int, most: int) -> tuple[list[Any], Json]:
        """A page of a list and the `response_metadata` that leads on to the next."""
        limit = self.limit(default, most)
        start = max(self.after_cursor("offset") or 0, 0)
        end = start + limit
        return list(items[start:end]), next_cursor("offset", end if end < len(items) else None)


def next_cursor(mark: str, place: int | None) -> Json:
    """The cursor that leads on to a place; empty where there is no more."""
    cursor = "" if place is None else base64.b64encode(f"{mark}:{place}".encode()).decode()
    return {"response_metadata": {"next_cursor": cursor}}
