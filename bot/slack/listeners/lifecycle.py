"""A workspace takes the app away: nothing more is sent there, and nothing is forgotten."""

from __future__ import annotations

from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack.listeners.running import Running
from bot.slack.services import Services

log = structlog.get_logger(__name__)


def register(app: AsyncApp, services: Services, running: Running) -> None:
    async def uninstalled(context: AsyncBoltContext) -> None:
        await gone(context.team_id or "")

    async def revoked(event: dict[str, Any], context: AsyncBoltContext) -> None:
        if (event.get("tokens") or {}).get("bot"):  # members' own tokens are none of ours
            await gone(context.team_id or "")

    async def gone(workspace: str) -> None:
        log.warning("the app was taken out of the workspace", workspace=workspace)
        await services.uninstalled(workspace)

    app.event("app_uninstalled")(running.tracked(uninstalled))
    app.event("tokens_revoked")(running.tracked(revoked))
