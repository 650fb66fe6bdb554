"""HTTP mode: signed POSTs to the bot's request URL, in the shapes that Slack uses."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.delivery import NO_ANSWER, NOBODY_THERE, Ack, Envelope

JSON_BODY, FORM_BODY = "application/json", "application/x-www-form-urlencoded"


def signature(secret: str, timestamp: str, body: str) -> str:
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return f"v0={digest}"


def request_body(envelope: Envelope) -> tuple[str, str]:
    """The body and its content type: events are JSON, commands a form, interactions JSON inside a form."""
    if envelope.kind == "events_api":
        return json.dumps(envelope.payload), JSON_BODY
    if envelope.kind == "slash_commands":
        return urlencode(envelope.payload), FORM_BODY
    return urlencode({"payload": json.dumps(envelope.payload)}), FORM_BODY


class HttpDelivery:
    def __init__(self, url: str, secret: str, session: aiohttp.ClientSession, ack_seconds: float) -> None:
        self._url = url
        self._secret = secret
        self._session = session
        self._timeout = aiohttp.ClientTimeout(total=ack_seconds)

    async def deliver(self, envelope: Envelope) -> Ack:
        body, content_type = request_body(envelope)
        # The wall's clock and not the workspace's: the bot compares it with its own.
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (sandbox)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        }
        if envelope.retry_num:
            headers["X-Slack-Retry-Num"] = str(envelope.retry_num)
            headers["X-Slack-Retry-Reason"] = envelope.retry_reason or "http_timeout"
        return await self._post(body, headers)

    async def _post(self, body: str, headers: dict[str, str]) -> Ack:
        loop = asyncio.get_running_loop()
        started = loop.time()
        post = self._session.post(self._url, data=body, headers=headers, timeout=self._timeout)
        try:
            async with post as answer:
                said, seconds = _body(await answer.text()), loop.time() - started
        except TimeoutError:
            return Ack(NO_ANSWER, seconds=loop.time() - started)
        except aiohttp.ClientError:
            return Ack(NOBODY_THERE, seconds=loop.time() - started)
        return Ack(None if answer.status == 200 else NOBODY_THERE, answer.status, said, seconds)


def _body(text: str) -> Any:
    """JSON where it is JSON, else the text; None for nothing."""
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
