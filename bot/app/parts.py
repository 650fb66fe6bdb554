"""The parts of a bot, each built from the core and the settings."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.app.core import Core, secret
from bot.delivery.attempt import Attempt
from bot.delivery.channels import ChannelFeeds, Words
from bot.delivery.courier import Courier
from bot.delivery.inquiry import Inquiry
from bot.delivery.pace import Pace
from bot.delivery.patience import Patience
from bot.delivery.planner import Renderers
from bot.delivery.planning import Planning
from bot.delivery.reasons import Policy
from bot.delivery.refusals import Refusals
from bot.delivery.silence_watch import SilenceWatch
from bot.health.meters import MeteredPoster, Meters
from bot.slack.blocks import feed, notice, rendering
from bot.slack.blocks.silent import silent
from bot.slack.client import SlackPoster, web_client
from bot.slack.connection import Connection, HttpConnection, SocketConnection
from bot.slack.identity import Identity

RENDER = Renderers(
    digest=rendering.digest, empty=rendering.empty, member=rendering.member, roundup=rendering.roundup
)


def planning(core: Core) -> Planning:
    delivery = core.settings.delivery
    return Planning(
        core.database,
        RENDER,
        first_run_latest=delivery.first_run == "latest",
        max_age=delivery.max_age,
        sources=frozenset(source.name for source in core.sources),
    )


def inquiry(core: Core) -> Inquiry:
    delivery = core.settings.delivery
    return Inquiry(
        core.database,
        Policy(first_run_latest=delivery.first_run == "latest", max_age=delivery.max_age),
        frozenset(source.name for source in core.sources),
    )


def silence_watch(core: Core, meters: Meters) -> SilenceWatch:
    names = frozenset(source.name for source in core.sources)
    return SilenceWatch(core.database, silent, names, meters.silent)


def channel_feeds(core: Core, wake: Callable[[str], None]) -> ChannelFeeds:
    return ChannelFeeds(
        core.database,
        core.time,
        Words(introduction=feed.introduction, paused=notice.paused),
        wake,
        anyone_may_change=core.settings.members.change_feeds == "anyone",
    )


def courier(
    core: Core, client: AsyncWebClient, identity: Identity, pace: Pace, patience: Patience, meters: Meters
) -> Courier:
    poster = MeteredPoster(SlackPoster(client, identity.bot), meters)
    attempt = Attempt(
        lambda workspace: poster,
        Refusals(core.database, core.time, notice.paused),
        resend_when_unsure=core.settings.delivery.when_unsure == "resend",
        patience=patience,
    )
    return Courier(
        core.database,
        attempt,
        owner=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}",
        time=core.time,
        pace=pace,
        on_recorded=meters.recorded,
    )


def bolt(core: Core, client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(
        client=client,
        signing_secret=secret(core.settings.slack_signing_secret) or "",
        request_verification_enabled=core.settings.http_mode,
    )


def connection(core: Core, app: AsyncApp) -> Connection:
    settings = core.settings
    if settings.http_mode:
        return HttpConnection(app, settings.http.host, settings.http.port)
    client = web_client(None, settings.slack_api_url, core.session)
    return SocketConnection(app, secret(settings.slack_app_token) or "", client)
