"""Homes, modals and response_urls, with the short lives of what opens them."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Draft, Sandbox, sample_workspace

Refusal = Callable[[Awaitable[Any]], Awaitable[str]]
TEXT = {"type": "plain_text", "text": "Hello"}
HOME = {"type": "home", "blocks": [{"type": "section", "text": TEXT}]}
MODAL = {"type": "modal", "title": TEXT, "blocks": [{"type": "section", "text": TEXT}]}


async def test_a_home_is_published_and_guarded_by_its_hash(
    sandbox: Sandbox, client: AsyncWebClient, refusal: Refusal
) -> None:
    ada = sandbox.member("ada")
    first = await client.views_publish(user_id=ada.id, view=HOME)
    again = await client.views_publish(user_id=ada.id, view=HOME, hash=first["view"]["hash"])

    assert again["view"]["id"] == first["view"]["id"]
    assert ada.home and ada.home.as_slack() == again["view"]
    stale = client.views_publish(user_id=ada.id, view=HOME, hash=first["view"]["hash"])
    assert await refusal(stale) == "hash_conflict"
    assert await refusal(client.views_publish(user_id="U404", view=HOME)) == "invalid_arguments"
    assert await refusal(client.views_publish(user_id=ada.id, view=MODAL)) == "invalid_arguments"


@pytest.fixture
async def slow_sandbox() -> AsyncIterator[tuple[Sandbox, list[dt.datetime]]]:
    """With a clock that stands, until it is set."""
    now = [dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)]
    async with Sandbox(sample_workspace(lambda: now[0])) as sandbox:
        yield sandbox, now


async def test_a_trigger_opens_one_modal_within_three_seconds(
    slow_sandbox: tuple[Sandbox, list[dt.datetime]], refusal: Refusal
) -> None:
    sandbox, now = slow_sandbox
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    ada, triggers = sandbox.member("ada"), sandbox.workspace.triggers
    used, late = triggers.issue(ada.id), triggers.issue(ada.id)
    modal = (await client.views_open(trigger_id=used, view=MODAL))["view"]
    assert ada.modal and ada.modal.id == modal["id"]

    assert await refusal(client.views_open(trigger_id=used, view=MODAL)) == "exchanged_trigger_id"
    assert await refusal(client.views_open(trigger_id="1.2.3", view=MODAL)) == "invalid_trigger_id"
    now[0] += dt.timedelta(seconds=4)
    assert await refusal(client.views_open(trigger_id=late, view=MODAL)) == "expired_trigger_id"
    pushed = await client.views_push(trigger_id=triggers.issue(ada.id), view=MODAL)
    assert pushed["view"]["previous_view_id"] == modal["id"]
    await client.views_update(view_id=modal["id"], view=MODAL | {"private_metadata": "2"})
    assert sandbox.workspace.views.get(modal["id"]).private_metadata == "2"  # type: ignore[union-attr]
    assert await refusal(client.views_update(view_id="V404", view=MODAL)) == "not_found"


async def test_a_response_url_serves_five_times_in_half_an_hour(
    slow_sandbox: tuple[Sandbox, list[dt.datetime]],
) -> None:
    sandbox, now = slow_sandbox
    workspace = sandbox.workspace
    ada, papers = sandbox.member("ada"), workspace.channel("papers")
    source = workspace.post(papers, workspace.bot_user, Draft("Original"))
    urls = [workspace.response_urls.issue(workspace.id, papers.id, ada.id, source) for _ in range(2)]

    async with aiohttp.ClientSession() as session:

        async def respond(which: int, **body: Any) -> tuple[int, Any]:
            address = f"{sandbox.url}/commands/{workspace.id}/{urls[which].id}"
            async with session.post(address, json=body) as answer:
                return answer.status, (await answer.json()).get("error")

        assert await respond(0, text="For one") == (200, None)
        assert await respond(0, text="For all", response_type="in_channel") == (200, None)
        assert await respond(0, text="Changed", replace_original=True) == (200, None)
        assert await respond(0) == (400, "no_text")
        assert await respond(0, delete_original=True) == (200, None)
        assert await respond(0, text="Once more") == (404, "used_url")
        now[0] += dt.timedelta(minutes=31)
        assert await respond(1, text="Late") == (404, "expired_url")

    assert [message.text for message in ada.ephemerals()] == ["For one"]
    assert [message.text for message in papers.timeline] == ["Changed", "For all"]
    assert source.deleted
