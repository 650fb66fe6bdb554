"""The shortcut in the menu of any message: the papers that it names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.slack.answers import around
from bot.slack.ids import Shortcut
from bot.slack.listeners.replies import privately, thread_of
from bot.slack.listeners.running import Running
from bot.slack.services import Services

READ = frozenset({"text", "fallback", "url", "title_link", "from_url", "original_url"})


def register(app: AsyncApp, services: Services, running: Running) -> None:
    async def find(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        said = "\n".join(words(body.get("message") or {}))
        await privately(respond, await around.find(services, said), thread=thread_of(body))

    app.shortcut({"type": "message_action", "callback_id": Shortcut.FIND_PAPER.value})(running.tracked(find))


def words(part: Any) -> Iterator[str]:
    """What a message says, and where it links to, whether as text, as blocks or as unfurled links."""
    if isinstance(part, list):
        for each in part:
            yield from words(each)
    elif isinstance(part, dict):
        for name, value in part.items():
            if isinstance(value, str):
                yield from [value] if name in READ else []
            else:
                yield from words(value)
