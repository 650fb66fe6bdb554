"""Who asks, and how a message travels back to them alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp
import structlog
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.model import Message
from bot.slack.services import Member

log = structlog.get_logger(__name__)


def member_of(context: AsyncBoltContext) -> Member:
    return Member(context.team_id or "", context.user_id or "", context.channel_id or "")


def thread_of(body: Mapping[str, Any]) -> str | None:
    """The thread that the member is reading; None where the message stands in the channel itself, also as
    the first of a thread."""
    message = body.get("message") or {}
    thread: str | None = message.get("thread_ts") or (body.get("container") or {}).get("thread_ts")
    return None if thread == message.get("ts") else thread


async def privately(
    respond: AsyncRespond, message: Message, *, replace: bool = False, thread: str | None = None
) -> None:
    """Only the member sees it; `replace` puts it where the pressed button was."""
    await respond(**_body(message), response_type="ephemeral", replace_original=replace, thread_ts=thread)


async def posted(response_url: str, message: Message) -> bool:
    """For all to see; False where Slack refused it or did not answer. Without the client's own second try:
    the first may have arrived."""
    webhook = AsyncWebhookClient(response_url, retry_handlers=[])
    try:
        answer = await webhook.send_dict(_body(message) | {"response_type": "in_channel"})
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        log.warning("what a member shared may not have arrived", error=repr(error))
        return False
    return answer.status_code == 200


def _body(message: Message) -> dict[str, Any]:
    return {
        "text": message.text,
        "blocks": [dict(block) for block in message.blocks],
        "unfurl_links": False,
        "unfurl_media": False,
    }
