"""The events that a member's message sets off, by the names that a manifest subscribes to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.sandbox.directory import Channel
from bot.sandbox.messages import Json, Message
from bot.sandbox.workspace import Workspace

LINK = re.compile(r"https?://([^\s/<>|]+)[^\s<>|]*")
CHANNEL_TYPES = {"im": "im", "private_channel": "group", "public_channel": "channel"}
SUBSCRIPTIONS = {
    "im": "message.im",
    "private_channel": "message.groups",
    "public_channel": "message.channels",
}


def announcements(workspace: Workspace, place: Channel, message: Message) -> Iterator[tuple[str, Json]]:
    """Nothing, where the bot is not inside."""
    bot = workspace.bot_user
    if bot not in place.members:
        return
    said: Json = {"user": message.user, "text": message.text, "ts": message.ts, "channel": place.id}
    said |= {"thread_ts": message.thread_ts} if message.thread_ts else {}
    channel_type = CHANNEL_TYPES[place.kind]
    yield SUBSCRIPTIONS[place.kind], said | {"type": "message", "channel_type": channel_type}
    if f"<@{bot}>" in message.text:
        yield "app_mention", said | {"type": "app_mention"}
    links = [link for link in _links(message.text) if _unfurled(workspace, link["domain"])]
    if links:
        shared = {"type": "link_shared", "message_ts": message.ts, "links": links}
        known = {
            "is_bot_user_member": True,
            "unfurl_id": f"C.{message.ts}",
            "source": "conversations_history",
        }
        yield "link_shared", said | shared | known


def _links(text: str) -> list[dict[str, str]]:
    return [{"url": match[0], "domain": match[1]} for match in LINK.finditer(text)]


def _unfurled(workspace: Workspace, domain: str) -> bool:
    """Whether the app asked for links of this domain, or of one that it is a part of."""
    wanted = workspace.app.unfurl_domains
    return wanted is None or any(domain == each or domain.endswith(f".{each}") for each in wanted)
