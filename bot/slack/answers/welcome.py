"""Who asks first in a workspace gets one word on what is left to do there: Slack does not tell a bot with a
pasted token who installed it."""

from __future__ import annotations

from bot.model import Delivery, DeliveryKind, State
from bot.slack.answers import reading
from bot.slack.blocks import welcome as blocks
from bot.slack.blocks.welcome import Left
from bot.slack.services import Member, Services


async def welcome(services: Services, member: Member) -> None:
    """Once for ever: the ledger knows."""
    if await services.mail.knows(key(member.workspace)):
        return
    left = Left(
        feed=not await services.feeds.all_of(member.workspace),
        follow=not (await services.subscriptions.of(member.workspace, member.id)).follows,
        digest=not await services.library.newest(services.clock()),
    )
    silent = left.nothing
    word = Delivery(
        key=key(member.workspace),
        workspace=member.workspace,
        destination=member.id,
        kind=DeliveryKind.NOTICE,
        due_at=services.clock(),
        message=None if silent else blocks.message(left, await reading.examples(services)),
        state=State.SKIPPED if silent else State.PLANNED,
        note="all was set up" if silent else None,
    )
    await services.mail.send([word])


def key(workspace: str) -> str:
    return f"welcome:{workspace}"
