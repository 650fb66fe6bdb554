"""What members say of their own digest: follow, unfollow, at which hour. Each change is one transaction."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests import taxonomy
from bot.errors import BadArgument, BotError, UnknownTag
from bot.library import papers, query, words
from bot.library.database import Database
from bot.library.expression import After, And, Before, Has, Node, Not, Or, Phrase, Term
from bot.model import Follow, FollowKind, Frequency, Subscription
from bot.subscriptions import hours, members
from bot.subscriptions.matching import LONGEST_PHRASE, LONGEST_SEARCH, as_follow, dates

MOST_FOLLOWS = 500  # a member's; past that a digest is no choice any more
TOO_MANY = f"{MOST_FOLLOWS} things are the most that one can follow; unfollow some first."

KINDS: dict[str, Collection[FollowKind]] = {
    "all": tuple(FollowKind),
    "everything": tuple(FollowKind),
    "tags": (FollowKind.TAG,),
    "authors": (FollowKind.AUTHOR,),
    "phrases": (FollowKind.PHRASE,),
    "searches": (FollowKind.SEARCH,),
}
NOTHING_OF = {kind: f"no {kind}" for kind in KINDS} | dict.fromkeys(("all", "everything"), "nothing")
LISTED = re.compile(r"""(?:"[^"]*"|“[^”]*”|[^,"“])+|["“]""")  # what commas part, quotes kept whole

QUOTES = "\"“”„«»'"
EMPTY_FOLLOW = 'Tell me what: a tag, `author:Name` or a `"phrase"`. `/papers help` has examples.'
NO_SEARCH = (
    f"I can't follow that search: it needs words, a tag or an author, at most {LONGEST_SEARCH} characters of"
    " them, and dates only beside the rest."
)


# What is in no tag's and no author's name, whatever stands behind it.
FIELD = re.compile(r"(?<![^\s(|-])(?:has|after|before):", re.IGNORECASE)
NO_DATES = "A follow is about papers to come, so it takes no dates from a search."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a member's words ask to follow."""

    follow: Follow
    notes: tuple[str, ...] = ()  # for people: what was read otherwise than it was written


def read_follow(text: str, known: Collection[str], today: dt.date) -> Wanted:
    """`Robotics`, `tag:nlp`, `author:Yi Peng`, `"world model"`, `robots -tag:audio` → a Follow.

    `known` are tags seen in the library; by `today` notes name days, which no follow holds. UnknownTag names
    the nearest tags; BadArgument says the rest.
    """
    asked = text.strip()
    kind, _, name = asked.partition(":")
    if kind.lower() == "search":
        return _search(name, known, today)
    if FIELD.search(asked) or _combines(query.parse(asked, today=today, known=None).root):
        return _search(asked, known, today)
    if kind.lower() == "author":
        return Wanted(Follow(FollowKind.AUTHOR, _short(name)))
    if kind.lower() == "tag":
        asked = name.strip()
    elif len(asked) > 1 and asked[0] in QUOTES and asked[-1] in QUOTES and asked.strip(QUOTES + " "):
        return Wanted(Follow(FollowKind.PHRASE, _short(asked)))
    if not asked.strip(QUOTES + " "):
        raise BadArgument(EMPTY_FOLLOW)
    try:
        return Wanted(Follow(FollowKind.TAG, taxonomy.resolve(asked.strip(QUOTES + " "), known)))
    except UnknownTag:
        if kind.lower() == "tag" and not query.parse(text, today=today, known=known).unknown:
            return _search(text, known, today)  # `tag:audio robots`
        raise


def readings(text: str) -> tuple[Follow, ...]:
    """What words that name no tag may mean: a person, a phrase."""
    bare = " ".join("".join(char for char in text if char not in QUOTES).split())
    if not words.words(bare) or len(bare) > LONGEST_PHRASE:
        return ()
    return Follow(FollowKind.AUTHOR, bare), Follow(FollowKind.PHRASE, bare)


def _combines(node: Node) -> bool:
    """Whether it says more than one name can, of a tag or of an author: those may have several words."""
    first, *others = node.nodes if isinstance(node, And) and node.nodes else (node,)
    return (
        isinstance(first, Not | Or | Has | After | Before)
        or (isinstance(first, Phrase) and bool(others))
        or any(not isinstance(other, Term) for other in others)
    )


def _search(text: str, known: Collection[str], today: dt.date) -> Wanted:
    asked = query.parse(text, today=today, known=known)
    if asked.unknown:
        raise asked.unknown[0]
    follow = as_follow(asked)
    if follow is None:
        raise BadArgument(" ".join([*asked.notes, NO_SEARCH]))
    return Wanted(follow, (*asked.notes, *([NO_DATES] if dates(asked) else [])))


def _short(text: str) -> str:
    value = " ".join(text.strip(QUOTES + " ").split())
    if not value:
        raise BadArgument(EMPTY_FOLLOW)
    if len(value) > LONGEST_PHRASE:
        raise BadArgument(f"That is too long to follow; {LONGEST_PHRASE} characters are the most.")
    return value


@dataclass(frozen=True, slots=True)
class Change:
    """What a member's words did: `follows` came or went, `at` that moment. It may be none."""

    before: Subscription
    after: Subscription
    follows: tuple[Follow, ...]
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Timing:
    """How often a digest comes and when; None keeps what there is."""

    frequency: Frequency | None = None
    weekday: int | None = None  # Monday is 0
    at: dt.time | None = None


@dataclass(frozen=True, slots=True)
class Subscriptions:
    database: Database

    async def of(self, workspace: str, member: str) -> Subscription:
        """What this member follows; one who never followed anything has the defaults."""
        return await self.known(workspace, member) or Subscription(workspace, member)

    async def known(self, workspace: str, member: str) -> Subscription | None:
        """None: this member never chose anything."""
        async with self.database.read() as conn:
            return await members.get(conn, workspace, member)

    async def follow(
        self, workspace: str, member: str, text: str, *, timezone: str, now: dt.datetime
    ) -> tuple[Change, Wanted]:
        """Follow what `text` names, which is in the change only where it is new. The first follow turns
        the daily digest on."""
        async with self.database.begin() as conn:
            tags = [tag for tag, _ in await papers.tags(conn)]
            wanted = read_follow(text, tags, hours.local_day(now, timezone))
            old = await members.hold(conn, workspace, member)
            new = () if _has(old, wanted.follow) else (wanted.follow,)
            return await _add(conn, replace(old, timezone=timezone), new, now), wanted

    async def unfollow(self, workspace: str, member: str, text: str, *, now: dt.datetime) -> Change:
        """Stop following what `text` names: one thing, several with commas, a kind ("tags") or "all".
        BadArgument where it is not followed."""
        async with self.database.begin() as conn:
            old = await members.hold(conn, workspace, member)
            gone = named(old, text, hours.local_day(now, old.timezone))
            new = replace(old, follows=tuple(one for one in old.follows if one not in gone))
            await members.put(conn, new, now)
            return Change(old, new, gone, now)

    async def follow_again(
        self, workspace: str, member: str, ended_at: dt.datetime, *, now: dt.datetime
    ) -> Change:
        """Bring back what was unfollowed at that moment."""
        async with self.database.begin() as conn:
            back = tuple(await members.ended(conn, workspace, member, ended_at))
            return await _add(conn, await members.hold(conn, workspace, member), back, now)

    async def set_digest(
        self, workspace: str, member: str, wanted: Timing, *, timezone: str, now: dt.datetime
    ) -> Subscription:
        async with self.database.begin() as conn:
            old = await members.hold(conn, workspace, member)
            new = replace(
                old,
                frequency=wanted.frequency or _turned_on(old.frequency),
                weekday=old.weekday if wanted.weekday is None else wanted.weekday,
                at=wanted.at or old.at,
                timezone=timezone,
            )
            await members.put(conn, new, now)
            return new


def _turned_on(frequency: Frequency) -> Frequency:
    """Who names an hour wants a digest."""
    return Frequency.DAILY if frequency is Frequency.OFF else frequency


async def _add(
    conn: AsyncConnection, old: Subscription, follows: Sequence[Follow], now: dt.datetime
) -> Change:
    added = tuple(one for one in follows if one not in old.follows)
    if added and len(old.follows) + len(added) > MOST_FOLLOWS:
        raise BadArgument(TOO_MANY)
    new = replace(old, follows=(*old.follows, *added))
    await members.put(conn, new, now)
    return Change(old, new, added, now)


def named(subscription: Subscription, text: str, today: dt.date) -> tuple[Follow, ...]:
    """What of the followed `text` names: a name may hold commas, so the whole is tried first."""
    asked = text.strip()
    if (kind := asked.casefold()) in KINDS:
        found = tuple(one for one in subscription.follows if one.kind in KINDS[kind])
        if not found:
            raise BadArgument(f"You follow {NOTHING_OF[kind]}. `/papers following` lists what you do.")
        return found
    try:
        return (_named(subscription, asked, today),)
    except BotError:
        parts = [part for one in LISTED.finditer(asked) if (part := one[0].strip())]
        if len(parts) < 2:
            raise
        return tuple(dict.fromkeys(_named(subscription, part, today) for part in parts))


def _has(subscription: Subscription, wanted: Follow) -> bool:
    """Whether it is followed, in whatever case it was typed."""
    return any(
        one.kind is wanted.kind and one.value.casefold() == wanted.value.casefold()
        for one in subscription.follows
    )


def _named(subscription: Subscription, text: str, today: dt.date) -> Follow:
    """The follow that `text` names: as it was typed, or as `following` shows it."""
    asked = text.strip()
    typed = {asked.casefold(), asked.strip(QUOTES + " ").casefold()}
    for one in subscription.follows:
        names = (one.value, f"{one.kind.value}:{one.value}", f"{one.kind.value} {one.value}")
        if not typed.isdisjoint(map(str.casefold, names)):
            return one
    followed = [one.value for one in subscription.follows if one.kind is FollowKind.TAG]
    wanted = read_follow(asked, followed, today).follow
    if wanted in subscription.follows:
        return wanted
    raise BadArgument(f"You don't follow {wanted.value}. `/papers following` lists what you do.")
