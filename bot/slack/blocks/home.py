"""The App Home: the newest papers first, then what is the member's own; useful before anything is set up."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields

from bot.model import EVERY_DAY, Feed, Follow, FollowKind, Message, Saved, StoredPaper, Subscription
from bot.slack import ids
from bot.slack.blocks import following, pages, paper, saved, schedule
from bot.slack.blocks import help as usage
from bot.slack.blocks.feed_words import reason
from bot.slack.blocks.help import EMPTY_LIBRARY, Examples, command
from bot.slack.blocks.kit import (
    Block,
    actions,
    bullets,
    button,
    context,
    divider,
    header,
    mrkdwn,
    plain,
    rich,
    section,
)
from bot.slack.ids import Action, Search
from bot.slack.text import DAYS, clean, code, count, escape, long_day, moment, shorten
from bot.subscriptions import hours

PAPERS = 15
FOLLOWS = 15  # a page
SAVED = 5
FEEDS = 10
NAME = 100  # characters of what one follows
SAID = 8  # blocks
CAPTIONS = {
    FollowKind.TAG: "Tags",
    FollowKind.AUTHOR: "Authors",
    FollowKind.PHRASE: "Phrases",
    FollowKind.SEARCH: "Searches",
}
INTRO = (
    "*Paperboy reads the day’s AI papers so that you need not read them all.*\n"
    "Follow a topic, a person or a phrase, and what is new of it comes to you once a day, by direct message."
)


@dataclass(frozen=True, slots=True)
class Place:
    """How far each list is turned: the view carries it from one drawing to the next."""

    follows: int = 0
    saved: int = 0
    feeds: int = 0

    def as_text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, text: str) -> Place:
        """Of what comes back: anything may."""
        try:
            found = json.loads(text)
        except ValueError:
            return cls()
        known = {name.name for name in fields(cls)}
        if not isinstance(found, dict):
            return cls()
        return cls(**{k: v for k, v in found.items() if k in known and type(v) is int and 0 <= v < 10**9})

    def turned(self, name: str, offset: int) -> Place:
        return Place.of(json.dumps(asdict(self) | {name: offset}))


@dataclass(frozen=True, slots=True)
class Content:
    """What a Home shows to one member."""

    day: dt.date | None = None  # the newest digest's
    papers: Sequence[StoredPaper] = ()
    subscription: Subscription | None = None  # None: this member never chose anything
    next_at: dt.datetime | None = None  # when their digest comes
    saved: Saved = Saved()  # noqa: RUF009 - frozen
    feeds: Sequence[Feed] = ()
    searches: Sequence[str] = ()
    examples: Examples = EMPTY_LIBRARY
    timezone: str = "UTC"


def render(
    content: Content, place: Place = Place(), said: Message | None = None, *, now: dt.datetime
) -> Block:
    """A view for `views.publish`. `said`: what the press did that it is drawn anew for."""
    known = content.subscription or Subscription("", "", timezone=content.timezone)
    place = within(place, content, known)
    parts = [
        [dict(block) for block in said.blocks[:SAID]] if said else [],
        introduction(content) if content.subscription is None else [],
        newest(content),
        digest(known, content.next_at),
        follows(known, place, content.examples),
        kept(content.saved),
        channels(content, place, now),
        searches(content.searches),
        [header("What you can type"), *(section(mrkdwn(one)) for one in usage.usage(content.examples))],
    ]
    blocks = [block for part in parts if part for block in (*part, divider())][:-1]
    return {"type": "home", "blocks": blocks, "private_metadata": place.as_text()}


def within(place: Place, content: Content, known: Subscription) -> Place:
    """What was turned past the end (its last rows were just removed) goes back to the last page."""
    return Place(
        follows=pages.clamped(place.follows, len(known.follows), FOLLOWS),
        saved=content.saved.offset,
        feeds=pages.clamped(place.feeds, len(content.feeds), FEEDS),
    )


def broken(message: Message) -> Block:
    """Where nothing can be drawn but what went wrong."""
    blocks = [*message.blocks, context(mrkdwn("Leave this tab and come back to try again."))]
    return {"type": "home", "blocks": [dict(block) for block in blocks]}


# --- its parts, from top to bottom ------------------------------------------------------------------


def introduction(content: Content) -> list[Block]:
    tag = usage.shown(content.examples.tag)
    first = button(f"Follow {tag}", Action.FOLLOWING_ADD, ids.follow(Follow(FollowKind.TAG, tag)))
    buttons = [first | {"style": "primary"}]
    if content.day and content.papers:
        buttons.append(_read(content.day, "Read today’s summaries", "first"))
    buttons.append(_look("first"))
    return [section(mrkdwn(INTRO)), actions(*buttons)]


def newest(content: Content) -> list[Block]:
    if content.day and not content.papers:
        nothing = "No papers of this day for you. Those that you hid, a search still finds."
        return [header(long_day(content.day)), context(plain(nothing))]
    if content.day is None:
        return [
            header("No papers yet"),
            context(plain("They appear here as soon as the first digest is read.")),
        ]
    lines = [paper.line(stored, paper.top_tag(stored)) for stored in content.papers[:PAPERS]]
    more = len(content.papers) - PAPERS
    number = count(len(content.papers), "paper") + (f", the first {PAPERS} of them here" if more > 0 else "")
    read = "Read the summaries" if more <= 0 else f"Read all {len(content.papers)} with summaries"
    return [
        header(long_day(content.day)),
        context(plain(number)),
        rich(bullets(lines)),
        *([actions(_read(content.day, read), _look())] if content.subscription else []),
    ]


def digest(subscription: Subscription, next_at: dt.datetime | None) -> list[Block]:
    when = schedule.sentence(subscription)
    said = [section(mrkdwn(escape(when)))]
    if next_at:
        style = "The next one: {date_short_pretty} at {time}"
        said.append(context(mrkdwn(moment(next_at, style, subscription.timezone))))
    return [header("Your digest"), *said, schedule.controls(subscription)]


def follows(subscription: Subscription, place: Place, examples: Examples) -> list[Block]:
    title = header("What you follow")
    new = button("Follow something…", Action.FOLLOWING_NEW, "new")
    if not subscription.follows:
        start = f"Nothing yet. {command(usage.following(examples)[0][0])} brings you its papers once a day."
        return [title, section(mrkdwn(start)), actions(new)]
    everything = following.grouped(subscription.follows)
    page = everything[place.follows : place.follows + FOLLOWS]
    turns = _turns("follows", place.follows, len(everything), FOLLOWS, "what you follow")
    below = actions(*turns, new, following.clear(subscription))
    span = _span(place.follows, len(page), len(everything), "thing") if len(everything) > 1 else []
    return [title, *span, *_captioned(page), below]


def _captioned(page: Sequence[Follow]) -> Iterator[Block]:
    caption = None
    for one in page:
        if one.kind is not caption:
            caption = one.kind
            yield context(plain(CAPTIONS[caption]))
        yield following.row(one, shorten(clean(one.value), NAME))


def kept(page: Saved) -> list[Block]:
    title = header("Saved papers")
    if not page.papers:
        return [title, context(plain("Nothing yet. The Save button under a paper keeps it here."))]
    turns = _turns("saved", page.offset, page.total, SAVED, "what you saved")
    span = _span(page.offset, len(page.papers), page.total, "paper")
    return [title, *span, *map(saved.row, page.papers), actions(*turns, *saved.exports())]


def channels(content: Content, place: Place, now: dt.datetime) -> list[Block]:
    title = header("Feeds of this workspace")
    if not content.feeds:
        start = f"No channel has one yet. Invite me to a channel, and type {command('feed')} there."
        return [title, context(mrkdwn(start))]
    page = content.feeds[place.feeds : place.feeds + FEEDS]
    rows = [_feed(one, content.timezone, now) for one in page]
    turns = _turns("feeds", place.feeds, len(content.feeds), FEEDS, "the feeds")
    span = _span(place.feeds, len(page), len(content.feeds), "channel")
    return [title, *span, *rows, *([actions(*turns)] if turns else [])]


def _feed(feed: Feed, timezone: str, now: dt.datetime) -> Block:
    """`#papers · robots -tag:Audio · at 9:00 AM · Mon, Fri · paused`, the hour by the reader's clock."""
    when = "as soon as papers come"
    if feed.post_at:
        when = f"at {moment(hours.next_moment(feed.post_at, feed.timezone, now), '{time}', timezone)}"
    days = "" if feed.weekdays == EVERY_DAY else ", ".join(DAYS[day][:3] for day in feed.weekdays)
    chosen = code(shorten(clean(feed.filter), 60)) if feed.filter else "all papers"
    paused = f"paused: {reason(feed.paused)}" if feed.paused else ""
    said = "  ·  ".join(part for part in (chosen, when, days, paused) if part)
    show = button("Show", Action.FEED_SHOW, feed.channel, "Show this channel’s feed")
    return section(mrkdwn(f"<#{feed.channel}>  {said}"), show)


def searches(recent: Sequence[str]) -> list[Block]:
    if not recent:
        return []
    again = [
        button(
            shorten(clean(query), 40),
            ids.action(Action.SEARCH_PAGE, f"recent-{number}"),
            ids.search(Search(query)),
            f"Search again for {query}",
        )
        for number, query in enumerate(recent)
    ]
    return [header("Recent searches"), actions(*again, button("Clear", Action.SEARCHES_CLEAR, "clear"))]


# --- what they share --------------------------------------------------------------------------------


def _read(day: dt.date, label: str, suffix: str = "home") -> Block:
    return button(label, ids.action(Action.DAY_PAGE, suffix), ids.page(0, day.isoformat()))


def _look(suffix: str = "home") -> Block:
    return button("Search papers…", ids.action(Action.SEARCH_NEW, suffix), "new")


def _span(offset: int, shown: int, total: int, noun: str) -> list[Block]:
    if shown == total:
        return [context(plain(count(total, noun)))]
    return [context(plain(f"{offset + 1:,}–{offset + shown:,} of {total:,}"))]


def _turns(name: str, offset: int, total: int, size: int, what: str) -> list[Block]:
    found = []
    if offset > 0:
        back = f"{name}:{max(offset - size, 0)}"
        action_id = ids.action(Action.HOME_PAGE, f"{name}-prev")
        found.append(button("Previous", action_id, back, f"Previous page of {what}"))
    if offset + size < total:
        action_id = ids.action(Action.HOME_PAGE, f"{name}-next")
        found.append(button("Next", action_id, f"{name}:{offset + size}", f"Next page of {what}"))
    return found
