"""Modals come up while the press that asks for them is fresh: Slack gives three seconds."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import BadArgument
from bot.slack.blocks.kit import Block
from bot.slack.client import code_of

TOO_SLOW = "That took me longer than Slack waits, so the form did not open. Try once more."
CLOSED = ("not_found", "view_not_found")  # a window that is to be drawn again
_STALE = ("expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged")


async def show(client: AsyncWebClient, trigger: str, view: Block, *, over: bool = False) -> None:
    """`over`: on the modal that the member has open."""
    try:
        await (client.views_push if over else client.views_open)(trigger_id=trigger, view=view)
    except SlackApiError as error:
        if code_of(error) not in _STALE:
            raise
        raise BadArgument(TOO_SLOW) from error
