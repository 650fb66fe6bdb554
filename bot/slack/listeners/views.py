"""Forms that members submit. A form is answered within Slack's three seconds: its input is checked, and
what it asks for is written down, before it closes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot.errors import BadArgument
from bot.slack.answers import around, feed, feed_form, following, reading
from bot.slack.answers.shapes import Filled, Mistakes, Modal, Share, Submitted, read
from bot.slack.blocks import modal, notice
from bot.slack.ids import Action, Form
from bot.slack.listeners import errors, inbox, opening
from bot.slack.listeners.replies import member_of, posted
from bot.slack.listeners.running import Running
from bot.slack.listeners.surfaces import Surfaces, beside
from bot.slack.services import Member, Services

NOT_SHARED = (
    "Slack did not take it for that channel, or did not answer. If it is not there, share it again or choose"
    " another channel."
)

Submit = Callable[[Services, Member, Filled], Awaitable[Submitted]]


def register(app: AsyncApp, services: Services, running: Running, surfaces: Surfaces) -> None:
    def submitting(form: Form, submit: Submit) -> Callable[..., Awaitable[None]]:
        async def listener(
            ack: AsyncAck, view: dict[str, Any], body: dict[str, Any], context: AsyncBoltContext
        ) -> None:
            member = member_of(context)
            try:
                outcome = await submit(services, member, read(view))
            except Exception as error:
                outcome = Modal(modal.said(errors.worded(error)))
            match outcome:
                case Modal(shown):
                    await ack(response_action="update", view=beside(shown, view))
                case Mistakes(sentences):
                    await ack(response_action="errors", errors=dict(sentences))
                    return
                case Share():
                    first = await taken(body, context)
                    await ack()
                    if first:
                        await share(outcome, member, body)
                    return
            if form is Form.FEED and view.get("previous_view_id"):
                card = await feed.under_form(services, member, read(view))
                await surfaces.redraw_below(Action.FEED_SHOW, card, view)
            await surfaces.redraw(member, view)

        return listener

    async def taken(body: dict[str, Any], context: AsyncBoltContext) -> bool:
        """Whether this form comes for the first time, or again after a crash; not by a second press."""
        if inbox.KEY in context:
            return True
        key = f"{context.team_id}:{body['view']['id']}:shared"
        if not await services.inbox.take(key, inbox.kept(body), services.clock()):
            return False
        context[inbox.KEY] = key
        return True

    async def share(what: Share, member: Member, body: dict[str, Any]) -> None:
        places = [place["response_url"] for place in body.get("response_urls") or ()]
        if places and await posted(places[0], what.message):
            return
        said = notice.error(NOT_SHARED)
        try:
            await opening.show(services.client, body["trigger_id"], modal.said(said))
        except BadArgument:  # Slack took its time to refuse: too late for a window
            await around.not_shared(services, member, body["view"]["id"], said)

    for form, submit in _SUBMITS.items():
        app.view(form.value)(running.tracked(submitting(form, submit)))


_SUBMITS: dict[Form, Submit] = {
    Form.FEED: feed_form.submitted,
    Form.FOLLOW: following.submitted_follow,
    Form.SEARCH: reading.submitted_search,
    Form.SHARE: around.share,
}
