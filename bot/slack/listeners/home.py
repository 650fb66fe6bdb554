"""The App Home, drawn anew at each visit and after each press in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError

from bot.model import Message
from bot.slack.answers import reading
from bot.slack.blocks import home
from bot.slack.blocks.kit import Block
from bot.slack.listeners.replies import member_of
from bot.slack.listeners.running import Running
from bot.slack.services import Member, Services


def register(app: AsyncApp, services: Services, running: Running) -> None:
    async def opened(event: dict[str, Any], context: AsyncBoltContext) -> None:
        if event.get("tab") == "home":
            await publish(services, member_of(context), Place.of(event.get("view") or {}))

    app.event("app_home_opened")(running.tracked(opened))


@dataclass(frozen=True, slots=True)
class Place:
    """The Home that the member sees: which drawing, and what it was drawn with."""

    hash: str | None = None
    about: str = ""  # private_metadata

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> Place:
        return cls(view.get("hash"), str(view.get("private_metadata") or ""))


async def publish(services: Services, member: Member, place: Place, said: Message | None = None) -> None:
    """`said`: what came of the press that it follows. Another drawing may have come between: then what is
    stored is drawn once more, and that is the newest."""
    view = await drawn(services, member, place, said)
    try:
        await services.client.views_publish(user_id=member.id, view=view, hash=place.hash)
    except SlackApiError as error:
        if error.response.get("error") != "hash_conflict":
            raise
        view = await drawn(services, member, place, said)
        await services.client.views_publish(user_id=member.id, view=view)


async def drawn(services: Services, member: Member, place: Place, said: Message | None) -> Block:
    digests = await services.library.newest(services.clock())
    hidden = await services.library.hidden(member.workspace, member.id)
    papers = {paper.id: paper for digest in digests for paper in digest.papers if paper.id not in hidden}
    return home.render(
        digests[0].date if digests else None,
        list(papers.values()),
        await services.subscriptions.of(member.workspace, member.id),
        await services.library.saved(member.workspace, member.id),
        examples=await reading.examples(services),
    )
