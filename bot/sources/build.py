"""Sources as the settings describe them; which settings tables look like this is their own affair."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Protocol

import aiohttp

from bot.sources.fetch import Fetcher
from bot.sources.folder import FolderSource
from bot.sources.github import github
from bot.sources.source import Source
from bot.sources.url import UrlSource


class GithubTable(Protocol):
    kind: Literal["github"]
    name: str
    repository: str
    path: str
    backfill: dt.timedelta | None
    api_url: str
    raw_url: str


class FolderTable(Protocol):
    kind: Literal["folder"]
    name: str
    path: Path
    backfill: dt.timedelta | None


class UrlTable(Protocol):
    kind: Literal["url"]
    name: str
    url: str
    backfill: dt.timedelta | None


def build(
    tables: Iterable[GithubTable | FolderTable | UrlTable],
    session: aiohttp.ClientSession,
    *,
    github_token: str | None = None,
) -> tuple[Source, ...]:
    """In the order of `tables`. They share a fetcher, so that a host that wants a pause gets it from all."""
    fetcher = Fetcher(session)
    return tuple(_source(table, fetcher, github_token) for table in tables)


def _source(
    table: GithubTable | FolderTable | UrlTable, fetcher: Fetcher, github_token: str | None
) -> Source:
    if table.kind == "folder":
        return FolderSource(table.name, table.path, table.backfill)
    if table.kind == "url":
        return UrlSource(table.name, table.url, table.backfill, fetcher)
    return github(
        table.name,
        table.repository,
        table.path,
        table.backfill,
        fetcher,
        token=github_token,
        api_url=table.api_url,
        raw_url=table.raw_url,
    )
