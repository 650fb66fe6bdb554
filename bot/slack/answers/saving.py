"""The papers a member keeps."""

from __future__ import annotations

from bot.model import Message
from bot.slack.answers.asked import there
from bot.slack.blocks import saved
from bot.slack.commands import Command
from bot.slack.services import Member, Services


async def asked_saved(services: Services, member: Member, asked: Command) -> Message:
    return await saved_page(services, member, 0)


async def save(services: Services, member: Member, paper_id: int) -> Message:
    paper = await services.library.save(member.workspace, member.id, paper_id, services.clock())
    return saved.saved(there(paper))


async def unsave(services: Services, member: Member, paper_id: int) -> Message:
    await services.library.unsave(member.workspace, member.id, paper_id)
    return saved.removed(there(await services.library.paper(paper_id)))


async def saved_page(services: Services, member: Member, offset: int) -> Message:
    papers = await services.library.saved(member.workspace, member.id)
    return saved.render(papers, offset=offset)
