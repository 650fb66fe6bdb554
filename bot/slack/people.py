"""Members' time zones, as Slack knows them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from zoneinfo import available_timezones

import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

log = structlog.get_logger(__name__)

FALLBACK = "UTC"
KEEP_SECONDS = 3600.0  # people travel; an hour keeps us far from Slack's limits


@dataclass(slots=True)
class People:
    client: AsyncWebClient
    _zones: dict[str, tuple[float, str]] = field(default_factory=dict)

    async def timezone(self, member: str) -> str:
        """The member's zone; `FALLBACK` where Slack does not say (the scope users:read is optional)."""
        kept = self._zones.get(member)
        if kept and time.monotonic() - kept[0] < KEEP_SECONDS:
            return kept[1]
        try:
            user = (await self.client.users_info(user=member))["user"]
            zone = str(user.get("tz") or FALLBACK)
        except (SlackClientError, OSError, TimeoutError) as error:
            log.warning("no time zone of a member", member=member, error=str(error))
            return kept[1] if kept else FALLBACK
        if zone not in available_timezones():
            zone = FALLBACK
        self._zones[member] = (time.monotonic(), zone)
        return zone
