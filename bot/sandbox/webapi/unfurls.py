"""chat.unfurl: showing something below a message for the links in it that the app was told of."""

from __future__ import annotations

from typing import Any

from bot.sandbox.errors import SlackError, invalid
from bot.sandbox.limits import check_blocks
from bot.sandbox.messages import Json, Message
from bot.sandbox.webapi.call import Call


def unfurl(call: Call) -> Json:
    call.need("links:write")
    message = _by_id(call) if call.string("unfurl_id") or call.string("source") else _by_place(call)
    unfurls = call.parsed("unfurls", "invalid_unfurls_format")
    if not unfurls:
        raise SlackError("missing_unfurls")
    if not isinstance(unfurls, dict) or not all(isinstance(each, dict) for each in unfurls.values()):
        raise SlackError("invalid_unfurls_format")
    shared = call.workspace.shared_links.values()
    told = {url for links in shared if links.message is message for url in links.urls}
    for url, shown in unfurls.items():
        if url not in message.text:
            raise SlackError("cannot_unfurl_message")
        if url not in told:
            raise SlackError("cannot_unfurl_url")
        _refuse(shown.get("blocks", []))
    call.workspace.unfurl(message, unfurls)
    return {}


def _refuse(blocks: Any) -> None:
    """Slack takes no rich_text there: github.com/slackapi/java-slack-sdk/issues/948."""
    check_blocks(blocks)
    if any(block["type"] == "rich_text" for block in blocks):
        raise invalid("invalid_blocks", "unsupported type: rich_text [json-pointer:/unfurls]")


def _by_id(call: Call) -> Message:
    unfurl_id, source = call.string("unfurl_id"), call.string("source")
    if unfurl_id is None:
        raise SlackError("missing_unfurl_id")
    if source is None:
        raise SlackError("missing_source")
    if unfurl_id not in call.workspace.shared_links:
        raise SlackError("invalid_unfurl_id")
    shared = call.workspace.shared_links[unfurl_id]
    if source != shared.source:
        raise SlackError("invalid_source")
    return shared.message


def _by_place(call: Call) -> Message:
    place, ts = call.string("channel"), call.string("ts")
    if place is None:
        raise SlackError("missing_channel")
    if ts is None:
        raise SlackError("missing_ts")
    channel = call.workspace.channels.get(place)
    if channel is None:
        raise SlackError("cannot_find_channel")
    message = channel.message(ts)
    if message is None:
        raise SlackError("cannot_find_message")
    return message
