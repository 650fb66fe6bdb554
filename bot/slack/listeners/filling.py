"""Forms that change while they are filled in: what was typed last decides what they show."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.blocks.kit import Block
from bot.slack.client import code_of
from bot.slack.listeners import opening

FORMS = 1_000  # that are remembered at a time


class Forms:
    """Each letter asks for a new drawing; the older ones need not be drawn any more."""

    def __init__(self) -> None:
        self._newest: OrderedDict[str, str] = OrderedDict()

    def note(self, view: Mapping[str, Any], stamp: str) -> None:
        """`stamp`: when that was pressed or typed, as Slack says it."""
        form = view["id"]
        self._newest[form] = max(stamp, self._newest.get(form, ""))
        self._newest.move_to_end(form)
        while len(self._newest) > FORMS:
            self._newest.popitem(last=False)

    def is_newest(self, view: Mapping[str, Any], stamp: str) -> bool:
        return self._newest.get(view["id"], stamp) == stamp

    async def show(self, client: AsyncWebClient, view: Mapping[str, Any], stamp: str, shown: Block) -> None:
        """Another drawing may have come between: the newest is drawn over it. A form that was closed is no
        error."""
        try:
            await client.views_update(view_id=view["id"], hash=view["hash"], view=shown)
        except SlackApiError as error:
            code = code_of(error)
            if code == "hash_conflict" and self.is_newest(view, stamp):
                await client.views_update(view_id=view["id"], view=shown)
            elif code not in ("hash_conflict", *opening.CLOSED):
                raise
