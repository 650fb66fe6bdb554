"""Posting to Slack exactly once where that can be known, and saying honestly where it can't.

The client has no retry handlers: Slack's own default one re-sends `chat.postMessage` after a cut
connection, and a message that had arrived comes twice. The ledger retries, knowing what it knows.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import math
import time
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.delivery.poster import (
    Answer,
    CannotLook,
    Missing,
    Posted,
    RateLimited,
    Reach,
    Refused,
    TooLong,
    Unknown,
    Unreachable,
)
from bot.model import Message
from bot.slack.advice import ADVICE

METADATA_EVENT = "paperboy_delivery"
LOOK_BACK = dt.timedelta(days=1)
RETRY_AFTER = 30.0  # seconds, where a 429 does not say
LONGEST_RETRY_AFTER = 24 * 3600.0

# Slack refuses, is away, or breaks off in the middle: not every error of aiohttp is an OSError.
TROUBLE = (SlackClientError, aiohttp.ClientError, OSError, TimeoutError)

_TOO_LONG = {"msg_too_long", "msg_blocks_too_long"}
_SLOW_DOWN = {"ratelimited", "rate_limited", "message_limit_exceeded"}
_MAYBE_STORED = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}


def web_client(token: str | None, api_url: str, session: aiohttp.ClientSession | None) -> AsyncWebClient:
    """How long it waits is the session's to say."""
    return AsyncWebClient(token=token, base_url=api_url, session=session, retry_handlers=[])


class SlackPoster:
    """The courier's hand in one workspace."""

    def __init__(self, client: AsyncWebClient, bot_id: str) -> None:
        self._client = client
        self._bot_id = bot_id

    async def post(self, destination: str, message: Message, *, key: str, thread_ts: str | None) -> Answer:
        try:
            response = await self._client.chat_postMessage(
                channel=destination,
                text=message.text,
                blocks=[dict(block) for block in message.blocks] or None,
                thread_ts=thread_ts,
                unfurl_links=False,
                unfurl_media=False,
                metadata={"event_type": METADATA_EVENT, "event_payload": {"key": key}},
            )
            ts = response["ts"]
            return Posted(str(ts)) if ts else Unknown("Slack's answer names no message")
        except Exception as error:
            return answer_to(error)

    async def change(self, channel: str, message: Message, *, ts: str) -> Answer:
        """The metadata stays: the key of the row that posted it."""
        try:
            await self._client.chat_update(
                channel=channel,
                ts=ts,
                text=message.text,
                blocks=[dict(block) for block in message.blocks],
            )
            return Posted(ts)
        except Exception as error:
            return answer_to(error)

    async def find(
        self, destination: str, *, key: str, since: dt.datetime, thread_ts: str | None
    ) -> Posted | Missing | CannotLook | RateLimited | Unreachable | Unknown:
        """Our own message with `key`, posted after `since` less a day: our clock may differ from Slack's."""
        oldest = f"{(since - LOOK_BACK).timestamp():.6f}"
        try:
            channel = await self._conversation(destination)
            async for message in self._messages(channel, oldest, thread_ts):
                if self._is_ours(message, key):
                    return Posted(str(message["ts"]))
            return Missing()
        except Exception as error:
            answer = answer_to(error)
            return CannotLook(answer.code) if isinstance(answer, Refused) else _transient(answer)

    async def _conversation(self, destination: str) -> str:
        """History is read by a conversation's id; a member's is the direct messages with them."""
        if not destination.startswith(("U", "W")):
            return destination
        opened = await self._client.conversations_open(users=destination)
        return str(opened["channel"]["id"])

    def _is_ours(self, message: dict[str, Any], key: str) -> bool:
        """Any app of the workspace can read our key and copy it; none can post as our bot."""
        metadata = message.get("metadata") or {}
        return (
            metadata.get("event_type") == METADATA_EVENT
            and (metadata.get("event_payload") or {}).get("key") == key
            and message.get("bot_id") == self._bot_id
        )

    async def _messages(self, destination: str, oldest: str, thread_ts: str | None) -> Any:
        cursor: str | None = None
        while True:
            common: dict[str, Any] = {
                "channel": destination,
                "oldest": oldest,
                "include_all_metadata": True,
                "limit": 200,
                "cursor": cursor,
            }
            if thread_ts:
                page = await self._client.conversations_replies(ts=thread_ts, **common)
            else:
                page = await self._client.conversations_history(**common)
            for message in page["messages"]:
                yield message
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return


def code_of(error: SlackApiError) -> str:
    """Slack's own word for what is wrong; "" where something before Slack answered, or nothing did."""
    data = getattr(error.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def answer_to(error: Exception) -> Answer:
    """What a failed call means for the message: could it have arrived, and will it ever?"""
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return Unreachable(f"Slack can't be reached ({type(error).__name__})")
    if not isinstance(error, SlackApiError):
        if isinstance(error, aiohttp.ClientError | asyncio.TimeoutError | OSError):
            return Unknown(f"no answer from Slack ({type(error).__name__})")
        raise error
    response = error.response
    if not isinstance(response, AsyncSlackResponse):
        return Unknown("Slack's answer can't be read")
    data = response.data if isinstance(response.data, dict) else {}
    code = str(data.get("error", ""))
    if response.status_code == 429 or code in _SLOW_DOWN:
        return RateLimited(retry_after(response.headers))
    if code in _TOO_LONG:
        return TooLong()
    if response.status_code >= 500 or code in _MAYBE_STORED or not code:
        return Unknown(f"Slack answered {code or response.status_code}")
    reach, advice = ADVICE.get(code, (Reach.MESSAGE, "Slack refused this message."))
    return Refused(code, advice, reach)


def retry_after(headers: Any) -> float:
    """Seconds to wait, from a header that may be missing, a date, or nonsense."""
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    try:
        seconds = float(value)
    except ValueError:
        seconds = _seconds_until(value)
    return min(max(seconds, 1.0), LONGEST_RETRY_AFTER) if math.isfinite(seconds) else RETRY_AFTER


def _seconds_until(date: str) -> float:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return math.nan
    return moment.timestamp() - time.time()


def _transient(answer: Answer) -> RateLimited | Unreachable | Unknown:
    """For a look: what says nothing of the message, and may go better the next time."""
    return answer if isinstance(answer, RateLimited | Unreachable | Unknown) else Unknown(str(answer))
