"""Action ids and what button values say: the words that blocks and listeners share.

A value comes back in a request, so every `read_*` takes any text and answers None to what no button said.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from bot.library.citations import Format
from bot.model import Follow, FollowKind, Frequency
from bot.slack import limits


class Action(StrEnum):
    """Each needs a listener: without one Slack shows a warning triangle."""

    PAPER_SAVE = "paper_save"  # value: paper
    PAPER_UNSAVE = "paper_unsave"  # value: paper
    PAPER_FOLLOW = "paper_follow_tag"  # a button's value or a menu's option: follow
    PAPER_MORE = "paper_more"  # a menu's option: deed and paper
    PAPER_UNHIDE = "paper_unhide"  # value: paper
    DAY_PAGE = "day_page"  # value: offset and day
    DAY_SHARE = "day_share"  # value: offset and day
    PAPER_LIKE = "paper_like"  # value: paper
    LIKE_PAGE = "like_page"  # value: offset and paper
    SEARCH_PAGE = "search_page"  # value: search
    SEARCH_SHARE = "search_share"  # value: search
    SEARCH_FOLLOW = "search_follow"  # value: follow
    FOLLOWING_ADD = "following_add"  # value: follow
    FOLLOWING_REMOVE = "following_remove"  # value: follow
    FOLLOWING_PAGE = "following_page"  # value: offset
    FOLLOWING_SHOW = "following_show"  # opens the list
    FOLLOWING_NEW = "following_new"  # opens a form
    FOLLOWING_CLEAR = "following_clear"  # value: what to stop following, as it would be typed
    FOLLOWING_RESTORE = "following_restore"  # value: moment at which it was stopped
    DIGEST_OFTEN = "digest_often"  # option: frequency
    DIGEST_WEEKDAY = "digest_weekday"  # option: weekday
    DIGEST_HOUR = "digest_hour"  # time of day
    DIGEST_PAUSE = "digest_pause"
    DIGEST_RESUME = "digest_resume"
    SAVED_PAGE = "saved_page"  # value: offset
    SAVED_EXPORT = "saved_export"  # value: format
    SEARCH_NEW = "search_new"  # opens a form
    SEARCHES_CLEAR = "searches_clear"
    HOME_PAGE = "home_page"  # value: which list of the Home, and offset
    FEED_SET = "feed_set"  # value: channel; opens the form
    FEED_SHOW = "feed_show"  # value: channel
    FEED_PREVIEW = "feed_preview"  # value: channel
    FEED_PAUSE = "feed_pause"  # value: channel
    FEED_RESUME = "feed_resume"  # value: channel
    FEED_REMOVE = "feed_remove"  # value: channel
    FEED_RESTORE = "feed_restore"  # value: channel
    FEED_LIST = "feed_list"  # value: offset
    FEED_PICK = "feed_pick"  # a select of channels
    FEED_FILTER = "feed_filter"  # in the form: either line of the filter
    FEED_WHEN = "feed_when"  # in the form: on arrival or at an hour
    FEED_DRAFT = "feed_draft"  # in the form: shows what it would bring
    FEED_ZONE = "feed_zone"  # in the form: time zones, as they are typed


class Deed(StrEnum):
    """What the menu ⋯ under a paper offers."""

    SHARE = "share"
    WHY = "why"
    HIDE = "hide"


class Form(StrEnum):
    """Callback ids of modals."""

    FEED = "feed"  # about: feed_form
    FOLLOW = "follow"
    SEARCH = "search"
    SHARE = "share_paper"  # about: paper


class Shortcut(StrEnum):
    """Callback ids of the manifest's shortcuts."""

    FIND_PAPER = "find_paper"


def action(kind: Action, suffix: str) -> str:
    """An id of its own for a second element of one kind in a block: `search_page:next`."""
    return f"{kind}:{suffix}"


def pattern(kind: Action) -> re.Pattern[str]:
    """What a listener matches: the action with any suffix."""
    return re.compile(rf"{kind}(:.*)?\Z")


def paper(paper_id: int) -> str:
    return str(paper_id)


def read_paper(value: str) -> int | None:
    return int(value) if re.fullmatch(r"[0-9]{1,18}", value) else None


def deed(kind: Deed, paper_id: int) -> str:
    return f"{kind}:{paper_id}"


def read_deed(value: str) -> tuple[Deed, int] | None:
    kind, _, paper_id = value.partition(":")
    known = read_paper(paper_id)
    return (Deed(kind), known) if known is not None and kind in set(Deed) else None


def follow(follow: Follow) -> str:
    return f"{follow.kind}:{follow.value}"


def read_follow(value: str) -> Follow | None:
    kind, _, name = value.partition(":")
    try:
        return Follow(FollowKind(kind), name) if name else None
    except ValueError:
        return None


def read_channel(value: str) -> str | None:
    """A channel's id; direct messages have no feeds."""
    return value if re.fullmatch(r"[CG][A-Z0-9]{2,30}", value) else None


def read_member(value: str) -> str | None:
    """A member's id, safe to be mentioned by."""
    return value if re.fullmatch(r"[UW][A-Z0-9]{2,30}", value) else None


@dataclass(frozen=True, slots=True)
class FeedForm:
    """What a feed's form was opened on."""

    channel: str
    version: str = ""  # of the feed that it showed; "": there was none
    general: bool = False  # the channel is the one where everybody is
    outside: bool = False  # the bot can't post there before it is invited


def feed_form(one: FeedForm) -> str:
    return f"{one.channel}:{one.version}:{'g' * one.general}{'o' * one.outside}"


def read_feed_form(about: str) -> FeedForm | None:
    found = re.fullmatch(r"([CG][A-Z0-9]{2,30}):([0-9a-f]{0,12}):(g?)(o?)", about)
    return FeedForm(found[1], found[2], bool(found[3]), bool(found[4])) if found else None


_BEHIND = "\nhome "


def window(about: str, home: str | None) -> str:
    """What a window carries: what it is about, and the place of the Home behind it, if there is one."""
    return about if home is None else f"{about}{_BEHIND}{home}"


def read_window(carried: str) -> tuple[str, str | None]:
    about, behind, home = carried.partition(_BEHIND)
    return about, home if behind else None


def page(offset: int, of: str = "") -> str:
    """Where to go on, and in what: a query, a day, or the member's own list."""
    return f"{offset}:{of}"[: limits.BUTTON_VALUE]


def read_page(value: str) -> tuple[int, str] | None:
    offset, separator, of = value.partition(":")
    if not separator or not re.fullmatch(r"[0-9]{1,9}", offset):
        return None
    return int(offset), of


@dataclass(frozen=True, slots=True)
class Search:
    """A search as its buttons carry it, so that any of them goes on from it, also after a restart."""

    query: str
    offset: int = 0
    newest: bool = False  # the newest first, instead of the best
    verbatim: bool = False  # as it was typed, without corrections


def search(one: Search) -> str:
    how = "n" * one.newest + "v" * one.verbatim
    return f"{one.offset}{how}:{one.query}"[: limits.BUTTON_VALUE]


def read_search(value: str) -> Search | None:
    start, separator, query = value.partition(":")
    found = re.fullmatch(r"([0-9]{1,9})(n?)(v?)", start)
    if not separator or not found:
        return None
    return Search(query, int(found[1]), newest=bool(found[2]), verbatim=bool(found[3]))


def moment(when: dt.datetime) -> str:
    return when.astimezone(dt.UTC).isoformat()


def read_moment(value: str) -> dt.datetime | None:
    try:
        when = dt.datetime.fromisoformat(value)
    except ValueError:
        return None
    return when if when.tzinfo else None


def read_frequency(value: str) -> Frequency | None:
    return Frequency(value) if value in tuple(Frequency) else None


def read_weekday(value: str) -> int | None:
    return int(value) if re.fullmatch("[0-6]", value) else None


def read_format(value: str) -> Format | None:
    return Format(value) if value in tuple(Format) else None


def read_list(value: str) -> tuple[str, int] | None:
    """Which list of the Home, and an offset in it."""
    name, _, offset = value.partition(":")
    return (name, int(offset)) if re.fullmatch("[0-9]{1,9}", offset) else None


def read_like(value: str) -> tuple[int, int] | None:
    """Offset and paper."""
    found = read_page(value)
    paper_id = read_paper(found[1]) if found else None
    return None if found is None or paper_id is None else (found[0], paper_id)


def read_day(value: str) -> tuple[int, dt.date] | None:
    """`read_page` where the list is a day."""
    found = read_page(value)
    try:
        return (found[0], dt.date.fromisoformat(found[1])) if found else None
    except ValueError:
        return None
