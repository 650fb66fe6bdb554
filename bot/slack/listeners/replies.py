"""Who asks, and how a message travels back to them alone."""

from __future__ import annotations

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


async def privately(respond: AsyncRespond, message: Message, *, replace: bool = False) -> None:
    """Only the member sees it; `replace` puts it where the pressed button was."""
    await respond(**_body(message), response_type="ephemeral", replace_original=replace)


async def publicly(respond: AsyncRespond, message: Message) -> None:
    await respond(**_body(message), response_type="in_channel", replace_original=False)


async def posted(response_url: str, message: Message) -> bool:
    """For all to see, where a form said; False where Slack refused it or did not answer. Without the client's
    own second try: the first may have arrived."""
    webhook = AsyncWebhookClient(response_url, retry_handlers=[])
    try:
        answer = await webhook.send_dict(_body(message) | {"response_type": "in_channel"})
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        log.warning("a paper may not have been shared", error=repr(error))
        return False
    return answer.status_code == 200


def _body(message: Message) -> dict[str, Any]:
    return {
        "text": message.text,
        "blocks": [dict(block) for block in message.blocks],
        "unfurl_links": False,
        "unfurl_media": False,
    }
