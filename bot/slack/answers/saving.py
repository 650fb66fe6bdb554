"""The papers a member keeps."""

from __future__ import annotations

import asyncio

from bot.library import citations
from bot.library.citations import Format
from bot.model import Message
from bot.slack import ids
from bot.slack.answers.asked import there
from bot.slack.blocks import export, notice, saved
from bot.slack.commands import Command
from bot.slack.services import Member, Services


async def asked_saved(services: Services, member: Member, asked: Command) -> Message:
    words = asked.rest.lower().replace("export", "").replace("as ", "").split()
    wanted = ids.read_format(words[0]) if words else None
    return await (export_saved(services, member, wanted) if wanted else saved_page(services, member, 0))


async def save(services: Services, member: Member, paper_id: int) -> Message:
    paper = await services.library.save(member.workspace, member.id, paper_id, services.clock())
    return saved.saved(there(paper))


async def unsave(services: Services, member: Member, paper_id: int) -> Message:
    await services.library.unsave(member.workspace, member.id, paper_id)
    return saved.removed(there(await services.library.paper(paper_id)))


async def saved_page(services: Services, member: Member, offset: int) -> Message:
    page = await services.library.saved(member.workspace, member.id, offset=offset, limit=saved.PAGE)
    return saved.render(page)


async def export_saved(services: Services, member: Member, wanted: Format) -> Message:
    """As direct messages: an app may not upload files without a scope more."""
    found = await services.library.saved(member.workspace, member.id)
    if not found.papers:
        return notice.say(saved.NOTHING)
    records = await asyncio.to_thread(citations.records, found.papers, wanted)
    parts = export.messages(records, wanted, found.total)
    key = f"export:{member.workspace}:{member.id}:{member.press}"
    said = {f"{key}:{number}": part for number, part in enumerate(parts)}
    await services.mail.answer(member.workspace, member.id, said)
    return export.coming(wanted, found.total, len(parts))
