"""`/papers why`: which follow or filter brought a paper, when; or why it did not come."""

from __future__ import annotations

from collections.abc import Iterable

from bot.delivery.inquiry import Asked
from bot.delivery.reasons import Row
from bot.digests import links
from bot.library import query
from bot.model import Message, StoredPaper
from bot.slack import limits
from bot.slack.answers import feed_form
from bot.slack.answers.reading import examples
from bot.slack.blocks import help as usage
from bot.slack.blocks import why
from bot.slack.blocks.because import Telling
from bot.slack.commands import Command
from bot.slack.services import Member, Services
from bot.slack.text import clean, clip

DIRECT = "D"  # how the id of direct messages begins


async def asked_why(services: Services, member: Member, asked: Command) -> Message:
    return await of_paper(services, member, asked.rest) if asked.rest else await in_general(services, member)


async def in_general(services: Services, member: Member) -> Message:
    asked = _asked(member)
    status = await services.inquiry.in_general(asked, services.clock())
    outlooks = (status.channel, asked.channel), (status.member, _direct(member))
    rows = [(one.last, place) for one, place in outlooks if one and one.last]
    telling = await _telling(services, member, rows)
    return why.in_general(status, telling, channel=asked.channel)


async def of_paper(services: Services, member: Member, text: str) -> Message:
    stored, searched = await _meant(services, text)
    if stored is None:
        status = await services.inquiry.in_general(_asked(member), services.clock())
        return why.unknown(text, status.sources, await _telling(services, member, ()))
    return await of_stored(services, member, stored, searched)


async def of_stored(services: Services, member: Member, stored: StoredPaper, searched: str = "") -> Message:
    asked, now = _asked(member), services.clock()
    answer = await services.inquiry.of_paper(asked, stored, now)
    reasons = (answer.channel, asked.channel), (answer.member, _direct(member))
    rows = [(row, place) for one, place in reasons if one for row in (one.row, *one.others) if row]
    telling = await _telling(services, member, rows)
    return why.of_paper(stored, answer, telling, channel=asked.channel, searched=searched)


async def _meant(services: Services, text: str) -> tuple[StoredPaper | None, str]:
    """The paper; and what was searched for, where words named it."""
    typed = text.strip().strip("<>").partition("|")[0]
    arxiv_id = links.arxiv_id(links.web_address(typed))
    named = query.ARXIV.fullmatch(typed)
    address = f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else typed
    if found := await services.inquiry.paper(address):
        return found, ""
    if arxiv_id or named or links.web_address(typed) == typed:
        return None, ""
    words = clip(clean(text), limits.QUERY)
    page = await services.library.search(words, today=services.clock().date(), limit=1)
    return (page.papers[0], words) if page.papers else (None, "")


def _asked(member: Member) -> Asked:
    return Asked(member.workspace, member.id, "" if member.channel.startswith(DIRECT) else member.channel)


def _direct(member: Member) -> str:
    """The direct messages with us, where that is where they ask: Slack tells their id nowhere else."""
    return member.channel if member.channel.startswith(DIRECT) else ""


async def _telling(services: Services, member: Member, rows: Iterable[tuple[Row, str]]) -> Telling:
    found = {row.key: await services.places.permalink(place, row.ts) for row, place in rows}
    zone = await services.people.timezone(member.id)
    known = {key: url for key, url in found.items() if url}
    tag = usage.shown((await examples(services)).tag)
    may_change = await _may_change(services, member)
    return Telling(services.clock(), zone, known, may_change=may_change, tag=tag)


async def _may_change(services: Services, member: Member) -> bool:
    """The channel's feed, where it is paused: it is told then who can let it run again."""
    feed = await services.feeds.of_channel(member.workspace, member.channel)
    return not (feed and feed.paused) or await feed_form.may_change(services, member, feed)
