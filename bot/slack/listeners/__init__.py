"""What Slack tells us, one file a kind. Listeners acknowledge, ask `answers`, and reply; nothing else."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot.slack.listeners import (
    actions,
    channels,
    commands,
    errors,
    home,
    inbox,
    lifecycle,
    links,
    messages,
    options,
    unknown,
    views,
)
from bot.slack.listeners.running import Running
from bot.slack.listeners.surfaces import Surfaces
from bot.slack.services import Services


def register(app: AsyncApp, services: Services) -> Running:
    """Attach every listener to `app`; what is returned waits for those at work."""
    running = Running(services)
    inbox.register(app, services)
    commands.register(app, services, running)
    homes = home.Homes(services)
    surfaces = Surfaces(services, homes)
    actions.register(app, services, running, surfaces)
    views.register(app, services, running, surfaces)
    options.register(app, services, running)
    home.register(app, services, running, homes)
    links.register(app, services, running)
    messages.register(app, services, running)
    channels.register(app, services, running)
    lifecycle.register(app, services, running)
    unknown.register(app, running, surfaces)
    errors.register(app)
    return running
