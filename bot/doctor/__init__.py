"""Looks at each thing that can be wrong with an installation, and says what to do about it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from contextlib import AsyncExitStack, aclosing

import aiohttp

from bot.app.core import Clock, open_core, utc_now
from bot.doctor import feeds, store
from bot.doctor.finding import Finding, Health
from bot.doctor.slack import Workspace
from bot.settings import Settings

__all__ = ["Finding", "Health", "examine"]


async def examine(
    settings: Settings, clock: Clock = utc_now, strangers: Iterable[str] = ()
) -> AsyncGenerator[Finding, None]:
    """The settings, what is stored here, Slack, and the feeds that join them.

    What a trouble hides is left out: the sources in a database that can't be read, the channels of a Slack
    that can't be reached. `strangers`: of the environment. To be closed where not all of it is wanted.
    """
    yield _configuration(settings)
    for variable in strangers:
        yield Finding("environment", Health.NOTE, variable)
    yield store.disk(settings)
    database = await store.database(settings)
    yield database
    async with AsyncExitStack() as stack:
        core = None
        if database.health is Health.FINE:
            core = await stack.enter_async_context(open_core(settings, clock=clock, migrate=False))
        async with aclosing(store.examine(settings, core)) as stored:
            async for finding in stored:
                yield finding
        session = await stack.enter_async_context(aiohttp.ClientSession())
        workspace = Workspace(settings, session)
        async with aclosing(workspace.examine(clock)) as reached:
            async for finding in reached:
                yield finding
        tags = await core.library.tags() if core else {}
        found = await feeds.known(settings, core, workspace.id)
        if not found:
            yield feeds.none(everywhere=core is not None and workspace.id != "")
        for feed in found:
            yield feeds.hours_of(feed, clock())
            if misread := feeds.filter_of(feed, tags, clock()):
                yield misread
            if workspace.id:
                yield await workspace.channel(feed.channel)


def _configuration(settings: Settings) -> Finding:
    there = f"{settings.config}" if settings.config.exists() else f"no {settings.config}, so all is default"
    found = f"{there}; sources: {len(settings.sources)}, feeds: {len(settings.feeds)}"
    if settings.sources:
        return Finding("settings", Health.FINE, found)
    return Finding("settings", Health.NOTE, found, "Add a [[sources]] table: where the digests come from.")
