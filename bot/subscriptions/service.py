"""What members say of their own digest: follow, unfollow, at which hour. Each change is one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.digests import taxonomy
from bot.errors import BadArgument, UnknownTag
from bot.library import papers, query
from bot.library.database import Database
from bot.library.expression import After, And, Before, Has, Node, Not, Or, Phrase, Term
from bot.model import Follow, FollowKind, Frequency, Subscription
from bot.subscriptions import members
from bot.subscriptions.matching import LONGEST_PHRASE, LONGEST_SEARCH, NO_DAY, as_follow

MOST_FOLLOWS = 500  # a member's; past that a digest is no choice any more

QUOTES = "\"“”„«»'"
EMPTY_FOLLOW = 'Tell me what: a tag, `author:Name` or a `"phrase"`, as in `/papers follow Robotics`.'
NO_SEARCH = (
    f"I can't follow that search: it needs words, a tag or an author, at most {LONGEST_SEARCH} characters of"
    " them, and dates only beside the rest."
)


def read_follow(text: str, known: Collection[str]) -> Follow:
    """`Robotics`, `tag:nlp`, `author:Yi Peng`, `"world model"`, `robots -tag:audio` → a Follow.

    `known` are tags seen in the library. UnknownTag names the nearest ones; BadArgument the rest.
    """
    asked = text.strip()
    kind, _, name = asked.partition(":")
    if kind.lower() == "search":
        return _search(name, known)
    if _combines(query.parse(asked, today=NO_DAY, known=None).root):
        return _search(asked, known)
    if kind.lower() == "author":
        return Follow(FollowKind.AUTHOR, _short(name))
    if kind.lower() == "tag":
        asked = name.strip()
    elif len(asked) > 1 and asked[0] in QUOTES and asked[-1] in QUOTES and asked.strip(QUOTES + " "):
        return Follow(FollowKind.PHRASE, _short(asked))
    if not asked.strip(QUOTES + " "):
        raise BadArgument(EMPTY_FOLLOW)
    try:
        return Follow(FollowKind.TAG, taxonomy.resolve(asked.strip(QUOTES + " "), known))
    except UnknownTag:
        if kind.lower() == "tag" and not query.parse(text, today=NO_DAY, known=known).unknown:
            return _search(text, known)  # `tag:audio robots`
        raise


def _combines(node: Node) -> bool:
    """Whether it says more than one name can, of a tag or of an author: those may have several words."""
    first, *others = node.nodes if isinstance(node, And) and node.nodes else (node,)
    return (
        isinstance(first, Not | Or | Has | After | Before)
        or (isinstance(first, Phrase) and bool(others))
        or any(not isinstance(other, Term) for other in others)
    )


def _search(text: str, known: Collection[str]) -> Follow:
    asked = query.parse(text, today=NO_DAY, known=known)
    if asked.unknown:
        raise asked.unknown[0]
    follow = as_follow(asked)
    if follow is None:
        raise BadArgument(NO_SEARCH)
    return follow


def _short(text: str) -> str:
    value = " ".join(text.strip(QUOTES + " ").split())
    if not value:
        raise BadArgument(EMPTY_FOLLOW)
    if len(value) > LONGEST_PHRASE:
        raise BadArgument(f"That is too long to follow; {LONGEST_PHRASE} characters are the most.")
    return value


@dataclass(frozen=True, slots=True)
class Subscriptions:
    database: Database

    async def of(self, workspace: str, member: str) -> Subscription:
        """What this member follows; one who never followed anything has the defaults."""
        async with self.database.read() as conn:
            return await members.get(conn, workspace, member) or Subscription(workspace, member)

    async def follow(
        self, workspace: str, member: str, text: str, *, timezone: str, now: dt.datetime
    ) -> tuple[Subscription, Follow]:
        """Follow what `text` names. The first follow turns the daily digest on."""
        async with self.database.begin() as conn:
            wanted = read_follow(text, [tag for tag, _ in await papers.tags(conn)])
            old = await members.get(conn, workspace, member) or Subscription(workspace, member)
            if len(old.follows) >= MOST_FOLLOWS and wanted not in old.follows:
                raise BadArgument(f"You follow {MOST_FOLLOWS} things already; unfollow one first.")
            follows = old.follows if _has(old, wanted) else (*old.follows, wanted)
            new = replace(old, follows=follows, timezone=timezone)
            await members.put(conn, new, now)
            return new, wanted

    async def unfollow(
        self, workspace: str, member: str, text: str, *, now: dt.datetime
    ) -> tuple[Subscription, Follow]:
        """Stop following what `text` names, however it is written; BadArgument where it is not followed."""
        async with self.database.begin() as conn:
            old = await members.get(conn, workspace, member) or Subscription(workspace, member)
            gone = _named(old, text)
            new = replace(old, follows=tuple(one for one in old.follows if one != gone))
            await members.put(conn, new, now)
            return new, gone

    async def set_digest(
        self,
        workspace: str,
        member: str,
        *,
        frequency: Frequency,
        at: dt.time | None,
        timezone: str,
        now: dt.datetime,
    ) -> Subscription:
        """How often and when; `at` None keeps the hour."""
        async with self.database.begin() as conn:
            old = await members.get(conn, workspace, member) or Subscription(workspace, member)
            new = replace(old, frequency=frequency, at=at or old.at, timezone=timezone)
            await members.put(conn, new, now)
            return new


def _has(subscription: Subscription, wanted: Follow) -> bool:
    """Whether it is followed, in whatever case it was typed."""
    return any(
        one.kind is wanted.kind and one.value.casefold() == wanted.value.casefold()
        for one in subscription.follows
    )


def _named(subscription: Subscription, text: str) -> Follow:
    """The follow that `text` names: as it was typed, or as `following` shows it."""
    asked = text.strip()
    typed = {asked.casefold(), asked.strip(QUOTES + " ").casefold()}
    for one in subscription.follows:
        names = (one.value, f"{one.kind.value}:{one.value}", f"{one.kind.value} {one.value}")
        if not typed.isdisjoint(map(str.casefold, names)):
            return one
    followed = [one.value for one in subscription.follows if one.kind is FollowKind.TAG]
    wanted = read_follow(asked, followed)
    if wanted in subscription.follows:
        return wanted
    raise BadArgument(f"You don't follow {wanted.value}. `/papers following` lists what you do.")
