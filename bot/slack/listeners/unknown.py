"""A press or a form that no listener knows: of an older or a newer version. Without an answer Slack shows a
warning triangle, or lets the form stand as if it could not be reached."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.context.async_context import AsyncBoltContext

from bot.errors import BadArgument
from bot.slack.answers.asked import STALE
from bot.slack.blocks import modal, notice
from bot.slack.listeners.replies import member_of
from bot.slack.listeners.running import Running
from bot.slack.listeners.surfaces import Surfaces


def register(app: AsyncApp, running: Running, surfaces: Surfaces) -> None:
    """After every other listener: the first that fits is the one that runs."""

    async def stale(
        ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, respond: AsyncRespond
    ) -> None:
        await ack()
        await surfaces.explain(BadArgument(STALE), member_of(context), body, respond)

    async def stale_form(ack: AsyncAck) -> None:
        await ack(response_action="update", view=modal.said(notice.error(STALE)))

    app.action(re.compile(""))(running.tracked(stale))
    app.view(re.compile(""))(running.tracked(stale_form))
