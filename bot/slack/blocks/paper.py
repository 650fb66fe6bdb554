"""A paper as a card, a brief card, a line or a name.

All of it is from outside, so it stands in rich_text and plain_text; only links to code and models are
mrkdwn, under labels of our own. Whatever a paper says, its card weighs at most CARD, and five lines of any
papers fit a message.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from urllib.parse import urlsplit

from bot.model import Follow, FollowKind, StoredPaper
from bot.slack import ids, limits
from bot.slack.blocks import marks
from bot.slack.blocks.kit import (
    Block,
    actions,
    anchor,
    bullets,
    button,
    context,
    grouped,
    mrkdwn,
    overflow,
    plain,
    rich,
    run,
    words,
)
from bot.slack.ids import Action, Deed
from bot.slack.text import authors, clean, clip, link, linkable, short_day, shorten

TITLE = 300  # characters
LINE_TITLE = 120
NAME = 40
CREDITS = 200
POINTS = 3_000  # weight; the longest of 224 real summaries has 1,424 characters
BRIEF_POINT = 240
FRAME = 100  # weight of the list around the points
CARD = 8_800  # weight
LINKS = 2  # of a kind
NAMED = 60  # weight; a longer tag is none that could be followed, and a longer name is a list of them
TAGS = 13  # in the menu
AUTHORS = 3  # in the menu
PLACES = {"datasets": "Dataset", "spaces": "Demo", "papers": "Discussion"}  # on huggingface.co


def title(stored: StoredPaper, limit: int = TITLE) -> str:
    return shorten(clean(stored.paper.title), limit) or "Untitled"


def name(stored: StoredPaper) -> str:
    """What people call it: `BitNet v2` of `BitNet v2: Native 4-bit Activations …`."""
    whole = title(stored)
    short, colon, _ = whole.partition(": ")
    return short if colon and 2 < len(short) <= NAME else shorten(whole, NAME)


def top_tag(stored: StoredPaper) -> str:
    return next(iter(tags(stored)), "")


def tags(stored: StoredPaper) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for tag in map(clean, stored.paper.tags) if tag))


def card(stored: StoredPaper, because: str = "", room: int = CARD) -> list[Block]:
    """The whole paper: title, authors, points, tags and links, actions; what it weighs at most."""
    head = [rich(run(anchor(stored.paper.url, title(stored), bold=True)))]
    head += byline(because, authors(stored.paper.authors))
    foot = [*labels(stored), buttons(stored)]
    return [*head, *points(stored, min(POINTS, room - limits.weight(head) - limits.weight(foot))), *foot]


def brief(stored: StoredPaper, matched: Collection[str] = ()) -> list[Block]:
    """A paper among others: the day it came, and what it says of the words that were searched for.

    `matched` is written as library/words.py does; these are in bold. Without them, the first point.
    """
    by, labelled = ", ".join(map(clean, stored.paper.authors)), ", ".join(tags(stored))
    reason = marks.reason([*said(stored), by, labelled], matched, BRIEF_POINT)
    text = [words("\n"), *marks.bold(reason, matched)] if reason else []
    return [
        rich(run(*headline(stored, matched), *text)),
        *byline(short_day(stored.date), authors(stored.paper.authors), ", ".join(tags(stored))),
        buttons(stored),
    ]


def headline(stored: StoredPaper, matched: Collection[str]) -> list[Block]:
    if not matched:
        return [anchor(stored.paper.url, title(stored), bold=True)]
    return marks.bold_link(stored.paper.url, title(stored), matched)


def line(stored: StoredPaper, note: str = "") -> Block:
    """A section of a rich_text list: the linked title and a word on it."""
    tail = [words(f" · {shorten(clean(note), 80)}", italic=True)] if clean(note) else []
    return run(anchor(stored.paper.url, title(stored, LINE_TITLE)), *tail)


def spoken(stored: StoredPaper) -> list[str]:
    """The lines of a card for those who hear it."""
    by = authors(stored.paper.authors)
    return [f"{title(stored)}, by {by}" if by else title(stored), *said(stored)]


def said(stored: StoredPaper) -> Iterator[str]:
    return (point for point in map(clean, stored.paper.summary) if point)


def byline(*parts: str) -> list[Block]:
    """Small grey text; nothing where every part is empty."""
    shown = [shorten(part, CREDITS) for part in map(clean, parts) if part]
    return [context(plain(" · ".join(shown)))] if shown else []


def points(stored: StoredPaper, room: int) -> list[Block]:
    """A bullet a point, prose as prose; what does not fit ends with … and the way to the rest."""
    kept: list[Block] = []
    way = (words(" "), anchor(stored.paper.url, "Read on")) if linkable(stored.paper.url) else ()
    room -= limits.weight(way) + FRAME
    for point in said(stored):
        shown = clip(point, room)
        cut = shown != point
        kept.append(run(words(shown), *(way if cut else ())))
        room -= limits.weight(kept[-1])
        if cut:
            break
    if not kept:
        return []
    return [rich(kept[0] if len(kept) == 1 else bullets(kept))]


def labels(stored: StoredPaper) -> list[Block]:
    """Tags, and links to code and models."""
    shown = [plain(" · ".join(tags(stored)), CREDITS)] if tags(stored) else []
    links = " · ".join(resources(stored))
    if links:
        shown.append(mrkdwn(links))
    return [context(*shown)] if shown else []


def resources(stored: StoredPaper) -> Iterator[str]:
    """mrkdwn links, named by where they lead."""
    for urls in (stored.paper.github_urls, stored.paper.huggingface_urls):
        addresses = dict.fromkeys(filter(None, map(linkable, urls)))
        yield from (link(url, place(url)) for url in islice(addresses, LINKS))


def place(url: str) -> str:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if host == "huggingface.co":
        return PLACES.get(parts.path.strip("/").partition("/")[0], "Model")
    return "Code" if host in ("github.com", "gitlab.com") else "Project page"


def buttons(stored: StoredPaper) -> Block:
    """What people do with a paper, the most wanted first: a phone shows two or three in a row."""
    save = button("Save", Action.PAPER_SAVE, ids.paper(stored.id), f"Save {name(stored)}")
    like = button("More like this", Action.PAPER_LIKE, ids.paper(stored.id), f"More like {name(stored)}")
    return actions(save, like, *follow(stored), more(stored))


def follow(stored: StoredPaper) -> list[Block]:
    """A menu of what it could be followed by."""
    groups = {
        "Tag": _followed(FollowKind.TAG, tags(stored), TAGS),
        "Author": _followed(FollowKind.AUTHOR, map(clean, stored.paper.authors), AUTHORS),
    }
    return [grouped("Follow…", Action.PAPER_FOLLOW, groups)] if any(groups.values()) else []


def _followed(kind: FollowKind, names: Iterable[str], most: int) -> dict[str, str]:
    fit = dict.fromkeys(name for name in names if name and limits.weight(name) <= NAMED)
    return {name: ids.follow(Follow(kind, name)) for name in islice(fit, most)}


def more(stored: StoredPaper) -> Block:
    deeds = {"Share to channel…": Deed.SHARE, "Why this paper?": Deed.WHY, "Not for me": Deed.HIDE}
    return overflow(Action.PAPER_MORE, {shown: ids.deed(deed, stored.id) for shown, deed in deeds.items()})
