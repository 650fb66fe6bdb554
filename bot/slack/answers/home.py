"""What a member's Home holds, gathered in few looks at the store."""

from __future__ import annotations

from bot.model import Message
from bot.slack.answers import feed, reading
from bot.slack.blocks import home
from bot.slack.blocks.home import Content, Place
from bot.slack.blocks.kit import Block
from bot.slack.services import Member, Services
from bot.subscriptions import members


async def drawn(services: Services, member: Member, place: Place, said: Message | None) -> Block:
    return home.render(await gathered(services, member, place), place, said, now=services.clock())


async def gathered(services: Services, member: Member, place: Place) -> Content:
    now = services.clock()
    digests = await services.library.newest(now)
    hidden = await services.library.hidden(member.workspace, member.id)
    papers = {paper.id: paper for digest in digests for paper in digest.papers if paper.id not in hidden}
    known = await services.subscriptions.known(member.workspace, member.id)
    return Content(
        day=digests[0].date if digests else None,
        papers=list(papers.values()),
        subscription=known,
        next_at=members.next_digest(known, now) if known else None,
        saved=await services.library.saved(member.workspace, member.id, offset=place.saved, limit=home.SAVED),
        feeds=(await feed.visible(services, member))[0],
        searches=await services.library.searches(member.workspace, member.id),
        examples=reading.live(papers.values()),
        timezone=await services.people.timezone(member.id),
    )
