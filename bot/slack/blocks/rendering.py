"""The planner's renderers: which block function says what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.delivery.roundup import Topic
from bot.model import Feed, Match, StoredDigest, StoredPaper
from bot.slack.blocks import digest as channel
from bot.slack.blocks import member as personal
from bot.slack.blocks import roundup as weekly
from bot.slack.blocks.part import Part


def digest(one: StoredDigest, papers: Sequence[StoredPaper], feed: Feed) -> tuple[Part, ...]:
    return channel.render(
        one.date, one.source, papers, feed.layout, filter=feed.filter, total=len(one.papers)
    )


def empty(one: StoredDigest, feed: Feed) -> Part:
    coming = channel.coming(feed)
    return channel.empty(one.date, one.source, filter=feed.filter, total=len(one.papers), coming=coming)


def member(day: dt.date, matches: Sequence[Match]) -> Part:
    return personal.render(day, matches)


def roundup(day: dt.date, topics: Sequence[Topic], feed: Feed | None) -> Part:
    return weekly.render(day, topics, feed)
