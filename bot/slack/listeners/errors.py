"""The one place where an error becomes words: an expected one says what to do, any other carries a
short id that the log has too."""

from __future__ import annotations

import secrets

import structlog
from slack_bolt.async_app import AsyncApp, AsyncRespond

from bot.errors import BotError
from bot.model import Message
from bot.slack.blocks import notice
from bot.slack.listeners.replies import privately

log = structlog.get_logger(__name__)

SORRY = "Something went wrong here, and it is not your doing. Try again in a minute."


def register(app: AsyncApp) -> None:
    """For what goes wrong before a listener runs; listeners come here by themselves."""

    async def failed(error: Exception, respond: AsyncRespond) -> None:
        await explain(error, respond)

    app.error(failed)


async def explain(error: Exception, respond: AsyncRespond | None) -> None:
    message = worded(error)
    if respond is None or not respond.response_url:
        return
    try:
        await privately(respond, message)
    except Exception:
        log.exception("the error could not be told to the member")


def worded(error: Exception) -> Message:
    if isinstance(error, BotError):
        return notice.error(error.user_message)
    ref = secrets.token_hex(3)
    log.error("listener failed", ref=ref, exc_info=error)
    return notice.error(SORRY, ref)
