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

WORDLESS = "Write what it is to get, such as tag:robotics; leave it empty if every paper is meant."
MAKE_ONE = "Type /papers feed in a channel, or add a [[feeds]] table."
RESUME = "Type /papers feed in the channel to resume it."
MENDED = "Mend that, then restart `paperboy run`: it tries again."  # a feed of the file
MENDED_IN_SLACK = "Mend that, then type /papers feed resume in the channel."
INVITE = "Type /invite @Paperboy in the channel: it runs again by itself."
OUTSIDE = (pauses.NOT_IN_CHANNEL, pauses.REMOVED)


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


def none(*, everywhere: bool) -> Finding:
    """`everywhere`: in Slack too, where it could be looked at."""
    found = "none, so no channel gets a digest" if everywhere else "none in the settings"
    return Finding("feeds", Health.NOTE, found, MAKE_ONE)


def filter_of(feed: Feed, tags: Collection[str], now: dt.datetime) -> Finding | None:
    """Where it is read otherwise than it was written: then a channel may get nothing, or everything."""
    read = query.parse(feed.filter, today=now.date(), known=tags)
    if feed.filter.strip() and not str(read):
        found = "its filter asks for nothing, so every paper is posted"
        return Finding(f"feed {feed.channel}", Health.WRONG, found, " ".join([*read.notes, WORDLESS]))
    if not read.notes:
        return None
    notes = " ".join(read.notes)
    return Finding(f"feed {feed.channel}", Health.NOTE, f"its filter is read as {read}", notes)


def hours_of(feed: Feed, now: dt.datetime) -> Finding:
    check = f"feed {feed.channel}"
    if feed.paused:
        if member := pauses.who(feed.paused):
            return Finding(check, Health.NOTE, f"paused by {member}", RESUME)
        if feed.paused in OUTSIDE:
            return Finding(check, Health.WRONG, "paused, since the bot is not in the channel", INVITE)
        mend = MENDED_IN_SLACK if feed.owner else MENDED
        return Finding(check, Health.WRONG, f"paused, since Slack said {feed.paused}", mend)
    zone = ZoneInfo(feed.timezone)
    moment = calendar.next_hour(feed, now)
    if feed.post_at is None or moment is None:
        return Finding(check, Health.FINE, "posts as soon as a digest is there")
    there, then = now.astimezone(zone), moment.astimezone(zone)
    found = f"posts at {feed.post_at:%H:%M} in {feed.timezone}, where it is {there:%A %H:%M} now"
    return Finding(check, Health.FINE, f"{found}; next on {then:%A at %H:%M}")
