"""What Slack hands out for a while: trigger ids (3 seconds, once), response_urls (30 minutes, 5 times)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.errors import SlackError
from bot.sandbox.messages import Message

Clock = Callable[[], dt.datetime]
TRIGGER_LASTS = dt.timedelta(seconds=3)
RESPONSE_LASTS = dt.timedelta(minutes=30)
RESPONSE_USES = 5


@dataclass(slots=True)
class Trigger:
    """`channel` is the conversation that the member was looking at, where there was one."""

    user: str
    until: dt.datetime
    channel: str | None = None
    used: bool = False


class Triggers:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.lasts = TRIGGER_LASTS
        self._issued: dict[str, Trigger] = {}

    def issue(self, user: str, channel: str | None = None) -> str:
        number = len(self._issued) + 1
        trigger_id = f"{number:06}.{10**9 + number}.{number:032x}"
        self._issued[trigger_id] = Trigger(user, self._clock() + self.lasts, channel)
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """What it was issued for; a second time is refused."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock() > trigger.until:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger


@dataclass(slots=True, eq=False)
class ResponseUrl:
    """`source` is the message whose button was pressed; a slash command has none."""

    id: str
    channel: str
    user: str
    until: dt.datetime
    source: Message | None = None
    uses: int = 0


class ResponseUrls:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._issued: dict[str, ResponseUrl] = {}

    def issue(self, team: str, channel: str, user: str, source: Message | None = None) -> ResponseUrl:
        number = len(self._issued) + 1
        url = ResponseUrl(f"{team}-{number:08}", channel, user, self._clock() + RESPONSE_LASTS, source)
        self._issued[url.id] = url
        return url

    def use(self, url_id: str) -> ResponseUrl:
        url = self._issued.get(url_id)
        if url is None or self._clock() > url.until:
            raise SlackError("expired_url")
        if url.uses >= RESPONSE_USES:
            raise SlackError("used_url")
        url.uses += 1
        return url
