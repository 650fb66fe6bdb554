"""What listeners may call. The composition root fills it in; listeners only translate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.channels import ChannelFeeds
from bot.delivery.inquiry import Inquiry
from bot.delivery.mail import Mail
from bot.delivery.quiet import Quiet
from bot.library.inbox import Inbox
from bot.library.service import Library
from bot.slack.channels import Channels
from bot.slack.people import People
from bot.slack.places import Places
from bot.subscriptions.recent import Recent
from bot.subscriptions.service import Subscriptions


@dataclass(frozen=True, slots=True)
class Services:
    library: Library
    subscriptions: Subscriptions
    recent: Recent
    inquiry: Inquiry
    people: People
    places: Places
    client: AsyncWebClient  # for calls that may be repeated: Home, users
    clock: Callable[[], dt.datetime]
    inbox: Inbox
    uninstalled: Callable[[str], Awaitable[None]]  # a workspace took the app away
    feeds: ChannelFeeds
    channels: Channels
    quiet: Quiet
    mail: Mail


@dataclass(frozen=True, slots=True)
class Member:
    """Who asks."""

    workspace: str
    id: str
    channel: str = ""  # where; "" in the App Home
    press: str = ""  # which of their presses or commands it is: what it sends comes once for each
