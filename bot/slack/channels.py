"""Channels, as Slack knows them. The scopes for that are optional: without them nothing is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import TROUBLE, code_of

log = structlog.get_logger(__name__)

POST_ANYWHERE = "chat:write.public"
_PAGE = 999
_PAGES = 20


@dataclass(frozen=True, slots=True)
class Channel:
    """What there is to know before a feed is set up; what can't be known is as usual."""

    can_post: bool = True
    is_general: bool = False
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class Channels:
    client: AsyncWebClient

    async def look(self, channel: str) -> Channel:
        try:
            answer = await self.client.conversations_info(channel=channel)
        except SlackApiError as error:
            code = code_of(error)
            log.info("a channel can't be looked at", channel=channel, error=code)
            return Channel(can_post=code != "channel_not_found")  # private, and without us in it
        except TROUBLE as error:
            log.warning("a channel can't be looked at", channel=channel, error=str(error))
            return Channel()
        found: Mapping[str, Any] = answer["channel"]
        anywhere = POST_ANYWHERE in _scopes(answer.headers)  # public, or we could not look
        return Channel(
            can_post=bool(found.get("is_member", True)) or anywhere,
            is_general=bool(found.get("is_general")),
            is_archived=bool(found.get("is_archived")),
        )

    async def closed_to(self, member: str) -> frozenset[str] | None:
        """Private channels that we are in and `member` is not; None where Slack does not say."""
        try:
            ours = await self._private(None)
            return ours - await self._private(member) if ours else ours
        except TROUBLE as error:
            log.info("private channels can't be told", error=str(error))
            return None

    async def _private(self, member: str | None) -> frozenset[str]:
        found: set[str] = set()
        cursor: str | None = None
        for _ in range(_PAGES):
            page = await self.client.users_conversations(
                user=member, types="private_channel", limit=_PAGE, cursor=cursor
            )
            found |= {str(one["id"]) for one in page["channels"]}
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
        return frozenset(found)


def _scopes(headers: Mapping[str, str]) -> set[str]:
    given = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), "")
    return {scope.strip() for scope in given.split(",")}
