"""A small Bolt app and what it says: every block, and a modal with every input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from viewer import Look, Viewer, expect

from bot.sandbox import Draft, Sandbox

DATA = Path(__file__).parents[1] / "data"
Small = tuple[Sandbox, AsyncApp]


def kitchen(sandbox: Sandbox) -> list[dict[str, Any]]:
    """A message with every block there is; its pictures are where the page may take them from."""
    text = (DATA / "page-kitchen.json").read_text("utf-8").replace("IMAGE", f"{sandbox.url}/page/icon.svg")
    blocks: list[dict[str, Any]] = json.loads(text)
    return blocks


def modal(**other: Any) -> dict[str, Any]:
    view: dict[str, Any] = json.loads((DATA / "page-modal.json").read_text("utf-8"))
    return view | other


def post(sandbox: Sandbox, blocks: list[dict[str, Any]]) -> None:
    workspace = sandbox.workspace
    workspace.post(workspace.channel("papers"), workspace.bot_user, Draft("x", blocks))


def opening(app: AsyncApp, submitted: list[dict[str, Any]]) -> None:
    """/papers opens the modal; a name of "no" is refused."""

    @app.command("/papers")
    async def papers(ack: Any, client: Any, body: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal())

    @app.view("settings")
    async def settings(ack: Any, view: Any, client: Any, body: Any) -> None:
        values = {block: parts["value"] for block, parts in view["state"]["values"].items()}
        if values["name"]["value"] == "no":
            await ack(response_action="errors", errors={"name": "Another name, please."})
            return
        await ack()
        submitted.append(values)
        await client.chat_postMessage(channel=body["user"]["id"], text="Saved.")


async def opened(small: Small, look: Look, submitted: list[dict[str, Any]]) -> Viewer:
    sandbox, app = small
    opening(app, submitted)
    jonas: Viewer = await look(sandbox)
    await jonas.type("/papers")
    await expect(jonas.modal.get_by_role("heading", name="Your digest")).to_be_visible()
    return jonas
