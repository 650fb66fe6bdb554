"""What members do with a paper they came across: hide it, share it, find the one that a message means."""

from __future__ import annotations

from collections.abc import Sequence

from bot.digests import links
from bot.errors import BadArgument
from bot.model import Message
from bot.slack import ids
from bot.slack.answers import why
from bot.slack.answers.asked import STALE, there
from bot.slack.answers.shapes import Filled, Modal, Share
from bot.slack.blocks import around, unfurl
from bot.slack.blocks.kit import Block
from bot.slack.ids import Deed
from bot.slack.services import Member, Services

UNFURLED = 5  # links of a message


async def done(services: Services, member: Member, deed: Deed, paper_id: int) -> Message | Modal:
    """What was chosen in the menu under a paper."""
    match deed:
        case Deed.HIDE:
            return await hide(services, member, paper_id)
        case Deed.SHARE:
            return Modal(around.share(there(await services.library.paper(paper_id))))
        case Deed.WHY:
            return await why.of_stored(services, member, there(await services.library.paper(paper_id)))


async def hide(services: Services, member: Member, paper_id: int) -> Message:
    paper = await services.library.hide(member.workspace, member.id, paper_id, services.clock())
    return around.hidden(there(paper))


async def unhide(services: Services, member: Member, paper_id: int) -> Message:
    await services.library.unhide(member.workspace, member.id, paper_id)
    return around.shown(there(await services.library.paper(paper_id)))


async def share(services: Services, member: Member, filled: Filled) -> Share:
    """What goes to the channel that the form names."""
    paper_id = ids.read_paper(filled.about)
    if paper_id is None:
        raise BadArgument(STALE)
    paper = there(await services.library.paper(paper_id))
    return Share(around.shared(paper, member.id, str(filled.values.get(around.NOTE) or "")))


async def not_shared(services: Services, member: Member, form: str, said: Message) -> None:
    """`said` as a direct message, once a form."""
    await services.mail.answer(member.workspace, member.id, {f"notshared:{member.workspace}:{form}": said})


async def find(services: Services, text: str) -> Message:
    """The papers that a message names, whatever the address."""
    named = links.arxiv_ids(text)
    known = await services.library.by_arxiv(named)
    papers = [known[one] for one in named if one in known]
    return around.found(papers, [one for one in named if one not in known])


async def unfurls(services: Services, urls: Sequence[str]) -> dict[str, Block]:
    """By address, what shows below it; nothing for papers that the library has not."""
    named = {url: one for url in urls if (one := links.arxiv_id(url))}
    known = await services.library.by_arxiv(set(named.values()))
    first = {one: url for url, one in reversed(named.items()) if one in known}  # each paper once
    wanted = [url for url, one in named.items() if first.get(one) == url][:UNFURLED]
    return {url: unfurl.render(known[named[url]]) for url in wanted}
