"""A day's papers for a channel, in three layouts, in as many messages as Slack's limits demand.

`thread`: the list of titles, and each paper a reply. `full`: one card after another. `compact`: what people
call the papers, run together. What outgrows its message goes on in the next one, "(2 of 3)".
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import TypeVar

from bot.model import EVERY_DAY, Feed, Layout, Message, StoredPaper
from bot.slack import ids, limits
from bot.slack.blocks import paper
from bot.slack.blocks.kit import (
    Block,
    anchor,
    button,
    context,
    divider,
    header,
    mrkdwn,
    numbered,
    plain,
    rich,
    run,
    section,
    words,
)
from bot.slack.blocks.part import Part
from bot.slack.ids import Action
from bot.slack.text import DAYS, clean, count, escape, long_day, shorten, spoken

TOPICS = 3
CARDS = 8  # in a message: six blocks each
NAMES = 60  # in a message
OPENING = 1_000  # the most that the blocks above the papers weigh

SEPARATOR = words("  ·  ")

T = TypeVar("T")
Opening = Callable[[str, str], list[Block]]  # heading, what the day has
Body = Callable[[list[T], int], list[Block]]  # papers in one shape, the number of the first


def render(
    digest_date: dt.date,
    source: str,
    papers: Sequence[StoredPaper],
    layout: Layout,
    *,
    filter: str = "",  # noqa: A002 - what feeds and settings call it
    total: int | None = None,
) -> tuple[Part, ...]:
    """The channel's posts, in order. `total` is how many papers the day had before the filter."""
    if not papers:
        return (empty(digest_date, source, filter=filter, total=total or 0),)
    summary = about(source, papers, filter, total or len(papers))
    post = {Layout.THREAD: thread, Layout.FULL: full, Layout.COMPACT: compact}[layout]
    return tuple(post(digest_date, summary, papers))


def empty(
    digest_date: dt.date,
    source: str,
    *,
    filter: str = "",  # noqa: A002 - what feeds and settings call it
    total: int = 0,
    coming: str = "",
) -> Part:
    """What a feed that wants a notice gets on a day with nothing for it; `coming`: when it posts again."""
    day = long_day(digest_date)
    if total:
        sentence = f"{day}: none of {count(total, 'paper')} matches “{shorten(clean(filter), 80)}”."
    else:
        sentence = f"{day}: no papers from {shorten(clean(source), 60)}."
    sentence = f"{sentence} {coming}".strip()
    return Part(Message(spoken(sentence), (context(plain(sentence)),)))


def coming(feed: Feed) -> str:
    """When it posts next, without a clock: the words are shared by all feeds with these hours."""
    if feed.post_at is None:
        return "The next comes with the next digest."
    days = "" if feed.weekdays == EVERY_DAY else f" on {', '.join(DAYS[day] for day in feed.weekdays)}"
    return f"The next comes at {feed.post_at:%H:%M} ({shorten(clean(feed.timezone), 40)}){days}."


def thread(day: dt.date, summary: str, papers: Sequence[StoredPaper]) -> Iterator[Part]:
    """The list of titles, what is left of it as the first replies, then a reply a paper."""
    lines = [(stored, paper.line(stored, paper.top_tag(stored))) for stored in papers]
    about = f"{summary} · summaries in the thread"
    for at, (message, _) in enumerate(messages(day, about, lines, len(lines), masthead, in_order)):
        yield Part(message, reply=at > 0)
    for stored in papers:
        first, *points = paper.spoken(stored)
        yield Part(Message(spoken(first, points), tuple(paper.card(stored))), (stored.id,), reply=True)


def full(day: dt.date, summary: str, papers: Sequence[StoredPaper]) -> Iterator[Part]:
    cards = [(stored, [*paper.card(stored), divider()]) for stored in papers]
    for message, carried in messages(day, summary, cards, CARDS, masthead, one_after_another):
        yield Part(message, carried)


def compact(day: dt.date, summary: str, papers: Sequence[StoredPaper]) -> Iterator[Part]:
    names = [(stored, [SEPARATOR, anchor(stored.paper.url, paper.name(stored))]) for stored in papers]
    for message, carried in messages(day, summary, names, NAMES, partial(top_line, day), run_together):
        yield Part(message, carried)


def messages(
    day: dt.date,
    summary: str,
    shapes: Sequence[tuple[StoredPaper, T]],
    most: int,
    opening: Opening,
    body: Body[T],
) -> Iterator[tuple[Message, tuple[int, ...]]]:
    """Papers in their shapes, under as many numbered headings as it takes; each with the ids it carries."""
    runs = limits.split(shapes, limits.MESSAGE - OPENING, most)
    start = 1
    for number, held in enumerate(runs, 1):
        heading = long_day(day) + (f" ({number} of {len(runs)})" if len(runs) > 1 else "")
        about = summary if number == 1 else ""
        blocks = (*opening(heading, about), *body([shape for _, shape in held], start))
        text = spoken(f"{heading}: {about}".rstrip(": "), [paper.title(stored) for stored, _ in held])
        yield Message(text, blocks), tuple(stored.id for stored, _ in held)
        start += len(held)


def masthead(heading: str, about: str) -> list[Block]:
    return [header(heading), *([context(plain(about))] if about else [])]


def top_line(day: dt.date, heading: str, about: str) -> list[Block]:
    """What there is in two lines, and the way to all of it beside them."""
    read = button(
        "Read here", Action.DAY_PAGE, ids.page(0, day.isoformat()), f"Read the papers of {long_day(day)}"
    )
    return [section(mrkdwn(f"*{heading}*  {escape(about)}".strip()), read)]


def in_order(lines: Sequence[Block], start: int) -> list[Block]:
    return [rich(numbered(lines, start))]


def one_after_another(cards: Sequence[list[Block]], _: int) -> list[Block]:
    return [*chain(*cards)][:-1]


def run_together(names: Sequence[list[Block]], _: int) -> list[Block]:
    return [rich(run(*[*chain(*names)][1:]))]


def about(source: str, papers: Sequence[StoredPaper], matching: str, total: int) -> str:
    """`9 of 15 papers match “…” · Multimodal 5, Robotics 3`."""
    number = count(len(papers), "paper")
    if matching and total > len(papers):
        matches = "matches" if len(papers) == 1 else "match"
        number = f"{len(papers)} of {count(total, 'paper')} {matches} “{shorten(clean(matching), 80)}”"
    elif clean(source):
        number = f"{number} from {shorten(clean(source), 60)}"
    tags = Counter(chain(*map(paper.tags, papers))).most_common(TOPICS)
    topics = ", ".join(f"{shorten(tag, 40)} {shared}" for tag, shared in tags if shared > 1)
    return f"{number} · {topics}" if topics else number
