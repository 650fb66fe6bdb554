"""One polite GET: conditional, bounded in size and time, tried again only where that may help."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter
from tenacity.wait import wait_base
from yarl import URL

from bot import __version__
from bot.errors import SourceError
from bot.sources.failures import (
    RateLimitError,
    UnusableFileError,
    broken,
    no_address,
    refused,
    shown,
    too_large,
)
from bot.sources.limits import SLOW_DOWN, pause
from bot.sources.source import LIMIT

USER_AGENT = f"Paperboy/{__version__}"
REDIRECTS = (301, 302, 303, 307, 308)
MOST_REDIRECTS = 5
ATTEMPTS = 4
WAIT = wait_exponential_jitter(initial=1, max=30)
CONNECT = aiohttp.ClientTimeout(connect=10)  # the whole is timed around it
CHUNK = 64 * 1024
LONGEST_VALIDATOR = 200


@dataclass(frozen=True, slots=True)
class Fetched:
    data: bytes
    validator: str


class Fetcher:
    """Shared by the sources, so that a host that wants a pause gets it from all of them."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        wait: wait_base = WAIT,
        limit: int = LIMIT,
        seconds: float = 60,
    ) -> None:
        self._session = session
        self._wait = wait
        self._limit = limit
        self._seconds = seconds
        self._closed_until: dict[str | None, dt.datetime] = {}

    async def get(
        self, url: str, *, now: dt.datetime, validator: str = "", headers: Mapping[str, str] | None = None
    ) -> Fetched | None:
        """None: unchanged since `validator`. Authorization among `headers` goes to the host of `url` only."""
        sent = {"User-Agent": USER_AGENT, **_condition(validator), **(headers or {})}
        start = _address(url)
        attempts = AsyncRetrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=self._wait,
            retry=retry_if_exception(_may_pass),
            reraise=True,
        )
        return await attempts(self._attempt, start, sent, now)

    async def _attempt(self, url: URL, headers: Mapping[str, str], now: dt.datetime) -> Fetched | None:
        try:
            async with asyncio.timeout(self._seconds):
                return await self._follow(url, dict(headers), now)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise broken(error, url, self._seconds) from error

    async def _follow(self, url: URL, headers: dict[str, str], now: dt.datetime) -> Fetched | None:
        for _ in range(MOST_REDIRECTS + 1):
            self._mind_pause(url, now)
            async with self._session.get(
                url, headers=headers, timeout=CONNECT, allow_redirects=False
            ) as response:
                self._note_pause(response, now)
                if response.status not in REDIRECTS or "Location" not in response.headers:
                    return await self._read(response)
                there = _redirected(response)
            if there.origin() != url.origin():
                headers.pop("Authorization", None)
            url = there
        raise SourceError(f"{shown(url)} redirects on and on. Check it in the settings", transient=False)

    def _mind_pause(self, url: URL, now: dt.datetime) -> None:
        until = self._closed_until.get(url.host)
        if until and now < until:
            raise RateLimitError(url.host or "", until)

    def _note_pause(self, response: aiohttp.ClientResponse, now: dt.datetime) -> None:
        until = pause(response.status, response.headers, now)
        if until is None:
            return
        self._closed_until[response.url.host] = until
        if response.status in SLOW_DOWN:
            raise RateLimitError(response.url.host or "", until)

    async def _read(self, response: aiohttp.ClientResponse) -> Fetched | None:
        if response.status == 304:
            return None
        if response.status != 200:
            raise refused(response.status, response.url)
        validator = _validator(response)
        problem = too_large(shown(response.url), self._limit)
        large = UnusableFileError(problem, validator or f"over {self._limit}")
        if (response.content_length or 0) > self._limit:
            raise large
        data = bytearray()
        # What arrives is counted, unpacked: a Content-Length may lie, and a small gzip hold a large file.
        async for chunk in response.content.iter_chunked(CHUNK):
            data += chunk
            if len(data) > self._limit:
                raise large
        return Fetched(bytes(data), validator or f"sha256:{hashlib.sha256(data).hexdigest()}")


def _address(text: str) -> URL:
    try:
        url = URL(text)
    except ValueError as error:
        raise no_address(text) from error
    if url.scheme not in ("http", "https") or not url.host:
        raise no_address(text)
    return url


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, SourceError) and error.transient and not isinstance(error, RateLimitError)


def _condition(validator: str) -> dict[str, str]:
    if validator.startswith(('"', 'W/"')):
        return {"If-None-Match": validator}
    if validator.endswith(" GMT"):
        return {"If-Modified-Since": validator}
    return {}


def _validator(response: aiohttp.ClientResponse) -> str:
    for name in ("ETag", "Last-Modified"):
        value = response.headers.get(name, "")
        if _condition(value) and len(value) <= LONGEST_VALIDATOR:
            return value
    return ""


def _redirected(response: aiohttp.ClientResponse) -> URL:
    try:
        there = response.url.join(URL(response.headers["Location"]))
    except ValueError:
        there = URL()
    if there.scheme != response.url.scheme or not there.host:
        raise SourceError(
            f"{shown(response.url)} redirects to {there.scheme or '?'}://{there.host or '?'}, which is not"
            " followed. If you trust the address where it ends, put that into the settings",
            transient=False,
        )
    return there
