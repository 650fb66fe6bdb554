"""A week's papers in one message, by topic, the most saved first; for a channel or a member."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import zip_longest

from bot.delivery.roundup import WEEK, Pick, Topic
from bot.model import Feed, Message
from bot.slack import ids, limits
from bot.slack.blocks import member, paper
from bot.slack.blocks.help import command
from bot.slack.blocks.kit import (
    Block,
    actions,
    bullets,
    button,
    context,
    header,
    mrkdwn,
    plain,
    rich,
    run,
    words,
)
from bot.slack.blocks.part import Part
from bot.slack.ids import Action, Search
from bot.slack.text import MONTHS, clean, count, escape, long_day, shorten, spoken
from bot.subscriptions import calendar

FRAME = 160  # weight of the list around a topic's lines, and of what it says of the others
TAG = 60  # characters
OTHERS = "Other topics"
READ = "Read the summaries"
ALL = "All papers of the week"


def render(day: dt.date, topics: Sequence[Topic], feed: Feed | None) -> Part:
    """Of the seven days before `day`; a member's has no feed. What has no room is counted by topic."""
    picks = [pick for topic in topics for pick in topic.picks]
    heading = f"The week in papers: {span(day)}" if feed else f"Your week in papers, to {long_day(day)}"
    head = [header(heading), context(plain(summary(len(picks), feed)))]
    foot = [
        *(reading(day, feed) if picks else ()),
        context(mrkdwn(changes(feed))) if feed else member.change(),
    ]
    room = limits.MESSAGE - limits.weight(head) - limits.weight(foot)
    shown = fitting(topics, room - FRAME * len(topics))
    body = [listed(topic, shown[topic.tag]) for topic in topics]
    text = spoken(f"{heading}: {summary(len(picks), feed)}", [said(pick) for pick in picks])
    return Part(Message(text, (*head, *body, *foot)), tuple(pick.match.paper.id for pick in picks))


def span(day: dt.date) -> str:
    """`21–27 April 2025`, `28 April – 4 May 2025`."""
    first, last = day - WEEK, day - dt.timedelta(days=1)
    end = f"{last.day} {MONTHS[last.month - 1]} {last.year}"
    if first.month == last.month:
        return f"{first.day}–{end}"
    year = f" {first.year}" if first.year != last.year else ""
    return f"{first.day} {MONTHS[first.month - 1]}{year} – {end}"


def summary(number: int, feed: Feed | None) -> str:
    if feed is None:
        return f"{count(number, 'new paper')} among what you follow, the most saved first"
    matching = f"“{shorten(clean(feed.filter), 80)}”" if feed.filter else ""
    if not number:
        return f"Nothing matched {matching} this week." if matching else "No papers came this week."
    matches = f" {'matches' if number == 1 else 'match'} {matching}" if matching else ""
    return f"{count(number, 'paper')}{matches} · by topic, the most saved first"


def fitting(topics: Sequence[Topic], room: int) -> dict[str, list[Block]]:
    """The lines of each topic that have room: the first of each, then the second of each, and so on."""
    lines = [[line(topic, pick) for pick in topic.picks] for topic in topics]
    shown: dict[str, list[Block]] = {topic.tag: [] for topic in topics}
    for rank in zip_longest(*lines):
        for topic, one in zip(topics, rank, strict=True):
            room -= limits.weight(one)
            if room < 0:
                return shown
            if one:
                shown[topic.tag].append(one)
    return shown


def line(topic: Topic, pick: Pick) -> Block:
    """Why a member gets it stands there, save where the heading says so."""
    saved = f"saved by {pick.saved}" if pick.saved else ""
    why = ", ".join(reason for reason in pick.match.reasons if reason != topic.tag)
    return paper.line(pick.match.paper, " · ".join(part for part in (saved, why) if part))


def listed(topic: Topic, lines: Sequence[Block]) -> Block:
    name = shorten(clean(topic.tag), TAG) or OTHERS
    left = len(topic.picks) - len(lines)
    heading = run(words(name, bold=True), words(f"  {len(topic.picks)}"))
    more = [run(words(f"and {left} more", italic=True))] if left else []
    return rich(heading, *([bullets(lines)] if lines else []), *more)


def reading(day: dt.date, feed: Feed | None) -> list[Block]:
    """The week as a search, from which each paper can be read and saved."""
    days = f"after:{day - WEEK} before:{day}" if feed else f"after:{day - WEEK}"
    query = f"({feed.filter}) {days}" if feed and feed.filter else days
    if limits.weight(query) > limits.QUERY:
        query = days
    read = READ if feed else ALL
    value = ids.search(Search(query, newest=True))
    return [actions(button(read, Action.SEARCH_PAGE, value, f"{read}: {span(day)}"))]


def changes(feed: Feed) -> str:
    return f"Every Monday at {escape(hour(feed))} · {command('feed')} changes it"


def hour(feed: Feed) -> str:
    at = feed.post_at or calendar.ROUNDUP_AT
    return f"{at:%H:%M} ({shorten(clean(feed.timezone), 40)})"


def said(pick: Pick) -> str:
    saved = f" (saved by {pick.saved})" if pick.saved else ""
    return f"{paper.title(pick.match.paper)}{saved}"
