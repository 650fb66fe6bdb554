"""Digests on the web: a file a day, or one file that grows."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from functools import partial

from bot.sources import days
from bot.sources.ahead import in_order
from bot.sources.failures import NotFoundError, UnusableFileError
from bot.sources.fetch import Fetcher
from bot.sources.source import Document, Skipped

AHEAD = 4  # requests in flight
SUSPICIOUS = dt.timedelta(days=14)  # without a digest: that is no weekend any more

# Every address that exists, for hosts that can list them.
Published = Callable[[dt.datetime], Awaitable[frozenset[str]]]


class UrlSource:
    """`url` may hold {yyyy}, {mm} and {dd}; `backfill` None (all there is) then needs `published`."""

    def __init__(
        self,
        name: str,
        url: str,
        backfill: dt.timedelta | None,
        fetcher: Fetcher,
        *,
        headers: Mapping[str, str] | None = None,
        published: Published | None = None,
        advice: str = "Check `url` in the settings",
    ) -> None:
        self.name = name
        self._url = url
        self._backfill = backfill
        self._fetcher = fetcher
        self._headers = headers
        self._published = published
        self._advice = advice

    async def changed(
        self, seen: Mapping[str, str], now: dt.datetime
    ) -> AsyncGenerator[Document | Skipped, None]:
        """See `Source`. How far the days were asked for is kept in a Skipped, under the pattern itself."""
        changed = self._days(seen, now) if days.is_dated(self._url) else self._growing(seen, now)
        async with aclosing(changed) as items:
            async for item in items:
                yield item

    async def _growing(self, seen: Mapping[str, str], now: dt.datetime) -> AsyncGenerator[Document, None]:
        try:
            document = await self._ask(self._url, seen, now)
        except NotFoundError as error:
            raise self._lost(error.user_message) from error
        if document:
            yield document

    async def _days(
        self, seen: Mapping[str, str], now: dt.datetime
    ) -> AsyncGenerator[Document | Skipped, None]:
        bookmark = seen.get(self._url, "")
        window = days.Window.next(bookmark, now) or days.Window.first(self._backfill, now)
        silent = seen.keys().isdisjoint(window.last(SUSPICIOUS).filled(self._url))
        calls = [partial(self._ask_day, url, seen, now) for url in await self._urls(window, now)]
        async with aclosing(in_order(calls, AHEAD)) as items:
            async for item in items:
                if item:
                    silent = False
                    yield item
        if window.bookmark != bookmark:
            yield Skipped(self._url, window.bookmark)
        if silent and window.end - window.since >= SUSPICIOUS:
            raise self._lost(f"{self._url} has had no digest for {SUSPICIOUS.days} days")

    async def _urls(self, window: days.Window, now: dt.datetime) -> list[str]:
        urls = list(window.filled(self._url))
        if self._published and window.start == days.ARXIV_BEGAN:
            published = await self._published(now)
            return [url for url in urls if url in published]
        return urls

    async def _ask_day(
        self, url: str, seen: Mapping[str, str], now: dt.datetime
    ) -> Document | Skipped | None:
        """None: unchanged, or not published (yet, or on a weekend)."""
        try:
            return await self._ask(url, seen, now)
        except NotFoundError:
            return None
        except UnusableFileError as error:
            known = seen.get(url) == error.validator
            return None if known else Skipped(url, error.validator, error.user_message)

    async def _ask(self, url: str, seen: Mapping[str, str], now: dt.datetime) -> Document | None:
        known = seen.get(url, "")
        fetched = await self._fetcher.get(url, now=now, validator=known, headers=self._headers)
        if fetched is None or fetched.validator == known:
            return None
        return Document(url, fetched.data, fetched.validator)

    def _lost(self, what: str) -> NotFoundError:
        return NotFoundError(f"{what}. {self._advice}", transient=False)
