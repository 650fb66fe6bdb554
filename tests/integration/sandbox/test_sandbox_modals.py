"""Modals: filled in step by step, suggested to, pushed, closed; and Homes that are pressed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox, SandboxError, View

Refusal = Callable[[Awaitable[Any]], Awaitable[str]]
Running = Callable[[AsyncApp], AbstractAsyncContextManager[None]]


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def option(name: str) -> dict[str, Any]:
    return {"text": plain(name), "value": name}


def box(name: str, kind: str, **more: Any) -> dict[str, Any]:
    """An input block, its block_id and action_id both `name`."""
    outside = {key: more.pop(key) for key in ("optional", "dispatch_action") if key in more}
    element = {"type": kind, "action_id": name} | more
    return {"type": "input", "block_id": name, "label": plain(name), "element": element} | outside


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    shown = {"type": "modal", "callback_id": "feed", "title": plain("A feed"), "submit": plain("Save")}
    return shown | {"blocks": list(blocks)} | more


OPTIONS = [option("a"), option("b"), option("c")]
FEED = modal(
    box("filter", "plain_text_input", dispatch_action=True, max_length=20),
    box("layout", "static_select", options=OPTIONS, initial_option=OPTIONS[0]),
    box("days", "multi_static_select", options=OPTIONS, optional=True),
    box("empty", "radio_buttons", options=OPTIONS),
    box("more", "checkboxes", options=OPTIONS, optional=True),
    box("hour", "timepicker", initial_time="09:00"),
    box("tag", "external_select", min_query_length=0, optional=True),
    box(
        "where",
        "conversations_select",
        default_to_current_conversation=True,
        response_url_enabled=True,
    ),
    private_metadata="page 1",
    notify_on_close=True,
)


async def opened(sandbox: Sandbox, client: AsyncWebClient, view: dict[str, Any], name: str = "ada") -> View:
    member = sandbox.member(name)
    papers = sandbox.workspace.channel("papers").id
    trigger = sandbox.workspace.triggers.issue(member.id, papers)
    await client.views_open(trigger_id=trigger, view=view)
    assert member.modal
    return member.modal


async def test_an_input_tells_of_itself_before_the_modal_is_submitted(
    sandbox: Sandbox, app: AsyncApp, running: Running
) -> None:
    heard = []

    @app.action("filter")
    async def count(ack: Any, action: Any, body: Any, client: Any) -> None:
        await ack()
        view = body["view"]
        heard.append((action["value"], view["state"]["values"], body["container"], "response_url" in body))
        counted = FEED["blocks"] + [{"type": "context", "elements": [plain("matches 42 papers")]}]
        await client.views_update(view_id=view["id"], hash=view["hash"], view=FEED | {"blocks": counted})

    async with running(app):
        ada = sandbox.member("ada")
        view = await opened(sandbox, app.client, FEED)
        ada.fill(view, {"days": ["b", "c"], "empty": "b"})
        reply = await ada.press(view, "filter", "robots")

    value, values, container, has_url = heard[0]
    assert (value, values["filter"]["filter"]["value"]) == ("robots", "robots")
    assert [each["value"] for each in values["days"]["days"]["selected_options"]] == ["b", "c"]
    assert values["layout"]["layout"]["selected_option"]["value"] == "a"
    assert values["hour"]["hour"]["selected_time"] == "09:00"
    assert values["where"]["where"]["selected_conversation"] == sandbox.workspace.channel("papers").id
    assert container == {"type": "view", "view_id": view.id}
    assert has_url is False
    assert reply.view is view
    assert view.state["empty"]["empty"]["selected_option"]["value"] == "b"  # outlasts the update
    with pytest.raises(SandboxError, match="before the view is submitted"):
        await ada.press(view, "days", ["a"])


async def test_a_submission_carries_state_metadata_and_response_urls(
    sandbox: Sandbox, app: AsyncApp, running: Running
) -> None:
    heard = []

    @app.options("tag")
    async def tags(ack: Any, payload: Any) -> None:
        await ack(options=[option(f"{payload['value']} {number}") for number in (1, 2)])

    @app.view("feed")
    async def feed(ack: Any, view: Any, body: Any, client: Any) -> None:
        await ack()
        heard.append(view)
        address = body["response_urls"][0]
        assert address["action_id"] == "where"
        await AsyncWebClient()._request(  # type: ignore[no-untyped-call]
            http_verb="POST", api_url=address["response_url"], req_args={"json": {"text": "The feed is set."}}
        )

    async with running(app):
        ada = sandbox.member("ada")
        view = await opened(sandbox, app.client, FEED)
        with pytest.raises(SandboxError, match="tag"):
            ada.fill(view, {"tag": "robot 2"})
        offered = await ada.suggestions(view, "tag", "robot")
        with pytest.raises(SandboxError, match="complete the required field “filter”"):
            await ada.submit(view)
        with pytest.raises(SandboxError, match="“filter” takes 0 to 20 characters"):
            await ada.submit(view, {"filter": "x" * 21})
        reply = await ada.submit(view, {"filter": "x", "empty": "a", "tag": "robot 2"}, answers=2)

    assert [each["value"] for each in offered] == ["robot 1", "robot 2"]
    assert heard[0]["private_metadata"] == "page 1"
    assert heard[0]["state"]["values"]["tag"]["tag"]["selected_option"]["value"] == "robot 2"
    assert reply.text == "The feed is set."
    assert ada.modal is None


async def test_modals_are_pushed_three_deep_and_closed_one_by_one_or_all(
    sandbox: Sandbox, app: AsyncApp, running: Running
) -> None:
    closed = []
    more = modal(box("name", "plain_text_input"), notify_on_close=True)

    @app.view("feed")
    async def feed(ack: Any, view: Any) -> None:
        name = view["state"]["values"]["name"]["name"]["value"]
        answers = {
            "deeper": {"response_action": "push", "view": more},
            "other": {"response_action": "update", "view": more | {"title": plain("Other")}},
            "all": {"response_action": "clear"},
            "wrong": {"response_action": "errors", "errors": {"no_such_input": "x"}},
        }
        await ack(**answers[name])

    @app.view_closed("feed")
    async def close(ack: Any, body: Any) -> None:
        await ack()
        closed.append((body["view"]["id"], body["is_cleared"]))

    async with running(app):
        ada = sandbox.member("ada")
        first = await opened(sandbox, app.client, more)
        second = (await ada.submit(first, {"name": "deeper"})).view
        third = (await ada.submit(second, {"name": "deeper"})).view
        refused = await ada.submit(third, {"name": "deeper"})
        assert (await ada.submit(third, {"name": "wrong"})).error == "invalid_response_action"
        changed = (await ada.submit(third, {"name": "other"})).view
        await ada.dismiss(third)
        in_front = ada.modal
        await ada.dismiss(second, all_of_them=True)
        left = ada.modal
        last = await opened(sandbox, app.client, more)
        await ada.submit(last, {"name": "all"})

    assert (second.previous_id, third.root_id) == (first.id, first.id)
    assert refused.error == "push_limit_reached"
    assert changed.payload["title"] == plain("Other")
    assert in_front is second
    assert left is None and ada.modal is None
    assert closed == [(third.id, False), (second.id, True), (first.id, True)]


async def test_a_modal_is_updated_by_its_own_name_and_hash(
    sandbox: Sandbox, client: AsyncWebClient, refusal: Refusal
) -> None:
    view = await opened(sandbox, client, FEED | {"external_id": "feed-1"})
    before = view.hash
    sandbox.member("ada").fill(view, {"filter": "robots", "layout": "b"})
    text = box("layout", "plain_text_input")
    answer = await client.views_update(external_id="feed-1", hash=before, view=modal(FEED["blocks"][0], text))

    assert answer["view"]["id"] == view.id
    assert view.state["filter"]["filter"]["value"] == "robots"
    assert view.state["layout"]["layout"] == {"type": "plain_text_input", "value": None}
    stale = client.views_update(view_id=view.id, hash=before, view=FEED)
    assert await refusal(stale) == "hash_conflict"


async def test_a_home_has_elements_that_act_and_tabs_that_are_told_apart(
    sandbox: Sandbox, app: AsyncApp, running: Running
) -> None:
    heard, opened_tabs = [], []
    row = {"type": "button", "action_id": "page", "text": plain("Next"), "value": "2"}
    days = {"type": "static_select", "action_id": "day", "options": OPTIONS}
    home = {"type": "home", "blocks": [{"type": "actions", "block_id": "row", "elements": [row, days]}]}

    @app.event("app_home_opened")
    async def tab(event: Any, client: Any) -> None:
        opened_tabs.append((event["tab"], event.get("view", {}).get("hash")))
        if event["tab"] == "home":
            given = {"hash": event["view"]["hash"]} if "view" in event else {}
            await client.views_publish(user_id=event["user"], view=home, **given)

    @app.action("day")
    async def day(ack: Any, body: Any) -> None:
        await ack()
        state = body["view"]["state"]["values"]["row"]["day"]["selected_option"]["value"]
        heard.append((body["container"]["type"], state, body["view"]["hash"], "response_url" in body))

    async with running(app):
        yuki = sandbox.member("yuki")
        first = (await yuki.open_home()).view.hash
        await yuki.open_home()
        await yuki.open_home(tab="messages", answers=0)
        assert yuki.home
        await yuki.press(yuki.home, "day", "c", answers=0)
        await sandbox.until(lambda: heard)

    assert sorted(opened_tabs, key=str) == sorted(
        [("home", None), ("home", first), ("messages", None)], key=str
    )
    assert heard == [("view", "c", yuki.home.hash, False)]


async def test_no_home_where_the_app_has_none(
    sandbox: Sandbox, client: AsyncWebClient, refusal: Refusal
) -> None:
    sandbox.workspace.app = replace(sandbox.workspace.app, has_home=False)
    publishing = client.views_publish(
        user_id=sandbox.member("ada").id, view={"type": "home", "blocks": [{"type": "divider"}]}
    )
    assert await refusal(publishing) == "not_enabled"
