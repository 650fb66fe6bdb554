"""What Paperboy answers: one function a command or button, from services to a message. No Slack calls."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.digests import taxonomy
from bot.errors import BadArgument
from bot.library.search.answering import Order
from bot.model import Follow, FollowKind, Message, StoredPaper
from bot.slack import commands, ids, limits
from bot.slack.blocks import following, notice, saved, search, similar, today
from bot.slack.blocks import help as usage
from bot.slack.commands import Command, NotUnderstood
from bot.slack.ids import Search
from bot.slack.services import Member, Services
from bot.slack.text import clean, clip
from bot.subscriptions.matching import as_follow

T = TypeVar("T")

NO_DIGEST = "There is no digest of that day. `/papers today` shows the newest."
NO_PAPERS = "No digest has come yet. The first one appears here as soon as it is read."
NO_WORDS = "Tell me what to look for: `/papers search` and a name, some words or an author."
LONG = "That is long; I searched for its beginning."
STALE = "That button is too old for me to read. Ask again with `/papers`."


async def command(services: Services, member: Member, text: str) -> Message:
    """What was typed after `/papers`. BotError carries the sentence where it can't be done."""
    asked = commands.read(text)
    if isinstance(asked, NotUnderstood):
        return usage.message(await examples(services), unknown=asked.word, suggestion=asked.nearest or "")
    return await _VERBS[asked.verb](services, member, asked)


async def _help(services: Services, member: Member, asked: Command) -> Message:
    return usage.message(await examples(services))


async def _today(services: Services, member: Member, asked: Command) -> Message:
    zone = ZoneInfo(await services.people.timezone(member.id))
    day = commands.read_day(asked.rest, services.clock().astimezone(zone).date())
    return await day_titles(services, day)


async def _search(services: Services, member: Member, asked: Command) -> Message:
    if not asked.rest:
        return notice.error(NO_WORDS)
    return await search_page(services, Search(asked.rest))


async def _follow(services: Services, member: Member, asked: Command) -> Message:
    return await follow(services, member, asked.rest)


async def _unfollow(services: Services, member: Member, asked: Command) -> Message:
    return await unfollow(services, member, asked.rest)


async def _following(services: Services, member: Member, asked: Command) -> Message:
    return await following_page(services, member, 0)


async def _digest(services: Services, member: Member, asked: Command) -> Message:
    if not asked.rest:
        return following.settings(await services.subscriptions.of(member.workspace, member.id))
    frequency, at = commands.read_digest(asked.rest)
    subscription = await services.subscriptions.set_digest(
        member.workspace,
        member.id,
        frequency=frequency,
        at=at,
        timezone=await services.people.timezone(member.id),
        now=services.clock(),
    )
    return following.settings(subscription)


async def _saved(services: Services, member: Member, asked: Command) -> Message:
    return await saved_page(services, member, 0)


_VERBS = {
    "help": _help,
    "today": _today,
    "search": _search,
    "follow": _follow,
    "unfollow": _unfollow,
    "following": _following,
    "digest": _digest,
    "saved": _saved,
}


# --- reading ------------------------------------------------------------------------------------


async def day_titles(services: Services, day: dt.date | None, shared_by: str | None = None) -> Message:
    """A day at a glance; None: the newest."""
    found = await _papers_of(services, day)
    return found if isinstance(found, Message) else today.titles(*found, shared_by=shared_by)


async def day_page(services: Services, day: dt.date, offset: int) -> Message:
    """One page of a day's papers, whole."""
    found = await _papers_of(services, day)
    return found if isinstance(found, Message) else today.page(*found, offset=offset)


async def _papers_of(services: Services, day: dt.date | None) -> tuple[dt.date, list[StoredPaper]] | Message:
    """A day with the papers of all its sources, each once; or what to say where there is none."""
    if day is None:
        digests = await services.library.newest(services.clock())
    else:
        digests = await services.library.on(day)
    if not digests:
        return notice.say(NO_PAPERS) if day is None else notice.error(NO_DIGEST)
    papers = {paper.id: paper for digest in digests for paper in digest.papers}
    return digests[0].date, list(papers.values())


async def search_page(services: Services, asked: Search, shared_by: str | None = None) -> Message:
    query = clip(clean(asked.query), limits.QUERY)
    page = await services.library.search(
        query,
        today=services.clock().date(),
        limit=search.PAGE,
        offset=asked.offset,
        order=Order.NEWEST if asked.newest else Order.BEST,
        verbatim=asked.verbatim,
    )
    found = search.Found(
        page.papers,
        total=page.results.total,
        many=page.results.many,
        ranked=any(hit.score for hit in page.results.hits),
        matched=page.matched,
        corrected=page.results.corrected,
        follow=as_follow(page.read),
        note=page.results.note if query == clean(asked.query) else f"{LONG} {page.results.note}",
    )
    live = usage.EMPTY_LIBRARY if page.papers else await examples(services)
    return search.page(replace(asked, query=query), found, shared_by=shared_by, examples=live)


async def similar_page(services: Services, paper_id: int, offset: int = 0) -> Message:
    like = _there(await services.library.paper(paper_id))
    page = await services.library.similar(paper_id, limit=similar.PAGE, offset=offset)
    found = page.results
    return similar.page(like, page.papers, total=found.total, many=found.many, offset=offset)


async def examples(services: Services) -> usage.Examples:
    """Live ones: what the newest papers would answer."""
    digests = await services.library.newest(services.clock())
    papers = [paper.paper for digest in digests for paper in digest.papers]
    if not papers:
        return usage.EMPTY_LIBRARY
    query = papers[0].title.partition(":")[0]
    tag = next((tag for paper in papers for tag in paper.tags), usage.EMPTY_LIBRARY.tag)
    names = (name for paper in papers for name in paper.authors if " " in name)
    return usage.Examples(query=query, tag=tag, author=next(names, usage.EMPTY_LIBRARY.author))


# --- following ----------------------------------------------------------------------------------


async def follow(services: Services, member: Member, text: str) -> Message:
    subscription, what = await services.subscriptions.follow(
        member.workspace,
        member.id,
        text,
        timezone=await services.people.timezone(member.id),
        now=services.clock(),
    )
    return following.followed(what, subscription, _brought_along(what))


def _brought_along(what: Follow) -> list[str]:
    if what.kind is not FollowKind.TAG:
        return []
    return sorted(taxonomy.family(what.value) - {what.value})


async def unfollow(services: Services, member: Member, text: str) -> Message:
    subscription, what = await services.subscriptions.unfollow(
        member.workspace, member.id, text, now=services.clock()
    )
    return following.unfollowed(what, subscription)


async def following_page(services: Services, member: Member, offset: int) -> Message:
    subscription = await services.subscriptions.of(member.workspace, member.id)
    return following.render(subscription, offset=offset, examples=await examples(services))


def as_typed(value: str) -> str:
    """A button's follow, the way a member would type it."""
    what = ids.read_follow(value)
    if what is None:
        raise BadArgument(STALE)
    quoted = f'"{what.value}"'
    return {
        FollowKind.TAG: f"tag:{what.value}",
        FollowKind.AUTHOR: f"author:{what.value}",
        FollowKind.PHRASE: quoted,
        FollowKind.SEARCH: f"search:{what.value}",
    }[what.kind]


# --- saved papers -------------------------------------------------------------------------------


async def save(services: Services, member: Member, paper_id: int) -> Message:
    paper = await services.library.save(member.workspace, member.id, paper_id, services.clock())
    return saved.saved(_there(paper))


async def unsave(services: Services, member: Member, paper_id: int) -> Message:
    await services.library.unsave(member.workspace, member.id, paper_id)
    return saved.removed(_there(await services.library.paper(paper_id)))


async def saved_page(services: Services, member: Member, offset: int) -> Message:
    papers = await services.library.saved(member.workspace, member.id)
    return saved.render(papers, offset=offset)


def _there(found: T | None) -> T:
    if found is None:
        raise BadArgument("That paper is not in the library any more.")
    return found
