"""Shortcuts, links that unfurl, and the bot's coming and going: what Slack tells of each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from patience import PATIENCE
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import App, Sandbox, SandboxError, sample_workspace
from bot.sandbox.workspace import wall_clock

Refusal = Callable[[Awaitable[Any]], Awaitable[str]]
Running = Callable[[AsyncApp], AbstractAsyncContextManager[None]]

PAPER = "https://arxiv.org/abs/2504.15376"
SHOWN = {"blocks": [{"type": "section", "text": {"type": "plain_text", "text": "A paper"}}]}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Found"}, "blocks": [{"type": "divider"}]}


async def test_a_message_shortcut_tells_of_the_message_and_opens_a_modal(
    sandbox: Sandbox, app: AsyncApp, running: Running
) -> None:
    @app.shortcut({"type": "message_action", "callback_id": "find_paper"})
    async def find(ack: Any, shortcut: Any, client: Any, respond: Any) -> None:
        await ack()
        place = shortcut["channel"]["name"], shortcut["message"]["user"], shortcut["message_ts"]
        await client.views_open(trigger_id=shortcut["trigger_id"], view=MODAL)
        await respond(f"{place}: {shortcut['message']['text']}")

    async with running(app):
        ada, jonas = sandbox.member("ada"), sandbox.member("jonas")
        said = await ada.post("papers", f"Seen {PAPER}?")
        reply = await jonas.message_shortcut(said, "find_paper", answers=2)

    assert reply.error is None
    assert reply.text == f"{('papers', ada.id, said.ts)}: Seen <{PAPER}>?"
    assert reply.message.only_for == jonas.id
    assert jonas.modal is reply.view


async def test_a_global_shortcut_has_a_trigger_and_no_place(
    sandbox: Sandbox, app: AsyncApp, running: Running
) -> None:
    heard = []

    @app.shortcut("settings")
    async def settings(ack: Any, shortcut: Any, client: Any) -> None:
        await ack()
        heard.append(set(shortcut))
        await client.views_open(trigger_id=shortcut["trigger_id"], view=MODAL)

    async with running(app):
        reply = await sandbox.member("ada").shortcut("settings")

    assert reply.view.payload["title"] == MODAL["title"]
    assert not heard[0] & {"channel", "message", "response_url"}


async def test_only_the_manifest_s_shortcuts_are_in_the_menu() -> None:
    find = {"name": "Find the paper", "type": "message", "callback_id": "find_paper", "description": "x"}
    home = {"home_tab_enabled": False}
    manifest = {
        "display_information": {"name": "Paperboy"},
        "features": {"shortcuts": [find], "app_home": home},
    }
    app = App.from_manifest(manifest)
    sandbox = Sandbox(sample_workspace(wall_clock, app=app), patience=PATIENCE)
    message = await sandbox.member("ada").post("general", "x")

    assert [shortcut.name for shortcut in app.menu("message")] == ["Find the paper"]
    assert app.has_home is False
    with pytest.raises(SandboxError, match="no message shortcut other"):
        await sandbox.member("ada").message_shortcut(message, "other")
    with pytest.raises(SandboxError, match="no global shortcut find_paper"):
        await sandbox.member("ada").shortcut("find_paper")


@pytest.mark.parametrize("channel", ["papers", "general"])
async def test_a_link_is_told_of_wherever_it_is_posted_and_unfurls_by_its_id(
    sandbox: Sandbox, app: AsyncApp, running: Running, channel: str
) -> None:
    heard = []

    @app.event("link_shared")
    async def shared(event: Any, client: Any) -> None:
        heard.append(event)
        links = {link["url"]: SHOWN for link in event["links"]}
        await client.chat_unfurl(unfurl_id=event["unfurl_id"], source=event["source"], unfurls=links)

    async with running(app):
        ada = sandbox.member("ada")
        said = await ada.post(channel, f"Seen {PAPER}, and <https://hf.co/papers/1|this>?")
        await sandbox.until(lambda: said.unfurls)

    assert said.text == f"Seen <{PAPER}>, and <https://hf.co/papers/1|this>?"
    assert heard[0]["links"] == [
        {"url": PAPER, "domain": "arxiv.org"},
        {"url": "https://hf.co/papers/1", "domain": "hf.co"},
    ]
    assert (heard[0]["user"], heard[0]["message_ts"]) == (ada.id, said.ts)
    assert heard[0]["is_bot_user_member"] is (channel == "papers")
    attachment = said.as_slack()["attachments"][0]
    assert attachment["from_url"] == PAPER
    assert attachment["blocks"][0]["text"] == SHOWN["blocks"][0]["text"]


async def test_a_draft_s_links_are_told_of_and_unfurl_in_it(
    sandbox: Sandbox, app: AsyncApp, running: Running
) -> None:
    heard = []

    @app.event("link_shared")
    async def shared(event: Any, client: Any) -> None:
        heard.append(event)
        await client.chat_unfurl(unfurl_id=event["unfurl_id"], source=event["source"], unfurls={PAPER: SHOWN})

    async with running(app):
        draft = sandbox.member("ada").compose("general", f"Seen {PAPER}?")
        await sandbox.until(lambda: draft.unfurls)

    assert (heard[0]["channel"], heard[0]["source"]) == ("COMPOSER", "composer")
    assert sandbox.workspace.channel("general").timeline == []


async def test_what_is_pressed_below_a_link_says_so(
    sandbox: Sandbox, app: AsyncApp, running: Running
) -> None:
    button = {
        "type": "button",
        "action_id": "save",
        "text": {"type": "plain_text", "text": "Save"},
        "value": "1",
    }
    shown = {"blocks": [{"type": "actions", "elements": [button]}]}
    heard = []

    @app.event("link_shared")
    async def shared(event: Any, client: Any) -> None:
        await client.chat_unfurl(channel=event["channel"], ts=event["message_ts"], unfurls={PAPER: shown})

    @app.action("save")
    async def save(ack: Any, body: Any, respond: Any) -> None:
        await ack()
        heard.append(body)
        await respond("Saved")

    async with running(app):
        said = await sandbox.member("ada").post("papers", PAPER)
        await sandbox.until(lambda: said.unfurls)
        reply = await sandbox.member("jonas").press(said, "save")

    container = heard[0]["container"]
    assert container["type"] == "message_attachment" and container["is_app_unfurl"] is True
    assert container["app_unfurl_url"] == heard[0]["app_unfurl"]["app_unfurl_url"] == PAPER
    assert reply.message is not said and reply.text == "Saved"


async def test_what_chat_unfurl_refuses(sandbox: Sandbox, client: AsyncWebClient, refusal: Refusal) -> None:
    ada = sandbox.member("ada")
    said = await ada.post("papers", f"Seen {PAPER}?")
    place = {"channel": said.channel, "ts": said.ts}
    known = {"unfurl_id": next(iter(sandbox.workspace.shared_links)), "source": "conversations_history"}

    async def unfurling(unfurls: Any = {PAPER: SHOWN}, **where: Any) -> str:  # noqa: B006
        arguments = where | {"unfurls": unfurls}
        return await refusal(client.api_call("chat.unfurl", json=arguments))

    assert await unfurling() == "missing_channel"
    assert await unfurling(channel=said.channel) == "missing_ts"
    assert await unfurling(channel="C404", ts=said.ts) == "cannot_find_channel"
    assert await unfurling(channel=said.channel, ts="1.000001") == "cannot_find_message"
    assert await unfurling(unfurl_id=known["unfurl_id"]) == "missing_source"
    assert await unfurling(source=known["source"]) == "missing_unfurl_id"
    assert await unfurling(**known | {"unfurl_id": "C1.1"}) == "invalid_unfurl_id"
    assert await unfurling(**known | {"source": "composer"}) == "invalid_source"
    assert await unfurling({}, **place) == "missing_unfurls"
    assert await unfurling("[1]", **place) == "invalid_unfurls_format"
    assert await unfurling({"https://arxiv.org/abs/1": SHOWN}, **place) == "cannot_unfurl_message"
    assert await unfurling({"https://arxiv.org": SHOWN}, **place) == "cannot_unfurl_url"
    assert await unfurling({PAPER: {"blocks": [{"type": "section"}]}}, **place) == "invalid_blocks"
    rich = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
    }
    assert await unfurling({PAPER: {"blocks": [rich]}}, **place) == "invalid_blocks"
    assert said.unfurls == {}
    sandbox.workspace.scopes -= {"links:write"}
    assert await unfurling(**place) == "missing_scope"


async def test_domains_and_scope_decide_which_links_are_told_of() -> None:
    manifest = {
        "display_information": {"name": "Paperboy"},
        "features": {"unfurl_domains": ["arxiv.org"]},
        "oauth_config": {"scopes": {"bot": ["links:read"]}},
        "settings": {"event_subscriptions": {"bot_events": ["link_shared", "app_mention"]}},
    }
    async with Sandbox(
        sample_workspace(wall_clock, app=App.from_manifest(manifest)), patience=PATIENCE
    ) as sandbox:
        ada = sandbox.member("ada")
        for url in ("https://notarxiv.org/abs/1", "https://export.arxiv.org/abs/1", "ftp://arxiv.org/2"):
            await ada.post("papers", f"<@{sandbox.workspace.bot_user}> {url}")
        sandbox.workspace.scopes = frozenset()
        await ada.post("papers", PAPER)

    assert [event.payload["event"]["links"] for event in sandbox.events] == [
        [{"url": "https://export.arxiv.org/abs/1", "domain": "export.arxiv.org"}]
    ]
    assert sandbox.events[0].needed == {"links:read"}


async def test_the_bot_comes_and_goes(sandbox: Sandbox, client: AsyncWebClient) -> None:
    ada, workspace = sandbox.member("ada"), sandbox.workspace
    robotics = workspace.channel("robotics")
    await ada.invite_bot("robotics")
    await ada.remove_bot("robotics")
    await client.conversations_join(channel=robotics.id)
    await ada.rename("robotics", "robots")
    await ada.archive("robots")
    await ada.rename("research-leads", "leads")

    told = [event.payload["event"] for event in sandbox.events]
    assert [event["type"] for event in told] == [
        "member_joined_channel",
        "member_left_channel",
        "channel_left",
        "member_joined_channel",
        "channel_rename",
        "channel_archive",
        "group_rename",
    ]
    assert (told[0]["user"], told[0]["inviter"]) == (workspace.bot_user, ada.id)
    assert "inviter" not in told[3]
    assert told[4]["channel"]["name"] == "robots"
    assert (await client.conversations_info(channel=robotics.id))["channel"]["is_archived"] is True
    assert sandbox.events[6].needed == {"groups:read"}
    with pytest.raises(SandboxError, match="is not in general"):
        await ada.remove_bot("general")
