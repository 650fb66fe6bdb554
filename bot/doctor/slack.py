"""What Slack says: of our tokens, what they allow, its clock, and the channels we post to."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncGenerator, Mapping
from email.utils import parsedate_to_datetime

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.app.core import Clock, secret
from bot.delivery.poster import RateLimited, Refused, Unknown, Unreachable
from bot.doctor.finding import Finding, Health
from bot.settings import Settings
from bot.slack.client import answer_to, web_client
from bot.slack.connection import EVENTS_PATH

NEEDED = ("commands", "chat:write")
OPTIONAL = (  # and what is lost without them
    (("users:read",), "members' hours are taken as UTC"),
    (("channels:read", "groups:read"), "`paperboy doctor` can't look at channels"),
    (("links:read", "links:write"), "links to papers don't show what they are about"),
    (
        ("channels:history", "groups:history", "im:history", "im:write"),
        "a crash may repeat the post that it cut short",
    ),
)
POST_ANYWHERE = "chat:write.public"
CLOCK_SECONDS = 60  # Slack's signatures are refused when they are five minutes old
TROUBLE = (SlackApiError, aiohttp.ClientError, OSError, TimeoutError)

GET_BOT_TOKEN = "Copy the Bot User OAuth Token (xoxb-…) from your Slack app's OAuth & Permissions to .env."  # noqa: S105
OPEN_A_WAY = (
    "Copy the App-Level Token (xapp-…) from your Slack app's Basic Information to .env; or, for HTTP, the"
    " Signing Secret as SLACK_SIGNING_SECRET."
)
MEND_SOCKET = (
    "Make an App-Level Token with the scope connections:write (Basic Information), copy it to .env as"
    " SLACK_APP_TOKEN, and turn Socket Mode on."
)
INSTALL_AGAIN = "Install the app again from config/slack-manifest.yaml."
ADD_SCOPES = "Each is optional: add those you want to the manifest, and install the app again."
NETWORK = "Check this machine's network and proxy, and status.slack.com."
SET_CLOCK = "Set this machine's clock (NTP): posts come at the wrong hour, and HTTP mode trusts no request."


class Workspace:
    """`id` is the one that the bot's token is for, once `examine` has asked; "" until then."""

    def __init__(self, settings: Settings, session: aiohttp.ClientSession) -> None:
        self.id = ""
        self._settings = settings
        self._scopes: set[str] = set()
        self._client = web_client(secret(settings.slack_bot_token), settings.slack_api_url, session)

    async def examine(self, clock: Clock) -> AsyncGenerator[Finding, None]:
        if self._settings.slack_bot_token is None:
            yield Finding("Slack", Health.WRONG, "SLACK_BOT_TOKEN is not set", GET_BOT_TOKEN)
        else:
            try:
                answer = await self._client.auth_test()
            except TROUBLE as error:
                yield _failed("Slack", error)
            else:
                self.id = str(answer["team_id"])
                headers = {name.lower(): value for name, value in answer.headers.items()}
                self._scopes = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
                yield Finding("Slack", Health.FINE, f"@{answer['user']} in {answer['team']}")
                yield _clock(headers, clock())
                yield _allowed(self._scopes)
        yield await _connection(self._settings, self._client)

    async def channel(self, channel: str) -> Finding:
        """Whether the bot can post there."""
        check = f"channel {channel}"
        try:
            found = (await self._client.conversations_info(channel=channel))["channel"]
        except TROUBLE as error:
            if _code(error) == "missing_scope":
                return Finding(check, Health.NOTE, "can't be looked at", ADD_SCOPES)
            return _failed(check, error)
        name = f"#{found.get('name', channel)}"
        if found.get("is_archived"):
            return Finding(check, Health.WRONG, f"{name} is archived", "Choose another, or bring it back.")
        if found.get("is_member"):
            return Finding(check, Health.FINE, f"{name}, and the bot is in it")
        if not found.get("is_private") and POST_ANYWHERE in self._scopes:
            return Finding(check, Health.FINE, f"{name}; the bot is not in it, but may post")
        return Finding(check, Health.WRONG, f"the bot is not in {name}", f"Type /invite @Paperboy in {name}.")


def _failed(check: str, error: Exception) -> Finding:
    match answer_to(error):
        case Refused(code, advice):
            return Finding(check, Health.WRONG, f"Slack says {code}", advice)
        case RateLimited(seconds):
            return Finding(check, Health.NOTE, "Slack asks to slow down", f"Try again in {seconds:.0f} s.")
        case Unreachable(reason) | Unknown(reason):
            return Finding(check, Health.WRONG, reason, NETWORK)
        case answer:
            return Finding(check, Health.WRONG, str(answer), NETWORK)


def _code(error: Exception) -> str:
    answer = answer_to(error)
    return answer.code if isinstance(answer, Refused) else ""


def _clock(headers: Mapping[str, str], ours: dt.datetime) -> Finding:
    try:
        theirs = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return Finding("clock", Health.NOTE, f"{ours:%Y-%m-%d %H:%M} UTC; Slack doesn't tell its own")
    off = (ours - theirs).total_seconds()
    if abs(off) <= CLOCK_SECONDS:
        return Finding("clock", Health.FINE, f"{ours:%Y-%m-%d %H:%M} UTC, as Slack's")
    found = f"{abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} Slack's"
    return Finding("clock", Health.WRONG, found, SET_CLOCK)


def _allowed(scopes: set[str]) -> Finding:
    if missing := [scope for scope in NEEDED if scope not in scopes]:
        return Finding("scopes", Health.WRONG, f"missing: {', '.join(missing)}", INSTALL_AGAIN)
    losses = []
    for wanted, loss in OPTIONAL:
        if lacking := [scope for scope in wanted if scope not in scopes]:
            losses.append(f"without {', '.join(lacking)}, {loss}")
    if losses:
        return Finding("scopes", Health.NOTE, "; ".join(losses), ADD_SCOPES)
    return Finding("scopes", Health.FINE, ", ".join(sorted(scopes)))


async def _connection(settings: Settings, client: AsyncWebClient) -> Finding:
    """How Slack reaches the bot."""
    if settings.http_mode:
        where = f"{settings.http.host}:{settings.http.port}{EVENTS_PATH}"
        return Finding("connection", Health.FINE, f"HTTP, listening on {where}")
    token = secret(settings.slack_app_token)
    if token is None:
        return Finding("connection", Health.WRONG, "SLACK_APP_TOKEN is not set", OPEN_A_WAY)
    try:
        await client.apps_connections_open(app_token=token)
    except TROUBLE as error:
        if code := _code(error):
            found = f"Slack refuses SLACK_APP_TOKEN ({code})"
            return Finding("connection", Health.WRONG, found, MEND_SOCKET)
        return _failed("connection", error)
    return Finding("connection", Health.FINE, "Socket Mode")
