"""Who Slack says we are."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential_jitter

from bot.errors import SettingsError
from bot.slack.client import answer_to

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who Slack says we are."""

    workspace: str
    bot: str  # the id that our messages carry


async def identify(client: AsyncWebClient) -> Identity:
    """Waits for a Slack that can't be reached; SettingsError for a token it refuses."""

    def waiting(state: RetryCallState) -> None:
        log.warning(
            "Slack can't be reached; trying again", error=str(state.outcome and state.outcome.exception())
        )

    passing = (aiohttp.ClientError, OSError, asyncio.TimeoutError)
    async for attempt in AsyncRetrying(
        retry=retry_if_exception_type(passing),
        wait=wait_exponential_jitter(initial=1, max=60),
        before_sleep=waiting,
        reraise=True,
    ):
        with attempt:
            try:
                who = await client.auth_test()
                return Identity(str(who["team_id"]), str(who["bot_id"]))
            except SlackApiError as error:
                answer = answer_to(error)
                advice = getattr(answer, "advice", None)
                if advice is None:
                    raise OSError(getattr(answer, "reason", "Slack asks to slow down")) from error
                raise SettingsError(f"Slack refuses SLACK_BOT_TOKEN: {advice}") from error
    raise AssertionError("unreachable")
