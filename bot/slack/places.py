"""Links to messages, as Slack makes them. Tolerant: an answer without its link is an answer still."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import TROUBLE

log = structlog.get_logger(__name__)

KEPT = 2_000  # links; they never change


@dataclass(slots=True)
class Places:
    client: AsyncWebClient
    _links: OrderedDict[tuple[str, str], str] = field(default_factory=OrderedDict)

    async def permalink(self, channel: str, ts: str | None) -> str | None:
        """None where Slack names none: it is deleted, the bot is out of the channel, Slack is away."""
        if not channel or not ts:
            return None
        place = channel, ts
        if place in self._links:
            self._links.move_to_end(place)
            return self._links[place]
        try:
            found = (await self.client.chat_getPermalink(channel=channel, message_ts=ts))["permalink"]
        except TROUBLE as error:
            log.info("no link to a message", channel=channel, error=str(error))
            return None
        self._links[place] = str(found)
        if len(self._links) > KEPT:
            self._links.popitem(last=False)
        return str(found)
