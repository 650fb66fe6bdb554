"""Links to papers that the library has show what they are about; all others are left as they are."""

from __future__ import annotations

from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError

from bot.slack.answers import around
from bot.slack.client import code_of
from bot.slack.listeners.running import Running
from bot.slack.services import Services

log = structlog.get_logger(__name__)


def register(app: AsyncApp, services: Services, running: Running) -> None:
    async def shared(event: dict[str, Any], context: AsyncBoltContext) -> None:
        """Of others' messages: Bolt keeps our own from us."""
        urls = [str(link.get("url", "")) for link in event.get("links", ())]
        if unfurls := await around.unfurls(services, urls):
            try:
                await services.client.chat_unfurl(**_place(event), unfurls=unfurls)
            except SlackApiError as error:  # of a message that nobody wrote to us: nobody is told
                log.warning("links are not unfurled", error=code_of(error))

    app.event("link_shared")(running.tracked(shared))


def _place(event: dict[str, Any]) -> dict[str, Any]:
    """Also of a message that is still being written, which has no place yet."""
    if event.get("unfurl_id") and event.get("source"):
        return {"unfurl_id": event["unfurl_id"], "source": event["source"]}
    return {"channel": event["channel"], "ts": event["message_ts"]}
