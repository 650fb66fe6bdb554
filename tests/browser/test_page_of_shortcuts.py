"""Shortcuts in a message's menu, links that unfurl, and modals that ask the app as they are filled in."""

from __future__ import annotations

from typing import Any

from slack_bolt.app.async_app import AsyncApp
from small_app import Small
from viewer import Look, expect

PAPER = "https://arxiv.org/abs/2504.15376"


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def found(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    shown = {"type": "modal", "callback_id": "found", "title": plain("The paper"), "submit": plain("Save")}
    return shown | {"blocks": [*blocks]} | more


TAG = {
    "type": "input",
    "block_id": "tag",
    "label": plain("Tag"),
    "element": {"type": "external_select", "action_id": "tag", "min_query_length": 0},
}
FILTER = {
    "type": "input",
    "block_id": "filter",
    "dispatch_action": True,
    "optional": True,
    "label": plain("Filter"),
    "element": {"type": "plain_text_input", "action_id": "filter"},
}
MORE = {
    "type": "actions",
    "elements": [{"type": "button", "action_id": "more", "text": plain("More"), "value": "1"}],
}


def listening(app: AsyncApp, heard: list[Any]) -> None:
    @app.event("link_shared")
    async def shared(event: Any, client: Any) -> None:
        title = {"type": "mrkdwn", "text": f"<{PAPER}|*CameraBench*>\nZ. Lin and others", "verbatim": True}
        blocks = [{"type": "section", "text": title}, {"type": "context", "elements": [plain("42 points")]}]
        unfurls = {link["url"]: {"blocks": blocks} for link in event["links"]}
        await client.chat_unfurl(channel=event["channel"], ts=event["message_ts"], unfurls=unfurls)

    @app.shortcut("find_paper")
    async def find(ack: Any, shortcut: Any, client: Any) -> None:
        await ack()
        heard.append(shortcut["message"]["text"])
        await client.views_open(trigger_id=shortcut["trigger_id"], view=found(TAG, FILTER, MORE))

    @app.options("tag")
    async def tags(ack: Any, payload: Any) -> None:
        names = [name for name in ("Robotics", "Reasoning", "Vision") if payload["value"] in name]
        await ack(options=[{"text": plain(name), "value": name.lower()} for name in names])

    @app.action("filter")
    async def count(ack: Any, body: Any, client: Any, action: Any) -> None:
        await ack()
        matches = {"type": "context", "elements": [plain(f"“{action['value']}” matches 42 papers")]}
        await client.views_update(view_id=body["view"]["id"], view=found(TAG, FILTER, matches, MORE))

    @app.action("more")
    async def more(ack: Any, body: Any, client: Any) -> None:
        await ack()
        view = found(FILTER, title=plain("More"), close=plain("Back"))
        await client.views_push(trigger_id=body["trigger_id"], view=view)

    @app.view("found")
    async def save(ack: Any, view: Any) -> None:
        heard.append(view["state"]["values"]["tag"]["tag"]["selected_option"]["value"])
        await ack()


async def test_a_shortcut_from_a_message_to_a_modal_and_back(small: Small, look: Look) -> None:
    sandbox, app = small
    heard: list[Any] = []
    listening(app, heard)
    jonas = await look(sandbox)
    await jonas.type(f"Who has read {PAPER}?")
    said = jonas.messages.last
    await expect(said.get_by_role("link", name="CameraBench")).to_be_visible()
    await said.hover()
    await said.get_by_label("Shortcuts for the message").click()
    await said.get_by_role("button", name="Find the paper").click()
    await expect(jonas.modal.get_by_role("heading", name="The paper")).to_be_visible()
    assert heard == [f"Who has read <{PAPER}>?"]

    await jonas.modal.get_by_label("Filter").fill("robots")
    await jonas.modal.get_by_label("Filter").press("Tab")
    await expect(jonas.modal).to_contain_text("“robots” matches 42 papers")
    tag = jonas.modal.get_by_role("combobox", name="Tag")
    await tag.fill("Rea")
    await expect(tag.locator("xpath=following-sibling::datalist/option")).to_have_count(1)
    await tag.fill("Reasoning")
    await jonas.modal.get_by_role("button", name="Save").click()
    await expect(jonas.modal).to_have_count(0)
    assert heard[1:] == ["reasoning"]


async def test_the_cross_closes_the_whole_stack_and_back_one(small: Small, look: Look) -> None:
    sandbox, app = small
    listening(app, [])
    jonas = await look(sandbox)
    said = await sandbox.member("jonas").post("papers", "x")
    await sandbox.member("jonas").message_shortcut(said, "find_paper")
    for close in ("Back", "Close"):
        await jonas.modal.get_by_role("button", name="More").click()
        await expect(jonas.modal.get_by_role("heading", name="More")).to_be_visible()
        await jonas.modal.get_by_role("button", name=close, exact=True).click()
        await expect(jonas.modal.get_by_role("heading", name="The paper")).to_have_count(
            1 if close == "Back" else 0
        )
    await expect(jonas.modal).to_have_count(0)
