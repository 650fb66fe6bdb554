"""The App Home, drawn anew at each visit."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import answers
from bot.slack.blocks import home
from bot.slack.listeners.replies import member_of
from bot.slack.listeners.running import Running
from bot.slack.services import Member, Services


def register(app: AsyncApp, services: Services, running: Running) -> None:
    async def opened(event: dict[str, Any], context: AsyncBoltContext) -> None:
        if event.get("tab") == "home":
            await publish(services, member_of(context))

    app.event("app_home_opened")(running.tracked(opened))


async def publish(services: Services, member: Member) -> None:
    digests = await services.library.newest(services.clock())
    papers = {paper.id: paper for digest in digests for paper in digest.papers}
    view = home.render(
        digests[0].date if digests else None,
        list(papers.values()),
        await services.subscriptions.of(member.workspace, member.id),
        await services.library.saved(member.workspace, member.id),
        examples=await answers.examples(services),
    )
    await services.client.views_publish(user_id=member.id, view=dict(view))
