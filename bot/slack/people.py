"""Members' time zones and rights, as Slack knows them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from zoneinfo import available_timezones

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import TROUBLE

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
        except TROUBLE as error:
            log.warning("no time zone of a member", member=member, error=str(error))
            return kept[1] if kept else FALLBACK
        if zone not in available_timezones():
            zone = FALLBACK
        self._zones[member] = (time.monotonic(), zone)
        return zone

    def known_timezone(self, member: str) -> str | None:
        """As Slack last said; None where it was not asked yet."""
        return self._zones[member][1] if member in self._zones else None

    async def is_admin(self, member: str) -> bool:
        """An admin or owner of the workspace, at this moment: rights are taken away, too. Not, where Slack
        does not say."""
        try:
            user = (await self.client.users_info(user=member))["user"]
        except TROUBLE as error:
            log.warning("can't tell a member's rights", member=member, error=str(error))
            return False
        return bool(user.get("is_admin") or user.get("is_owner"))
