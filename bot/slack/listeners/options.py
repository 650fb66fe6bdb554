"""Menus that ask for their options while a member types."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import ids, zones
from bot.slack.blocks.feed_form import zone_option
from bot.slack.ids import Action
from bot.slack.listeners.running import Running
from bot.slack.services import Services


def register(app: AsyncApp, services: Services, running: Running) -> None:
    async def time_zones(ack: AsyncAck, payload: dict[str, Any]) -> None:
        now = services.clock()
        found = zones.suggestions(str(payload.get("value") or ""), now)
        await ack(options=[zone_option(zone, now) for zone in found])

    app.options(ids.pattern(Action.FEED_ZONE))(running.tracked(time_zones))
