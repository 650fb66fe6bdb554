"""Bolt acknowledges an event before its listener runs, and listeners acknowledge a button before they act:
so both are written down first, and handled once, also by the process that comes after a crash."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.library.inbox import Item
from bot.slack.services import Services

log = structlog.get_logger(__name__)

KEY = "inbox_key"  # in a request's context, for whoever finishes it


def register(app: AsyncApp, services: Services) -> None:
    async def write_down(
        body: dict[str, Any], context: AsyncBoltContext, next_: Callable[[], Awaitable[None]]
    ) -> BoltResponse | None:
        key = None if KEY in context else key_of(body)
        if key:
            if not await services.inbox.take(key, kept(body), services.clock()):
                return BoltResponse(status=200)
            context[KEY] = key
        await next_()
        return None

    app.use(write_down)


def kept(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "token"}


def key_of(body: Mapping[str, Any]) -> str | None:
    """What makes two payloads the same. None for a command: it is answered at once or not at all, and
    the member, who sees that, types it again."""
    team = (body.get("team") or {}).get("id") or body.get("team_id", "")
    if event := body.get("event_id"):
        return f"{team}:{event}"
    if body.get("type") == "block_actions":
        action = body["actions"][0]
        return f"{team}:{body['user']['id']}:{action['action_id']}:{action['action_ts']}"
    return None


async def replay(app: AsyncApp, item: Item) -> None:
    """Handle what a dead process had acknowledged."""
    log.info("handling what was left", key=item.key)
    request = AsyncBoltRequest(mode="socket_mode", body=dict(item.payload), context={KEY: item.key})
    await app.async_dispatch(request)
