"""A week's papers by topic: which papers, under which heading, in which order. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.model import Match, StoredDigest
from bot.subscriptions import hours

WEEK = dt.timedelta(days=7)
TOPICS = 6  # headings; the other papers stand under OTHER
OTHER = ""


@dataclass(frozen=True, slots=True)
class Week:
    """From Monday to Sunday, both included."""

    first: dt.date
    last: dt.date

    @property
    def monday(self) -> dt.date:
        """After it, when it is told of."""
        return self.first + WEEK


@dataclass(frozen=True, slots=True)
class Pick:
    match: Match  # a channel's has no reasons
    saved: int  # by so many members of the workspace


@dataclass(frozen=True, slots=True)
class Topic:
    tag: str  # OTHER: none of the common ones
    picks: tuple[Pick, ...]  # the most saved first


def week_before(moment: dt.datetime, timezone: str) -> Week:
    """The whole week, from Monday to Sunday, that was over when the round-up of `moment` came due."""
    monday = monday_of(moment, timezone)
    return Week(monday - WEEK, monday - dt.timedelta(days=1))


def monday_of(moment: dt.datetime, timezone: str) -> dt.date:
    day = hours.local_day(moment, timezone)
    return day - dt.timedelta(days=day.weekday())


def covers(roundup_at: dt.datetime, timezone: str, date: dt.date) -> bool:
    week = week_before(roundup_at, timezone)
    return week.first <= date <= week.last


def start(week: Week, timezone: str) -> dt.datetime:
    return dt.datetime.combine(week.first, dt.time(), ZoneInfo(timezone)).astimezone(dt.UTC)


def books_of(week: Week, timezone: str, digests: Iterable[StoredDigest]) -> list[StoredDigest]:
    """The digests of its days; and those of earlier days that came only since it began. Which of the latter
    the round-up before had already, their papers tell."""
    began = start(week, timezone)
    return [
        one for one in digests if one.date <= week.last and (one.date >= week.first or one.seen_at >= began)
    ]


def by_topic(matches: Sequence[Match], saved: Mapping[int, int]) -> tuple[Topic, ...]:
    """Each paper once, under the first of its tags that is among the most common ones of these papers."""
    common = [tag for tag, shared in Counter(_tags(matches)).most_common(TOPICS) if shared > 1]
    groups: dict[str, list[Pick]] = {tag: [] for tag in (*common, OTHER)}
    for match in matches:
        tag = next((tag for tag in match.paper.paper.tags if tag in groups and tag), OTHER)
        groups[tag].append(Pick(match, saved.get(match.paper.id, 0)))
    filled = [
        Topic(tag, tuple(sorted(picks, key=lambda pick: -pick.saved)))
        for tag, picks in groups.items()
        if picks
    ]
    return tuple(sorted(filled, key=lambda topic: (topic.tag == OTHER, -len(topic.picks))))


def _tags(matches: Sequence[Match]) -> list[str]:
    return [tag for match in matches for tag in dict.fromkeys(match.paper.paper.tags) if tag]
