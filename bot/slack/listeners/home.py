"""The App Home, drawn anew at each visit and after each press in it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError

from bot.errors import BotError
from bot.model import Message
from bot.slack import ids
from bot.slack.answers import home as answer
from bot.slack.answers.asked import read
from bot.slack.answers.welcome import welcome
from bot.slack.blocks import home as blocks
from bot.slack.client import TROUBLE, code_of
from bot.slack.ids import Action
from bot.slack.listeners import errors
from bot.slack.listeners.replies import member_of
from bot.slack.listeners.running import Running
from bot.slack.services import Member, Services

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """The Home that the member sees: which drawing, and what it was drawn with."""

    hash: str | None = None
    place: blocks.Place = blocks.Place()  # noqa: RUF009 - frozen

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> Seen:
        return cls(view.get("hash"), blocks.Place.of(str(view.get("private_metadata") or "")))


class Homes:
    """Publishes. One drawing of a member's at a time: the last to be published is the last to be drawn."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def publish(self, member: Member, seen: Seen, said: Message | None = None) -> None:
        """`said`: what came of the press that it follows. Another drawing may have come between: then what
        is stored is drawn once more, and that is the newest."""
        turn = self._turns.setdefault(member.id, asyncio.Lock())
        async with turn:
            view = await answer.drawn(self._services, member, seen.place, said)
            try:
                await self._services.client.views_publish(user_id=member.id, view=view, hash=seen.hash)
            except SlackApiError as error:
                if code_of(error) != "hash_conflict":
                    raise
                view = await answer.drawn(self._services, member, seen.place, said)
                await self._services.client.views_publish(user_id=member.id, view=view)

    async def apologise(self, member: Member, error: Exception) -> None:
        """Where nothing could be drawn; the log has the error under the id that is shown."""
        view = blocks.broken(errors.worded(error))
        try:
            await self._services.client.views_publish(user_id=member.id, view=view)
        except TROUBLE:
            log.exception("the error could not be told to the member", member=member.id)


def register(app: AsyncApp, services: Services, running: Running, homes: Homes) -> None:
    async def opened(event: dict[str, Any], context: AsyncBoltContext) -> None:
        if event.get("tab") != "home":
            return
        member = member_of(context)
        await drawn(member, Seen.of(event.get("view") or {}))
        await welcome(services, member)

    async def turned(
        ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        """A page of one of its lists; the others stay where they are."""
        await ack()
        seen = Seen.of(body.get("view") or {})
        try:
            name, offset = read(str(action.get("value", "")), ids.read_list)
        except BotError as error:
            await homes.publish(member_of(context), seen, errors.worded(error))
            return
        await drawn(member_of(context), Seen(seen.hash, seen.place.turned(name, offset)))

    async def drawn(member: Member, seen: Seen) -> None:
        try:
            await homes.publish(member, seen)
        except Exception as error:
            await homes.apologise(member, error)

    app.event("app_home_opened")(running.tracked(opened))
    app.action(ids.pattern(Action.HOME_PAGE))(running.tracked(turned))
