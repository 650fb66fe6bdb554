"""Where an answer to a press goes: to the message that was pressed, into the Home drawn anew, or into a
modal, of which a member reads and turns pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncRespond
from slack_sdk.errors import SlackApiError

from bot.model import Message
from bot.slack import ids
from bot.slack.answers.shapes import Answer, Modal
from bot.slack.blocks import following, modal
from bot.slack.blocks.home import Place
from bot.slack.blocks.kit import Block
from bot.slack.client import code_of
from bot.slack.ids import Action
from bot.slack.listeners import errors, opening
from bot.slack.listeners.home import Homes, Seen
from bot.slack.listeners.replies import privately, thread_of
from bot.slack.services import Member, Services

# Whole pages: in a view they get a window of their own, by these titles.
READINGS = {
    Action.DAY_PAGE: "Papers",
    Action.LIKE_PAGE: "More like this",
    Action.PAPER_LIKE: "More like this",
    Action.SEARCH_PAGE: "Search",
    Action.FOLLOWING_PAGE: following.TITLE,
    Action.SAVED_PAGE: "Saved papers",
    Action.FEED_SHOW: "Feed",
    Action.FEED_PAUSE: "Feed",
    Action.FEED_RESUME: "Feed",
    Action.FEED_REMOVE: "Feed",
    Action.FEED_RESTORE: "Feed",
}
# These change what the Home behind their window shows.
CHANGES = {Action.FEED_PAUSE, Action.FEED_RESUME, Action.FEED_REMOVE, Action.FEED_RESTORE}
# These open above the window they were pressed in.
ABOVE = {Action.PAPER_LIKE}
# What these change is what the Home says anew, where it was pressed.
SHOWN_AT_HOME = {
    Action.DIGEST_OFTEN,
    Action.DIGEST_WEEKDAY,
    Action.DIGEST_HOUR,
    Action.DIGEST_PAUSE,
    Action.DIGEST_RESUME,
}


@dataclass(frozen=True, slots=True)
class Surfaces:
    services: Services
    homes: Homes

    async def show(
        self,
        kind: Action,
        answer: Answer,
        member: Member,
        body: Mapping[str, Any],
        respond: AsyncRespond,
        *,
        in_place: bool,
    ) -> None:
        view = body.get("view") or {}
        if isinstance(answer, Modal):
            await self._open(answer.view, member, body, view)
        elif view.get("type") == "home":
            await self._in_home(kind, answer, member, body, view)
        elif view.get("type") == "modal":
            await self._in_modal(kind, answer, member, body, view)
        else:
            replace = in_place and _is_private(body)
            await privately(respond, answer, replace=replace, thread=thread_of(body))

    async def explain(
        self, error: Exception, member: Member, body: Mapping[str, Any], respond: AsyncRespond
    ) -> None:
        """Where it was pressed."""
        view = body.get("view") or {}
        if view.get("type") == "home":
            await self.homes.publish(member, Seen.of(view), errors.worded(error))
        elif view.get("type") == "modal":
            shown = modal.topped(view, errors.worded(error))
            await self.services.client.views_update(view_id=view["id"], view=shown)
        else:
            await errors.explain(error, respond)

    async def redraw(self, member: Member, view: Mapping[str, Any]) -> None:
        """The Home behind a window that was opened there."""
        if (place := _behind(view)) is not None:
            await self.homes.publish(member, Seen(place=Place.of(place)))

    async def redraw_below(self, kind: Action, said: Message, view: Mapping[str, Any]) -> None:
        """The window on which this one lies."""
        shown = beside(modal.reading(READINGS[kind], said), view)
        try:
            await self.services.client.views_update(view_id=view["previous_view_id"], view=shown)
        except SlackApiError as error:
            if code_of(error) not in opening.CLOSED:
                raise

    async def _open(
        self, shown: dict[str, Any], member: Member, body: Mapping[str, Any], view: Mapping[str, Any]
    ) -> None:
        if view.get("type") == "modal":
            await self._above(shown, body, view)
        else:
            await opening.show(self.services.client, body["trigger_id"], beside(shown, view))

    async def _above(self, shown: dict[str, Any], body: Mapping[str, Any], view: Mapping[str, Any]) -> None:
        """On top of the window, so that closing it leads back; in its place where no more can be stacked."""
        shown = beside(shown, view)
        if _has_room_above(view):
            await opening.show(self.services.client, body["trigger_id"], shown, over=True)
        else:
            await self.services.client.views_update(view_id=view["id"], view=shown)

    async def _in_home(
        self, kind: Action, said: Message, member: Member, body: Mapping[str, Any], view: Mapping[str, Any]
    ) -> None:
        if title := READINGS.get(kind):
            await self._open(modal.reading(title, said), member, body, view)
        else:
            await self.homes.publish(member, Seen.of(view), None if kind in SHOWN_AT_HOME else said)

    async def _in_modal(
        self, kind: Action, said: Message, member: Member, body: Mapping[str, Any], view: Mapping[str, Any]
    ) -> None:
        client = self.services.client
        if title := READINGS.get(kind):
            shown = modal.reading(title, said)
            if kind in ABOVE:
                await self._above(shown, body, view)
            else:
                await client.views_update(view_id=view["id"], view=beside(shown, view))
            if kind in CHANGES:
                await self.redraw(member, view)
            return
        await client.views_update(view_id=view["id"], view=modal.topped(view, said))
        await self.redraw(member, view)


def beside(shown: Block, view: Mapping[str, Any]) -> Block:
    """A window above `view` or in its place: it knows of the same Home behind it."""
    about, _ = ids.read_window(str(shown.get("private_metadata") or ""))
    carried = ids.window(about, _behind(view))
    return shown | {"private_metadata": carried} if carried else shown


def _behind(view: Mapping[str, Any]) -> str | None:
    """The place of the Home from which a window was opened, or which this is."""
    if view.get("type") == "home":
        return Seen.of(view).place.as_text()
    return ids.read_window(str(view.get("private_metadata") or ""))[1]


def _has_room_above(view: Mapping[str, Any]) -> bool:
    """Slack stacks three windows; the third has one below it that is not the first."""
    return view.get("previous_view_id") in (None, "", view.get("root_view_id"))


def _is_private(body: Mapping[str, Any]) -> bool:
    """Whether the button stood in an answer that only this member sees."""
    return bool((body.get("container") or {}).get("is_ephemeral"))
