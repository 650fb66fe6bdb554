"""Where digests come from: what is new in a folder, a GitHub repository or on the web."""

from bot.sources.build import build
from bot.sources.failures import RateLimitError
from bot.sources.fetch import Fetcher
from bot.sources.folder import FolderSource
from bot.sources.github import github
from bot.sources.source import Document, Skipped, Source
from bot.sources.url import UrlSource

__all__ = [
    "Document",
    "Fetcher",
    "FolderSource",
    "RateLimitError",
    "Skipped",
    "Source",
    "UrlSource",
    "build",
    "github",
]
