"""Buttons and menus. Each may be pressed twice, on a message of any age, by anyone who sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.context.async_context import AsyncBoltContext

from bot.errors import BadArgument
from bot.model import Message
from bot.slack import answers, ids
from bot.slack.answers import STALE
from bot.slack.blocks import notice
from bot.slack.ids import Action
from bot.slack.listeners.replies import member_of, privately, publicly
from bot.slack.listeners.running import Running
from bot.slack.services import Member, Services

T = TypeVar("T")
Answer = Callable[[Services, Member, str], Awaitable[Message]]
SHARED = "Shared with the channel."


def register(app: AsyncApp, services: Services, running: Running) -> None:
    def answering(answer: Answer, *, in_place: bool) -> Callable[..., Awaitable[None]]:
        async def listener(
            ack: AsyncAck,
            action: dict[str, Any],
            body: dict[str, Any],
            context: AsyncBoltContext,
            respond: AsyncRespond,
        ) -> None:
            await ack()
            message = await answer(services, member_of(context), _value(action))
            await privately(respond, message, replace=in_place and _is_private(body))

        return listener

    def sharing(answer: Answer) -> Callable[..., Awaitable[None]]:
        async def listener(
            ack: AsyncAck, action: dict[str, Any], context: AsyncBoltContext, respond: AsyncRespond
        ) -> None:
            await ack()
            message = await answer(services, member_of(context), _value(action))
            # First take the button away: a second press must not share a second time.
            await privately(respond, notice.say(SHARED), replace=True)
            await publicly(respond, message)

        return listener

    for kind, answer in _ANSWERS.items():
        app.action(ids.pattern(kind))(running.tracked(answering(answer, in_place=kind in _IN_PLACE)))
    for kind, answer in _SHARES.items():
        app.action(ids.pattern(kind))(running.tracked(sharing(answer)))


def _value(action: dict[str, Any]) -> str:
    """A button's value, or what was chosen in a menu."""
    chosen = action.get("selected_option") or action
    return str(chosen.get("value", ""))


def _is_private(body: dict[str, Any]) -> bool:
    """Whether the button stood in an answer that only this member sees."""
    return bool((body.get("container") or {}).get("is_ephemeral"))


def _read(value: str, reader: Callable[[str], T | None]) -> T:
    found = reader(value)
    if found is None:
        raise BadArgument(STALE)
    return found


async def _save(services: Services, member: Member, value: str) -> Message:
    return await answers.save(services, member, _read(value, ids.read_paper))


async def _unsave(services: Services, member: Member, value: str) -> Message:
    return await answers.unsave(services, member, _read(value, ids.read_paper))


async def _follow(services: Services, member: Member, value: str) -> Message:
    return await answers.follow(services, member, answers.as_typed(value))


async def _unfollow(services: Services, member: Member, value: str) -> Message:
    return await answers.unfollow(services, member, answers.as_typed(value))


async def _following_page(services: Services, member: Member, value: str) -> Message:
    return await answers.following_page(services, member, _read(value, ids.read_page)[0])


async def _saved_page(services: Services, member: Member, value: str) -> Message:
    return await answers.saved_page(services, member, _read(value, ids.read_page)[0])


async def _day_page(services: Services, member: Member, value: str) -> Message:
    offset, day = _read(value, ids.read_day)
    return await answers.day_page(services, day, offset)


async def _search_page(services: Services, member: Member, value: str) -> Message:
    return await answers.search_page(services, _read(value, ids.read_search))


async def _like(services: Services, member: Member, value: str) -> Message:
    return await answers.similar_page(services, _read(value, ids.read_paper))


async def _like_page(services: Services, member: Member, value: str) -> Message:
    offset, paper_id = _read(value, ids.read_like)
    return await answers.similar_page(services, paper_id, offset)


async def _share_day(services: Services, member: Member, value: str) -> Message:
    _, day = _read(value, ids.read_day)
    return await answers.day_titles(services, day, shared_by=member.id)


async def _share_search(services: Services, member: Member, value: str) -> Message:
    return await answers.search_page(services, _read(value, ids.read_search), shared_by=member.id)


_ANSWERS: dict[Action, Answer] = {
    Action.PAPER_SAVE: _save,
    Action.PAPER_UNSAVE: _unsave,
    Action.PAPER_FOLLOW_TAG: _follow,
    Action.FOLLOWING_ADD: _follow,
    Action.FOLLOWING_REMOVE: _unfollow,
    Action.FOLLOWING_PAGE: _following_page,
    Action.SAVED_PAGE: _saved_page,
    Action.DAY_PAGE: _day_page,
    Action.SEARCH_PAGE: _search_page,
    Action.SEARCH_FOLLOW: _follow,
    Action.PAPER_LIKE: _like,
    Action.LIKE_PAGE: _like_page,
}
# These go on from the answer that they stand in, so theirs takes its place; the others leave a list as it is.
_IN_PLACE = {
    Action.DAY_PAGE,
    Action.SEARCH_PAGE,
    Action.LIKE_PAGE,
    Action.SAVED_PAGE,
    Action.FOLLOWING_PAGE,
    Action.FOLLOWING_ADD,
    Action.FOLLOWING_REMOVE,
    Action.PAPER_UNSAVE,
}
_SHARES: dict[Action, Answer] = {
    Action.DAY_SHARE: _share_day,
    Action.SEARCH_SHARE: _share_search,
}
