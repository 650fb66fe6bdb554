"""What an operator sets: the environment, and config/paperboy.toml beneath it."""

from bot.settings.cron import Cron
from bot.settings.environment import Settings
from bot.settings.loading import load, strangers
from bot.settings.tables import (
    DeliverySettings,
    FeedSettings,
    FolderSettings,
    GithubSettings,
    MembersSettings,
    SourceSettings,
    UrlSettings,
)
from bot.settings.values import Address, Interval

__all__ = [
    "Address",
    "Cron",
    "DeliverySettings",
    "FeedSettings",
    "FolderSettings",
    "GithubSettings",
    "Interval",
    "MembersSettings",
    "Settings",
    "SourceSettings",
    "UrlSettings",
    "load",
    "strangers",
]
