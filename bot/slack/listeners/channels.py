"""The bot is invited to a channel, or taken out of it."""

from __future__ import annotations

from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack.blocks import feed
from bot.slack.ids import read_channel
from bot.slack.listeners.running import Running
from bot.slack.services import Services

log = structlog.get_logger(__name__)

LEFT = "I was removed from the channel. Type `/invite @Paperboy` there, and it goes on by itself."


def register(app: AsyncApp, services: Services, running: Running) -> None:
    async def joined(event: dict[str, Any], context: AsyncBoltContext) -> None:
        channel = read_channel(str(event.get("channel") or ""))
        if event.get("user") != context.bot_user_id or channel is None:
            return
        there = await services.feeds.bot_came(context.team_id or "", channel)
        inviter = event.get("inviter")
        if there is None and inviter:
            said = feed.greeting(channel)
            await services.client.chat_postEphemeral(
                channel=channel, user=inviter, text=said.text, blocks=[dict(block) for block in said.blocks]
            )

    async def left(event: dict[str, Any], body: dict[str, Any], context: AsyncBoltContext) -> None:
        channel = str(event.get("channel") or "")
        log.info("taken out of a channel", channel=channel)
        await services.feeds.bot_left(context.team_id or "", channel, LEFT, str(body.get("event_id")))

    app.event("member_joined_channel")(running.tracked(joined))
    app.event("channel_left")(running.tracked(left))
    app.event("group_left")(running.tracked(left))
