"""Digests in a GitHub repository: files from the raw host, the list of all of them from the API."""

from __future__ import annotations

import datetime as dt
import json
from urllib.parse import quote

from bot.errors import SourceError
from bot.sources.failures import NotFoundError
from bot.sources.fetch import Fetcher
from bot.sources.url import UrlSource

API, RAW = "https://api.github.com", "https://raw.githubusercontent.com"
ADVICE = "Check `repository` and `path` in the settings; a private repository needs GITHUB_TOKEN"


def github(
    name: str,
    repository: str,
    path: str,
    backfill: dt.timedelta | None,
    fetcher: Fetcher,
    *,
    token: str | None = None,
    api_url: str = API,
    raw_url: str = RAW,
) -> UrlSource:
    """`path`, in the default branch, may hold {yyyy}, {mm} and {dd}."""
    files = f"{raw_url}/{repository}/HEAD/"
    headers = {"Authorization": f"token {token}"} if token else {}
    tree = f"{api_url}/repos/{repository}/git/trees/HEAD?recursive=1"

    async def published(now: dt.datetime) -> frozenset[str]:
        try:
            answer = await fetcher.get(tree, now=now, headers=headers)
        except NotFoundError as error:
            raise NotFoundError(f"{error.user_message}. {ADVICE}", transient=False) from error
        paths = _listed(repository, answer.data if answer else b"")
        return frozenset(files + _quoted(path) for path in paths)

    return UrlSource(
        name,
        files + _quoted(path.strip("/")),
        backfill,
        fetcher,
        headers=headers,
        published=published,
        advice=ADVICE,
    )


def _quoted(path: str) -> str:
    return quote(path, safe="/{}")


def _listed(repository: str, data: bytes) -> list[str]:
    try:
        answer = json.loads(data)
        paths = [str(entry["path"]) for entry in answer["tree"]]
        whole = not answer.get("truncated")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise SourceError(
            f"GitHub's list of the files in {repository} can't be read. It is asked again at the next poll",
            transient=True,
        ) from error
    if not whole:
        raise SourceError(
            f'{repository} holds more files than GitHub lists at once: backfill = "all" can\'t be done.'
            ' Write a span, such as backfill = "365d"',
            transient=False,
        )
    return paths
