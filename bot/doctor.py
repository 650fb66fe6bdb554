"""Looks at each thing that can be wrong with an installation, and says what to do about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import Core, open_core, secret
from bot.errors import BotError
from bot.library import digests, sources
from bot.library.database import Database
from bot.settings import Settings
from bot.slack.client import answer_to, web_client

NEEDED = ("commands", "chat:write")
OPTIONAL = {
    "users:read": "members' hours are taken as UTC",
    "channels:read": "doctor can't tell whether the bot is in a public channel",
    "channels:history": "after a crash it can't be seen whether a post arrived",
}
CLOCK_SECONDS = 60  # Slack refuses signatures that are five minutes off


class Health(StrEnum):
    FINE = "fine"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    check: str
    health: Health
    found: str
    advice: str = ""


async def examine(settings: Settings) -> list[Finding]:
    return [finding async for finding in _examine(settings)]


async def _examine(settings: Settings) -> AsyncIterator[Finding]:
    yield _configuration(settings)
    database = await _database(settings)
    yield database
    if database.health is not Health.FINE:
        return
    async with open_core(settings, migrate=False) as core:
        async for finding in _sources(core):
            yield finding
        yield await _library(core)
        async for finding in _slack(core):
            yield finding


def _configuration(settings: Settings) -> Finding:
    there = f"{settings.config}" if settings.config.exists() else f"no {settings.config}, so all is default"
    found = f"{there}: {len(settings.sources)} sources, {len(settings.feeds)} feeds"
    if settings.sources:
        return Finding("settings", Health.FINE, found)
    return Finding(
        "settings", Health.NOTE, found, "Add a [[sources]] table to it: where the digests come from."
    )


async def _database(settings: Settings) -> Finding:
    database = Database(settings.database_url)
    try:
        schema = await database.check()
    except BotError as error:
        return Finding("database", Health.WRONG, error.user_message)
    finally:
        await database.close()
    if schema.current == schema.head:
        return Finding("database", Health.FINE, f"{database.place} is up to date")
    if schema.is_newer:
        return Finding(
            "database",
            Health.WRONG,
            f"{database.place} is newer than this Paperboy",
            "Install the newer one again.",
        )
    return Finding(
        "database",
        Health.WRONG,
        f"{database.place} is not set up for this version",
        "Run `paperboy db upgrade`; `paperboy run` does it by itself.",
    )


async def _sources(core: Core) -> AsyncIterator[Finding]:
    async with core.database.read() as conn:
        states = {state.name: state for state in await sources.states(conn)}
    for source in core.sources:
        state = states.get(source.name)
        check = f"source {source.name}"
        if state is None or state.attempted_at is None:
            yield Finding(check, Health.NOTE, "not read yet", "`paperboy run` or `paperboy ingest` reads it.")
        elif state.error:
            since = f"{state.failing_since:%Y-%m-%d %H:%M} UTC" if state.failing_since else "its first day"
            yield Finding(check, Health.WRONG, f"failing since {since}", state.error)
        else:
            yield Finding(check, Health.FINE, f"read at {state.attempted_at:%Y-%m-%d %H:%M} UTC")


async def _library(core: Core) -> Finding:
    async with core.database.read() as conn:
        counts = await digests.counts(conn)
    found = f"{counts.papers} papers in {counts.digests} digests"
    if counts.newest:
        return Finding("library", Health.FINE, f"{found}, the newest of {counts.newest}")
    return Finding("library", Health.NOTE, "no digest yet", "`paperboy ingest PATH` takes some in.")


# --- Slack --------------------------------------------------------------------------------------


async def _slack(core: Core) -> AsyncIterator[Finding]:
    token = secret(core.settings.slack_bot_token)
    if token is None:
        yield Finding(
            "Slack", Health.WRONG, "SLACK_BOT_TOKEN is not set", "Put the bot's token (xoxb-…) into .env."
        )
        return
    client = web_client(token, core.settings.slack_api_url, core.session)
    try:
        answer = await client.auth_test()
    except (SlackApiError, aiohttp.ClientError, OSError, TimeoutError) as error:
        yield _slack_failed(error)
        return
    headers = {name.lower(): value for name, value in answer.headers.items()}
    yield Finding("Slack", Health.FINE, f"{answer['user']} in {answer['team']}")
    yield _clock(headers.get("date"), core.clock())
    yield _scopes(headers.get("x-oauth-scopes", ""))
    yield await _socket(core)
    async for finding in _channels(core, client):
        yield finding


def _slack_failed(error: Exception) -> Finding:
    answer = answer_to(error)
    advice = getattr(answer, "advice", "Check this machine's network, and status.slack.com.")
    return Finding("Slack", Health.WRONG, getattr(answer, "code", None) or str(answer), advice)


def _clock(theirs: str | None, ours: dt.datetime) -> Finding:
    try:
        moment = parsedate_to_datetime(theirs or "")
    except ValueError:
        return Finding("clock", Health.NOTE, f"{ours:%Y-%m-%d %H:%M} UTC; Slack's is not known")
    off = abs((ours - moment).total_seconds())
    if off <= CLOCK_SECONDS:
        return Finding("clock", Health.FINE, f"{ours:%Y-%m-%d %H:%M} UTC, as Slack's")
    return Finding(
        "clock",
        Health.WRONG,
        f"{off:.0f} s off Slack's",
        "Set this machine's clock (NTP): posts come at the wrong hour.",
    )


def _scopes(granted: str) -> Finding:
    scopes = {scope.strip() for scope in granted.split(",")}
    if missing := [scope for scope in NEEDED if scope not in scopes]:
        advice = "Install the app again from config/slack-manifest.yaml."
        return Finding("scopes", Health.WRONG, f"missing {', '.join(missing)}", advice)
    if lacking := {scope: loss for scope, loss in OPTIONAL.items() if scope not in scopes}:
        losses = "; ".join(f"without {scope} {loss}" for scope, loss in lacking.items())
        return Finding("scopes", Health.NOTE, losses, "Each is optional; the manifest says what it is for.")
    return Finding("scopes", Health.FINE, ", ".join(sorted(scopes)))


async def _socket(core: Core) -> Finding:
    if core.settings.http_mode:
        return Finding(
            "connection", Health.FINE, f"HTTP on {core.settings.http.host}:{core.settings.http.port}"
        )
    token = secret(core.settings.slack_app_token)
    if token is None:
        advice = "Set SLACK_APP_TOKEN (xapp-…), or SLACK_SIGNING_SECRET for HTTP."
        return Finding("connection", Health.WRONG, "no way for Slack to reach the bot", advice)
    client = web_client(None, core.settings.slack_api_url, core.session)
    try:
        await client.apps_connections_open(app_token=token)
    except (SlackApiError, aiohttp.ClientError, OSError, TimeoutError):
        advice = "Make an app-level token with connections:write, and turn Socket Mode on."
        return Finding("connection", Health.WRONG, "SLACK_APP_TOKEN opens no socket", advice)
    return Finding("connection", Health.FINE, "Socket Mode")


async def _channels(core: Core, client: AsyncWebClient) -> AsyncIterator[Finding]:
    for feed in core.settings.feeds:
        check = f"channel {feed.channel}"
        try:
            channel = (await client.conversations_info(channel=feed.channel))["channel"]
        except SlackApiError as error:
            code = error.response.get("error", "") if error.response else ""
            if code == "missing_scope":
                yield Finding(check, Health.NOTE, "can't be looked at without the scope channels:read")
            else:
                yield Finding(check, Health.WRONG, code, getattr(answer_to(error), "advice", ""))
            continue
        name = channel.get("name", feed.channel)
        if channel.get("is_archived"):
            yield Finding(check, Health.WRONG, f"#{name} is archived", "Choose another channel.")
        elif not channel.get("is_member"):
            yield Finding(
                check, Health.WRONG, f"the bot is not in #{name}", f"Type /invite @Paperboy in #{name}."
            )
        else:
            yield Finding(check, Health.FINE, f"#{name}")
