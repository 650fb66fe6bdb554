"""Digests in a GitHub repository, through stand-ins of its raw host and its API."""

from __future__ import annotations

import datetime as dt
import json

import aiohttp
import pytest
from webhost import NOW, Host, Reader, status

from bot.errors import SourceError
from bot.settings import FolderSettings, GithubSettings, UrlSettings
from bot.sources import Fetcher, FolderSource, UrlSource, build, github

WEEK = dt.timedelta(days=7)
RAW = "/raw/owner/papers/HEAD"
TREE = "/api/repos/owner/papers/git/trees/HEAD"


def repository(
    host: Host,
    fetcher: Fetcher,
    backfill: dt.timedelta | None = WEEK,
    *,
    path: str = "archive/{yyyy}/{mm}/{dd}.md",
    token: str | None = None,
) -> Reader:
    source = github(
        "daily",
        "owner/papers",
        path,
        backfill,
        fetcher,
        token=token,
        api_url=f"{host.url}/api",
        raw_url=f"{host.url}/raw",
    )
    return Reader(source)


def tree(*paths: str, truncated: bool = False) -> bytes:
    entries = [{"path": path, "type": "blob"} for path in paths]
    return json.dumps({"tree": entries, "truncated": truncated}).encode()


async def refusal(papers: Reader) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await papers.read()
    return caught.value


async def test_a_span_needs_no_api(host: Host, fetcher: Fetcher) -> None:
    host.put(f"{RAW}/archive/2025/04/28.md", "Monday")
    host.put(f"{RAW}/archive/2025/04/30.md", "Wednesday")
    papers = repository(host, fetcher)
    assert await papers.read() == ["Monday", "Wednesday"]
    assert await papers.read() == []
    assert {path[:5] for path in host.paths} == {"/raw/"}


async def test_all_there_is_takes_one_list(host: Host, fetcher: Fetcher) -> None:
    days = ("2023/12/31", "2025/04/28", "2025/04/30")
    for day in days:
        host.put(f"{RAW}/archive/{day}.md", day)
    others = ("README.md", "archive/2025/04/28.json", "archive/2099/01/01.md", "archive")
    host.say(TREE, status(200, tree(*others, *(f"archive/{day}.md" for day in days))))
    papers = repository(host, fetcher, None)
    assert await papers.read() == list(days)
    assert len(host.asked) == 4
    assert host.asked[0].query["recursive"] == "1"

    host.put(f"{RAW}/archive/2025/05/01.md", "Thursday")
    assert await papers.read(NOW + dt.timedelta(days=1)) == ["Thursday"]
    assert host.paths.count(TREE) == 1


async def test_a_list_that_github_cuts_short_is_told(host: Host, fetcher: Fetcher) -> None:
    host.say(TREE, status(200, tree("archive/2025/04/30.md", truncated=True)))
    error = await refusal(repository(host, fetcher, None))
    assert not error.transient
    assert error.user_message == (
        'owner/papers holds more files than GitHub lists at once: backfill = "all" can\'t be done.'
        ' Write a span, such as backfill = "365d"'
    )


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"tree": 3}', b'{"tree": [{"path": []}, 3]}', b"[" * 9999]
)
async def test_a_list_that_is_none_is_told(host: Host, fetcher: Fetcher, body: bytes) -> None:
    host.say(TREE, status(200, body))
    error = await refusal(repository(host, fetcher, None))
    assert error.transient
    assert error.user_message == (
        "GitHub's list of the files in owner/papers can't be read. It is asked again at the next poll"
    )


async def test_a_repository_that_is_not_there(host: Host, fetcher: Fetcher) -> None:
    advice = "Check `repository` and `path` in the settings; a private repository needs GITHUB_TOKEN"
    listed = await refusal(repository(host, fetcher, None))
    assert listed.user_message == f"{host.url}{TREE} answered 404: nothing is there. {advice}"
    asked = await refusal(repository(host, fetcher, dt.timedelta(days=90)))
    assert asked.user_message == (
        f"{host.url}{RAW}/archive/{{yyyy}}/{{mm}}/{{dd}}.md has had no digest for 14 days. {advice}"
    )


async def test_a_token_goes_with_every_request(host: Host, fetcher: Fetcher) -> None:
    host.say(TREE, status(200, tree("archive/2025/04/30.md")))
    host.put(f"{RAW}/archive/2025/04/30.md", "Wednesday")
    await repository(host, fetcher, None, token="hush").read()
    assert [request.headers["Authorization"] for request in host.asked] == ["token hush"] * 2


async def test_without_one_nothing_is_said(host: Host, fetcher: Fetcher) -> None:
    host.put(f"{RAW}/archive/2025/04/30.md", "Wednesday")
    await repository(host, fetcher).read()
    assert not any("Authorization" in request.headers for request in host.asked)


async def test_one_readme_with_every_day(host: Host, fetcher: Fetcher) -> None:
    host.put(f"{RAW}/README.md", "every day")
    papers = repository(host, fetcher, path="/README.md")
    assert await papers.read() == ["every day"]
    assert await papers.read() == []


async def test_a_path_with_unusual_characters(host: Host, fetcher: Fetcher) -> None:
    host.say(TREE, status(200, tree("été #1/2025 04.md")))
    host.put(f"{RAW}/été #1/2025 04.md", "April")
    assert await repository(host, fetcher, None, path="été #1/{yyyy} {mm}.md").read() == ["April"]


async def test_an_exhausted_api_is_left_alone(host: Host, fetcher: Fetcher) -> None:
    reset = str(int(NOW.timestamp()) + 900)
    host.say(TREE, status(403, X_RateLimit_Remaining="0", X_RateLimit_Reset=reset))
    papers = repository(host, fetcher, None)
    for _ in range(2):
        error = await refusal(papers)
        assert error.transient
        assert error.user_message == (
            "127.0.0.1 wants no more requests for now. It is left alone until 2025-04-30 12:15 UTC and asked"
            " again after that; for GitHub, GITHUB_TOKEN raises the limit"
        )
    assert len(host.asked) == 1


async def test_sources_are_made_as_the_settings_say(
    host: Host, session: aiohttp.ClientSession, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("digests")
    (folder / "2025-04-30.md").write_text("local")
    host.put(f"{RAW}/a/2025.md", "github")
    host.put("/all.md", "web")
    tables = (
        GithubSettings(
            kind="github",
            name="daily",
            repository="owner/papers",
            path="a/{yyyy}.md",
            backfill=WEEK,
            raw_url=f"{host.url}/raw",
        ),
        FolderSettings(kind="folder", name="local", path=folder),
        UrlSettings(kind="url", name="web", url=f"{host.url}/all.md"),
    )
    sources = build(tables, session, github_token="hush")
    assert [source.name for source in sources] == ["daily", "local", "web"]
    assert [type(source) for source in sources] == [UrlSource, FolderSource, UrlSource]
    assert [await Reader(source).read() for source in sources] == [["github"], ["local"], ["web"]]
    assert [request.headers.get("Authorization") for request in host.asked] == ["token hush", None]
