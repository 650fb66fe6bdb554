"""A day's papers, a search, and more like one: what members read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import replace

from bot.library.search.answering import Order
from bot.model import Message, StoredPaper
from bot.slack import commands, limits
from bot.slack.answers.asked import there
from bot.slack.answers.shapes import Filled, Mistakes, Modal, Submitted
from bot.slack.blocks import help as usage
from bot.slack.blocks import modal, notice, pages, search, similar, today
from bot.slack.commands import Command
from bot.slack.ids import Search
from bot.slack.people import FALLBACK
from bot.slack.services import Member, Services
from bot.slack.text import clean, clip
from bot.subscriptions import hours
from bot.subscriptions.matching import as_follow

NO_DIGEST = "There is no digest of that day. `/papers today` shows the newest."
NO_PAPERS = "No digest has come yet. The first one appears here as soon as it is read."
NO_PAPER = "The digest of that day has no papers. `/papers search` finds those of other days."
NONE_LEFT = "All papers of that day you said are not for you. `/papers search` still finds them."
NO_WORDS = "Tell me what to look for: `/papers search` and a name, some words or an author."
FORGOTTEN = "Your recent searches are forgotten."
LONG = "That is long; I searched for its beginning."


async def asked_day(services: Services, member: Member, asked: Command) -> Message:
    zone = await services.people.timezone(member.id)
    day = commands.read_day(asked.rest, hours.local_day(services.clock(), zone))
    return await day_titles(services, day, member)


async def asked_search(services: Services, member: Member, asked: Command) -> Message:
    if not asked.rest:
        return notice.error(NO_WORDS)
    return await look(services, member, asked.rest)


async def look(services: Services, member: Member, query: str) -> Message:
    """A search that a member just thought of: it is kept among their recent ones."""
    found = await search_page(services, member, Search(query))
    kept = clip(clean(query), limits.QUERY)
    await services.library.note_search(member.workspace, member.id, kept, services.clock())
    return found


async def forget_searches(services: Services, member: Member) -> Message:
    await services.library.forget_searches(member.workspace, member.id)
    return notice.say(FORGOTTEN)


async def new_search(services: Services, member: Member, value: str) -> Modal:
    return Modal(search.form(await examples(services)))


async def submitted_search(services: Services, member: Member, filled: Filled) -> Submitted:
    asked = clean(str(filled.values.get(search.WHAT) or ""))
    if not asked:
        return Mistakes({search.WHAT: NO_WORDS})
    return Modal(modal.reading("Search", await look(services, member, asked)))


async def day_titles(services: Services, day: dt.date | None, member: Member) -> Message:
    """A day at a glance, without what is not for this member; None: the newest."""
    found = await _papers_of(services, day, await _hidden(services, member))
    return found if isinstance(found, Message) else today.titles(*found)


async def day_shared(services: Services, day: dt.date, member: Member) -> Message:
    """A day at a glance, for a channel."""
    found = await _papers_of(services, day)
    return found if isinstance(found, Message) else today.titles(*found, shared_by=member.id)


async def day_page(services: Services, day: dt.date, offset: int, member: Member) -> Message:
    """One page of a day's papers, whole."""
    found = await _papers_of(services, day, await _hidden(services, member))
    return found if isinstance(found, Message) else today.page(*found, offset=offset)


async def _hidden(services: Services, member: Member) -> frozenset[int]:
    return await services.library.hidden(member.workspace, member.id)


async def _papers_of(
    services: Services, day: dt.date | None, without: Collection[int] = ()
) -> tuple[dt.date, list[StoredPaper]] | Message:
    """A day with the papers of all its sources, each once; or what to say where there is none."""
    if day is None:
        digests = await services.library.newest(services.clock())
    else:
        digests = await services.library.on(day)
    if not digests:
        return notice.say(NO_PAPERS) if day is None else notice.error(NO_DIGEST)
    papers = {paper.id: paper for digest in digests for paper in digest.papers}
    if not papers:
        return notice.say(NO_PAPER)
    left = [paper for paper in papers.values() if paper.id not in without]
    return (digests[0].date, left) if left else notice.say(NONE_LEFT)


async def search_page(services: Services, member: Member, asked: Search, *, shared: bool = False) -> Message:
    query = clip(clean(asked.query), limits.QUERY)
    page = await services.library.search(
        query,
        today=await _their_day(services, member),
        limit=search.PAGE,
        offset=asked.offset,
        order=Order.NEWEST if asked.newest else Order.BEST,
        verbatim=asked.verbatim,
    )
    total = page.results.total
    if (offset := pages.clamped(asked.offset, total, search.PAGE)) < asked.offset:
        return await search_page(services, member, replace(asked, offset=offset), shared=shared)
    found = search.Found(
        page.papers,
        total=total,
        many=page.results.many,
        ranked=bool(page.matched),
        matched=page.matched,
        corrected=page.results.corrected,
        follow=as_follow(page.read),
        note=page.results.note if query == clean(asked.query) else f"{LONG} {page.results.note}",
        wordless=page.read.wordless,
        incomplete=page.incomplete,
    )
    live = usage.EMPTY_LIBRARY if page.papers else await examples(services)
    shared_by = member.id if shared else None
    return search.page(replace(asked, query=query), found, shared_by=shared_by, examples=live)


async def _their_day(services: Services, member: Member) -> dt.date:
    """The member's own, as far as that is known here: no search waits for Slack to say where they are."""
    zone = services.people.known_timezone(member.id)
    if zone is None:
        subscription = await services.subscriptions.known(member.workspace, member.id)
        zone = subscription.timezone if subscription else FALLBACK
    return hours.local_day(services.clock(), zone)


async def similar_page(services: Services, member: Member, paper_id: int, offset: int = 0) -> Message:
    like = there(await services.library.paper(paper_id))
    without = await _hidden(services, member)
    page = await services.library.similar(paper_id, limit=similar.PAGE, offset=offset, without=without)
    found = page.results
    if (last := pages.clamped(offset, found.total, similar.PAGE)) < offset:
        return await similar_page(services, member, paper_id, last)
    return similar.page(like, page.papers, total=found.total, many=found.many, offset=offset, note=found.note)


async def examples(services: Services) -> usage.Examples:
    """Live ones: what the newest papers would answer."""
    digests = await services.library.newest(services.clock())
    return live(paper for digest in digests for paper in digest.papers)


def live(newest: Iterable[StoredPaper]) -> usage.Examples:
    papers = [one.paper for one in newest]
    if not papers:
        return usage.EMPTY_LIBRARY
    query = papers[0].title.partition(":")[0]
    tag = next((tag for paper in papers for tag in paper.tags), usage.EMPTY_LIBRARY.tag)
    names = (name for paper in papers for name in paper.authors if " " in name)
    return usage.Examples(query=query, tag=tag, author=next(names, usage.EMPTY_LIBRARY.author))
