"""The one place where a listener's error becomes words: an expected one says what to do, any other
carries a short id that the log has too."""

from __future__ import annotations

import secrets

import structlog
from slack_bolt.async_app import AsyncApp, AsyncRespond
from slack_bolt.response import BoltResponse

from bot.errors import BotError
from bot.slack.blocks import notice
from bot.slack.listeners.replies import privately

log = structlog.get_logger(__name__)

SORRY = "Something went wrong here, and it is not your doing. Try again in a minute."


def register(app: AsyncApp) -> None:
    async def failed(error: Exception, respond: AsyncRespond) -> BoltResponse:
        if isinstance(error, BotError):
            message = notice.error(error.user_message)
        else:
            ref = secrets.token_hex(3)
            log.error("listener failed", ref=ref, exc_info=error)
            message = notice.error(SORRY, ref)
        if respond.response_url:
            await privately(respond, message)
        # Without it, Slack is told 404 where the error came right after the acknowledgement.
        return BoltResponse(status=200)

    app.error(failed)
