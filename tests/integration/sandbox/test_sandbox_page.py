"""The page's door: who is let in, under which policy, and what a request that is none of its own gets."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox import Draft, Sandbox
from bot.sandbox.page import Control, Site


@pytest.fixture
async def shown() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox()
    sandbox.serve(Site(sandbox).attach)
    async with sandbox:
        yield sandbox


@pytest.fixture
async def http(shown: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(shown.url) as session:
        yield session


async def test_the_policy_lets_no_script_in_but_ours(http: aiohttp.ClientSession) -> None:
    for path in ("/", "/page/page.css", "/page/script.js"):
        async with http.get(path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert answer.status == 200
            assert "default-src 'none'" in policy
            assert "script-src 'self';" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/page/script.js", "/sandbox/state", "/api/api.test"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:80"},
        {"Host": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=lambda headers: " ".join(next(iter(headers.items()))),
)
async def test_other_sites_are_refused(
    http: aiohttp.ClientSession, path: str, headers: dict[str, str]
) -> None:
    for method in ("GET", "POST"):
        async with http.request(method, path, headers=headers) as answer:
            assert answer.status == 403


async def test_the_same_site_and_a_link_to_it_are_welcome(
    http: aiohttp.ClientSession, shown: Sandbox
) -> None:
    for headers in (
        {"Origin": shown.url, "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
    ):
        async with http.get("/", headers=headers) as answer:
            assert answer.status == 200


async def test_it_is_bound_to_loopback_only(shown: Sandbox) -> None:
    assert shown.url.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    ("where", "form", "status"),
    [
        ("say?member=nobody&channel=papers", {"text": "x"}, 200),
        ("say?member=jonas&channel=board-only", {"text": "x"}, 200),
        ("say?member=jonas", {"text": "x"}, 400),
        ("say?channel=papers", {"text": "x"}, 400),
        ("press?member=jonas&channel=papers&ts=1.2", {"press": "[]"}, 200),
        ("submit?member=jonas&view_id=V1", {}, 200),
        ("dismiss?member=jonas&channel=papers&ts=1.2", {}, 200),
        ("control?member=jonas", {"control": "morning"}, 200),
    ],
)
async def test_a_request_that_leads_nowhere_is_told_so(
    http: aiohttp.ClientSession, shown: Sandbox, where: str, form: dict[str, str], status: int
) -> None:
    async with http.post(f"/page/{where}", data=form) as answer:
        assert answer.status == status
        if status == 200:
            assert (await answer.json())["error"]
    assert shown.workspace.changes == []


@pytest.mark.parametrize("press", ["", "no json", "[]", "7", '["a"]', '["no", "such"]', '[["a"], {}]'])
async def test_a_press_on_nothing(http: aiohttp.ClientSession, shown: Sandbox, press: str) -> None:
    workspace = shown.workspace
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "block_id": "row", "elements": [button]}]
    message = workspace.post(workspace.channel("papers"), workspace.bot_user, Draft("x", blocks))
    where = f"/page/press?member=jonas&channel=papers&ts={message.ts}"
    async with http.post(where, data={"press": press}) as answer:
        assert (await answer.json())["error"]


@pytest.mark.parametrize(
    "query", ["?member=nobody", "?at=nowhere", "?member=jonas&at=board-only", "?thread=1"]
)
async def test_an_address_of_another_run_leads_to_what_there_is(
    http: aiohttp.ClientSession, query: str
) -> None:
    async with http.get(f"/{query}") as answer:
        assert answer.status == 200
        assert "board-only</h1>" not in await answer.text()


async def test_what_others_see_of_a_private_answer() -> None:
    """Nothing: neither in the page nor in its stream."""
    sandbox = Sandbox()
    sandbox.serve(Site(sandbox).attach)
    workspace = sandbox.workspace
    papers = workspace.channel("papers")
    workspace.post_ephemeral(papers, workspace.user("ada").id, Draft("for Ada alone"))
    async with sandbox, aiohttp.ClientSession(sandbox.url) as session:
        for member, sees in (("ada", True), ("jonas", False)):
            query = {"member": member, "at": "papers"}
            async with session.get("/", params=query) as page:
                assert ("for Ada alone" in await page.text()) == sees
            async with session.get("/page/stream", params=query) as stream:
                assert (b"for Ada alone" in await stream.content.readline()) == sees


async def test_a_control_is_offered_and_acts_once_ready() -> None:
    sandbox = Sandbox()
    pressed: list[str] = []
    ready = [False]

    async def act(member: object) -> None:
        pressed.append("x")

    sandbox.serve(Site(sandbox, [Control("go", "Go on", "a hint", act, lambda: ready[0])]).attach)
    async with sandbox, aiohttp.ClientSession(sandbox.url) as session:
        where = "/page/control?member=ada"
        async with session.post(where, data={"control": "go"}) as answer:
            assert await answer.json() == {"error": "Not now."}
        ready[0] = True
        async with session.post(where, data={"control": "go"}) as answer:
            assert await answer.json() == {}
    assert pressed == ["x"]
