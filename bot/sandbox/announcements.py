"""The events that members set off, by the names that a manifest subscribes to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.sandbox.directory import Channel
from bot.sandbox.inline import BARE_URL
from bot.sandbox.messages import Json, Message
from bot.sandbox.workspace import SharedLinks, Workspace

COMPOSED = re.compile(rf"<[^<>]*>|(?P<bare>{BARE_URL.pattern})")
LINK = re.compile(r"<(?P<url>https?://(?P<domain>[^\s/<>|?#]+)[^\s<>|]*)(?:\|[^<>]*)?>")
CHANNEL_TYPES = {"im": "im", "private_channel": "group", "public_channel": "channel"}
SUBSCRIPTIONS = {
    "im": "message.im",
    "private_channel": "message.groups",
    "public_channel": "message.channels",
}
SCOPES = {
    "app_mention": "app_mentions:read",
    "link_shared": "links:read",
    "message.im": "im:history",
    "message.groups": "groups:history",
    "message.channels": "channels:history",
}


def scopes(workspace: Workspace, name: str, inner: Json) -> frozenset[str]:
    """What an app must have been granted to hear of it."""
    if name in SCOPES:
        return frozenset({SCOPES[name]})
    if name.startswith(("channel_", "group_")):
        return frozenset({f"{name.partition('_')[0]}s:read"})
    if name in ("member_joined_channel", "member_left_channel"):
        return frozenset({f"{workspace.channels[inner['channel']].scope_family}:read"})
    return frozenset()


def composed(text: str) -> str:
    """What Slack's composer makes of bare addresses: links."""
    return COMPOSED.sub(lambda found: f"<{found[0]}>" if found["bare"] else found[0], text)


def announcements(workspace: Workspace, place: Channel, message: Message) -> Iterator[tuple[str, Json]]:
    """Links are told of everywhere; what is said, only where the bot is inside."""
    links = list(_links(workspace, message))
    inside = workspace.bot_user in place.members
    thread = {"thread_ts": message.thread_ts} if message.thread_ts else {}
    if links:
        yield "link_shared", _link_shared(workspace, message, links, inside=inside) | thread
    if not inside:
        return
    said: Json = {"user": message.user, "text": message.text, "ts": message.ts, "channel": place.id} | thread
    channel_type = CHANNEL_TYPES[place.kind]
    yield SUBSCRIPTIONS[place.kind], said | {"type": "message", "channel_type": channel_type}
    if f"<@{workspace.bot_user}>" in message.text:
        yield "app_mention", said | {"type": "app_mention"}


def preview(workspace: Workspace, message: Message) -> Json:
    """What is told of the links in a message that is still being written: it has no place yet."""
    links = list(_links(workspace, message))
    shared = _link_shared(workspace, message, links, inside=True, source="composer")
    return shared | {"channel": "COMPOSER", "message_ts": workspace.new_id("draft-")}


def _links(workspace: Workspace, message: Message) -> Iterator[Json]:
    for found in LINK.finditer(message.text):
        if _unfurled(workspace, found["domain"]):
            yield {"url": found["url"], "domain": found["domain"]}


def _link_shared(
    workspace: Workspace,
    message: Message,
    links: list[Json],
    *,
    inside: bool,
    source: str = "conversations_history",
) -> Json:
    unfurl_id = f"{message.channel}.{message.ts}.{workspace.stamp()}"
    shared = SharedLinks(message, frozenset(link["url"] for link in links), source)
    workspace.shared_links[unfurl_id] = shared
    return {
        "type": "link_shared",
        "channel": message.channel,
        "is_bot_user_member": inside,
        "user": message.user,
        "message_ts": message.ts,
        "unfurl_id": unfurl_id,
        "source": source,
        "links": links,
    }


def _unfurled(workspace: Workspace, domain: str) -> bool:
    """Whether the app asked for links of this domain, or of one that it is a part of."""
    wanted = workspace.app.unfurl_domains
    return wanted is None or any(domain == each or domain.endswith(f".{each}") for each in wanted)
