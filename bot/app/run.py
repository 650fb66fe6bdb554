"""Running the bot: what it needs, its opening and its end."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bot.app.bot import Bot, Role
from bot.app.core import Clock, open_core, secret, utc_now
from bot.delivery.pace import Pace
from bot.delivery.patience import Patience
from bot.delivery.runner import Rhythm
from bot.errors import SettingsError
from bot.health.server import Health
from bot.settings import Settings
from bot.slack.client import web_client
from bot.slack.identity import identify

PATIENCE = Patience()
RHYTHM = Rhythm()


def check_can_run(settings: Settings, role: Role) -> None:
    """SettingsError where something that `run` needs is not set."""
    missing = []
    if settings.slack_bot_token is None:
        missing.append("SLACK_BOT_TOKEN (xoxb-…, from your app's page “Install App”)")
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        missing.append("SLACK_APP_TOKEN (xapp-…, from “Basic Information”), or SLACK_SIGNING_SECRET for HTTP")
    if missing:
        raise SettingsError(
            "To reach Slack, set in .env or the environment:\n  "
            + "\n  ".join(missing)
            + "\n`paperboy demo` needs none of them."
        )
    if role is not Role.ALL and settings.database_url.startswith("sqlite"):
        raise SettingsError(
            "Roles are for several processes, and SQLite serves one. Set DATABASE_URL to a PostgreSQL"
            " database, or leave --role out."
        )


@asynccontextmanager
async def open_bot(
    settings: Settings,
    role: Role,
    *,
    clock: Clock = utc_now,
    pace: Pace | None = None,
    patience: Patience = PATIENCE,
    rhythm: Rhythm = RHYTHM,
) -> AsyncIterator[Bot]:
    """A bot that is started, and stopped at the end. `pace`: other than Slack allows and the settings say."""
    check_can_run(settings, role)
    pace = pace or Pace(per_minute=settings.delivery.posts_per_minute)
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(open_core(settings, clock=clock))
        stack.enter_context(core.database.lock())
        health = Health(core.database, clock, {source.name for source in core.sources})
        if settings.health:
            await stack.enter_async_context(health.served(*settings.health))
        token = secret(settings.slack_bot_token)
        client = web_client(token, settings.slack_api_url, core.session)
        bot = Bot(core, client, await identify(client), role, pace, patience, rhythm, health)
        stack.push_async_callback(bot.stop)
        await bot.start()
        yield bot


def spare_the_collector() -> None:
    """What the start made lives to the end: nobody need look through it for garbage again and again."""
    gc.collect()
    gc.freeze()
