"""Buttons and menus. Each may be pressed twice, on a message of any age, by anyone who sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import ids
from bot.slack.answers import presses
from bot.slack.answers.presses import Answering, Filling, Sharing
from bot.slack.answers.shapes import entered, read
from bot.slack.blocks import notice
from bot.slack.ids import Action
from bot.slack.listeners import inbox, opening
from bot.slack.listeners.filling import Forms
from bot.slack.listeners.replies import member_of, posted, privately
from bot.slack.listeners.running import Running
from bot.slack.listeners.surfaces import Surfaces, beside
from bot.slack.services import Member, Services

SHARED = "Shared with the channel."
NOT_SHARED = "Slack did not take it, or did not answer. If it is not there, ask again and share once more."


@dataclass(frozen=True, slots=True)
class Press:
    member: Member
    action: dict[str, Any]
    body: dict[str, Any]
    respond: AsyncRespond
    context: AsyncBoltContext

    @property
    def value(self) -> str:
        return str(entered(self.action) or "")


@dataclass(frozen=True, slots=True)
class Presses:
    services: Services
    surfaces: Surfaces
    forms: Forms

    async def answered(self, press: Press, *, kind: Action, answer: Answering) -> None:
        said = await answer(self.services, press.member, press.value)
        in_place = kind in presses.IN_PLACE
        await self.surfaces.show(kind, said, press.member, press.body, press.respond, in_place=in_place)

    async def filled(self, press: Press, *, fill: Filling) -> None:
        """A choice in a form that changes what the form shows."""
        view, stamp = press.body["view"], str(press.action["action_ts"])
        self.forms.note(view, stamp)
        shown = await fill(self.services, press.member, read(view))
        if self.forms.is_newest(view, stamp):
            await self.forms.show(self.services.client, view, stamp, beside(shown.view, view))

    async def pushed(self, press: Press, *, push: Filling) -> None:
        """A button in a form that shows something on it."""
        shown = await push(self.services, press.member, read(press.body["view"]))
        await opening.show(self.services.client, press.body["trigger_id"], shown.view, over=True)

    async def shared(self, press: Press, *, answer: Sharing) -> None:
        message = await answer(self.services, press.member, press.value)
        if not await self.first(press):
            return
        arrived = await posted(press.body["response_url"], message)
        await privately(
            press.respond, notice.say(SHARED) if arrived else notice.error(NOT_SHARED), replace=True
        )

    async def first(self, press: Press) -> bool:
        """Whether the message was not pressed before: a double click is under way before the button can be
        taken away. The process that comes after a crash goes on with the press that was first."""
        message = press.body["container"]["message_ts"]
        key = f"{press.member.workspace}:{press.member.id}:{message}:{press.action['action_id']}"
        before = press.context[inbox.KEY]
        if before == key:
            return True
        now = self.services.clock()
        if not await self.services.inbox.take(key, inbox.kept(press.body), now):
            return False
        press.context[inbox.KEY] = key
        await self.services.inbox.handled(before, now)
        return True


def register(app: AsyncApp, services: Services, running: Running, surfaces: Surfaces) -> None:
    def listen(kind: Action, handle: Callable[[Press], Awaitable[None]]) -> None:
        async def listener(
            ack: AsyncAck,
            action: dict[str, Any],
            body: dict[str, Any],
            context: AsyncBoltContext,
            respond: AsyncRespond,
        ) -> None:
            await ack()
            member = replace(member_of(context), press=str(action.get("action_ts", "")))
            try:
                await handle(Press(member, action, body, respond, context))
            except Exception as error:
                await surfaces.explain(error, member, body, respond)

        app.action(ids.pattern(kind))(running.tracked(listener))

    all_of_them = Presses(services, surfaces, Forms())
    for kind, answer in presses.ANSWERS.items():
        listen(kind, partial(all_of_them.answered, kind=kind, answer=answer))
    for kind, fill in presses.FILLS.items():
        listen(kind, partial(all_of_them.filled, fill=fill))
    for kind, push in presses.OVER.items():
        listen(kind, partial(all_of_them.pushed, push=push))
    for kind, share in presses.SHARES.items():
        listen(kind, partial(all_of_them.shared, answer=share))
