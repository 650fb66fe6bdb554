"""When each feed posts next, told by the clocks of its own time zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.app.core import Core
from bot.doctor.finding import Finding, Health
from bot.library import query
from bot.model import Feed
from bot.settings import Settings
from bot.subscriptions import calendar, feeds, pauses

RESUME = "Type /papers feed in the channel to resume it."
PAUSED = "Mend that, then restart `paperboy run`: it tries again."


async def known(settings: Settings, core: Core | None, workspace: str) -> list[Feed]:
    """Those of the settings, and those that members made, as far as the database can be asked."""
    rows: dict[str, Feed] = {}
    if core and workspace:
        async with core.database.read() as conn:
            rows = {feed.channel: feed for feed in await feeds.all_of(conn, workspace)}
    configured = {one.channel: Feed(workspace=workspace, **dict(one)) for one in settings.feeds}
    made = {channel: feed for channel, feed in rows.items() if feed.owner}
    paused = {channel: feed.paused for channel, feed in rows.items()}
    return [replace(feed, paused=paused.get(feed.channel)) for feed in (made | configured).values()]


def filter_of(feed: Feed, tags: Collection[str], now: dt.datetime) -> Finding | None:
    """Where it is read otherwise than it was written: then a channel may get nothing, or everything."""
    read = query.parse(feed.filter, today=now.date(), known=tags)
    if not read.notes:
        return None
    notes = " ".join(read.notes)
    return Finding(f"feed {feed.channel}", Health.NOTE, f"its filter is read as {read}", notes)


def hours_of(feed: Feed, now: dt.datetime) -> Finding:
    check = f"feed {feed.channel}"
    if feed.paused:
        if member := pauses.who(feed.paused):
            return Finding(check, Health.NOTE, f"paused by {member}", RESUME)
        return Finding(check, Health.WRONG, f"paused, since Slack said {feed.paused}", PAUSED)
    zone = ZoneInfo(feed.timezone)
    moment = calendar.next_hour(feed, now)
    if feed.post_at is None or moment is None:
        return Finding(check, Health.FINE, "posts as soon as a digest is there")
    there, then = now.astimezone(zone), moment.astimezone(zone)
    found = f"posts at {feed.post_at:%H:%M} in {feed.timezone}, where it is {there:%A %H:%M} now"
    return Finding(check, Health.FINE, f"{found}; next on {then:%A at %H:%M}")
