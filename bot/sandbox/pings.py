"""Whom a message would notify: what text from outside must never bring about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.sandbox.inline import Line, Reader
from bot.sandbox.messages import Message
from bot.sandbox.workspace import Workspace


def pings(workspace: Workspace, message: Message) -> set[str]:
    """Mentions of members ("@U…") and of everyone ("@here", "@channel", "@everyone"), in text and blocks."""
    reader = Reader(workspace, "UTC", workspace.clock())
    lines = [*reader.message_text(message), *_lines(reader, message.blocks)]
    mentions = {span.mention for line in lines for span in line.spans}
    return {mention for mention in mentions if mention and mention.startswith("@")}


def _lines(reader: Reader, part: Any) -> Iterator[Line]:
    if isinstance(part, list):
        for each in part:
            yield from _lines(reader, each)
    elif isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            yield from reader.text(part)
        elif part.get("type") == "rich_text":
            yield from reader.rich_text(part)
        else:
            yield from _lines(reader, list(part.values()))
