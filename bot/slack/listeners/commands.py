"""The slash command."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import answers
from bot.slack.answers.shapes import Modal
from bot.slack.answers.welcome import welcome
from bot.slack.listeners import opening
from bot.slack.listeners.replies import member_of, privately
from bot.slack.listeners.running import Running
from bot.slack.services import Services
from bot.slack.text import clean, unescape

COMMAND = "/papers"


def register(app: AsyncApp, services: Services, running: Running) -> None:
    async def papers(
        ack: AsyncAck, command: dict[str, Any], context: AsyncBoltContext, respond: AsyncRespond
    ) -> None:
        await ack()
        typed = clean(unescape(command.get("text", "")))
        member = replace(member_of(context), press=str(command.get("trigger_id", "")))
        said = await answers.command(services, member, typed)
        if isinstance(said, Modal):
            await opening.show(services.client, command["trigger_id"], said.view)
        else:
            await privately(respond, said)
        await welcome(services, member)

    app.command(COMMAND)(running.tracked(papers))
