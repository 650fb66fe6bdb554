"""Forms that members submit. A form is answered within Slack's three seconds: its input is checked, and
what it asks for is written down, before it closes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack.answers import following, reading
from bot.slack.answers.shapes import Filled, Mistakes, Modal, Submitted, read
from bot.slack.blocks import modal
from bot.slack.ids import Form
from bot.slack.listeners import errors
from bot.slack.listeners.replies import member_of
from bot.slack.listeners.running import Running
from bot.slack.listeners.surfaces import Surfaces
from bot.slack.services import Member, Services

Submit = Callable[[Services, Member, Filled], Awaitable[Submitted]]


def register(app: AsyncApp, services: Services, running: Running, surfaces: Surfaces) -> None:
    def submitting(submit: Submit) -> Callable[..., Awaitable[None]]:
        async def listener(ack: AsyncAck, view: dict[str, Any], context: AsyncBoltContext) -> None:
            member = member_of(context)
            try:
                outcome = await submit(services, member, read(view))
            except Exception as error:
                outcome = Modal(modal.said(errors.worded(error)))
            match outcome:
                case None:
                    await ack()
                case Modal(shown):
                    await ack(response_action="update", view=shown)
                case Mistakes(sentences):
                    await ack(response_action="errors", errors=dict(sentences))
                    return
            await surfaces.redraw(member, view)

        return listener

    for form, submit in _SUBMITS.items():
        app.view(form.value)(running.tracked(submitting(submit)))


_SUBMITS: dict[Form, Submit] = {
    Form.FOLLOW: following.submitted_follow,
    Form.SEARCH: reading.submitted_search,
}
