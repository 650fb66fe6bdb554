"""A real Bolt app in the sandbox, in both modes: what a member does reaches it, and what it says is seen."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from slack_bolt.app.async_app import AsyncApp

from bot.sandbox import Sandbox

Running = Callable[[AsyncApp], AbstractAsyncContextManager[None]]

SAVE = {"type": "button", "text": {"type": "plain_text", "text": "Save"}, "value": "7", "action_id": "save"}
BUTTON = {"type": "actions", "elements": [SAVE, SAVE | {"value": "8", "action_id": "keep"}]}
MODAL = {
    "type": "modal",
    "callback_id": "follow",
    "private_metadata": "page 2",
    "title": {"type": "plain_text", "text": "Follow a tag"},
    "submit": {"type": "plain_text", "text": "Follow"},
    "blocks": [
        {
            "type": "input",
            "block_id": "tag",
            "label": {"type": "plain_text", "text": "Tag"},
            "element": {"type": "plain_text_input", "action_id": "name"},
        }
    ],
}


async def test_a_command_is_acked_and_its_answer_is_only_for_the_one_who_asked(
    sandbox: Sandbox, app: AsyncApp, running: Running
) -> None:
    @app.command("/papers")
    async def papers(ack: Any, respond: Any, command: Any) -> None:
        await ack()
        await respond(f"{command['user_name']} asked for {command['text']}")

    async with running(app):
        ada, jonas = sandbox.member("ada"), sandbox.member("jonas")
        reply = await ada.command("papers", "/papers", "search robots")

    assert reply.ack.ok
    assert reply.text == "ada asked for search robots"
    assert [message.text for message in ada.ephemerals("papers")] == ["ada asked for search robots"]
    assert jonas.ephemerals() == []


async def test_an_ack_with_words_is_an_answer(sandbox: Sandbox, app: AsyncApp, running: Running) -> None:
    @app.command("/papers")
    async def papers(ack: Any) -> None:
        await ack("One moment.")

    async with running(app):
        reply = await sandbox.member("yuki").command("papers", "/papers")

    assert reply.text == "One moment."
    assert reply.message.only_for == sandbox.member("yuki").id


async def test_a_command_nobody_listens_to_fails_in_front_of_the_member(
    sandbox: Sandbox, app: AsyncApp, running_over_http: Running
) -> None:
    async with running_over_http(app):
        reply = await sandbox.member("ada").command("papers", "/unheard")

    assert reply.error == "dispatch_failed"
    assert reply.messages == []


async def test_a_button_in_a_private_answer_replaces_it(
    sandbox: Sandbox, app: AsyncApp, running: Running
) -> None:
    @app.command("/papers")
    async def papers(ack: Any, respond: Any) -> None:
        await ack()
        await respond("Found one", blocks=[BUTTON])

    @app.action("save")
    async def save(ack: Any, respond: Any, action: Any, body: Any) -> None:
        await ack()
        assert body["container"]["is_ephemeral"] is True
        await respond(f"Saved {action['value']}", replace_original=True)

    async with running(app):
        ada = sandbox.member("ada")
        answer = (await ada.command("papers", "/papers")).message
        reply = await ada.press(answer, "save")

    assert reply.message is answer
    assert [message.text for message in ada.ephemerals()] == ["Saved 7"]


async def test_a_button_in_a_channel_updates_the_message_for_everyone(
    sandbox: Sandbox, app: AsyncApp, running: Running
) -> None:
    @app.action("keep")
    async def keep(ack: Any, body: Any, client: Any) -> None:
        await ack()
        channel, ts = body["channel"]["id"], body["message"]["ts"]
        await client.chat_update(channel=channel, ts=ts, text="Kept", blocks=[])

    async with running(app):
        place = sandbox.workspace.channel("papers")
        await app.client.chat_postMessage(channel=place.id, text="Look", blocks=[BUTTON])
        posted = place.timeline[-1]
        reply = await sandbox.member("jonas").press(posted, "keep")

    assert reply.message is posted
    assert posted.text == "Kept"
    assert posted.edited_ts


async def test_a_modal_is_opened_filled_in_corrected_and_submitted(
    sandbox: Sandbox, app: AsyncApp, running: Running
) -> None:
    heard = []

    @app.command("/papers")
    async def papers(ack: Any, client: Any, command: Any) -> None:
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=MODAL)

    @app.view("follow")
    async def follow(ack: Any, view: Any) -> None:
        tag = view["state"]["values"]["tag"]["name"]["value"]
        if tag == "nonsense":
            await ack(response_action="errors", errors={"tag": "No such tag."})
            return
        heard.append((tag, view["private_metadata"]))
        await ack()

    async with running(app):
        ada = sandbox.member("ada")
        modal = (await ada.command("papers", "/papers", "follow")).view
        assert ada.modal is modal
        refused = await ada.submit(modal, {"name": "nonsense"})
        assert refused.errors == {"tag": "No such tag."}
        assert ada.modal is modal
        reply = await ada.submit(modal, {"tag": "robotics"})

    assert reply.error is None
    assert ada.modal is None
    assert heard == [("robotics", "page 2")]


async def test_the_home_tab_is_published_when_a_member_opens_it(
    sandbox: Sandbox, app: AsyncApp, running: Running
) -> None:
    @app.event("app_home_opened")
    async def home(event: Any, client: Any) -> None:
        text = {"type": "plain_text", "text": "You follow nothing yet."}
        view = {"type": "home", "blocks": [{"type": "section", "text": text}, BUTTON]}
        await client.views_publish(user_id=event["user"], view=view)

    @app.action("save")
    async def save(ack: Any, body: Any, client: Any) -> None:
        await ack()
        text = {"type": "plain_text", "text": "You follow Robotics."}
        view = {"type": "home", "blocks": [{"type": "section", "text": text}]}
        await client.views_publish(user_id=body["user"]["id"], view=view, hash=body["view"]["hash"])

    async with running(app):
        yuki = sandbox.member("yuki")
        reply = await yuki.open_home()
        assert reply.view is yuki.home
        pressed = await yuki.press(reply.view, "save")

    assert pressed.view.blocks[0]["text"]["text"] == "You follow Robotics."


async def test_a_mention_reaches_the_bot_and_its_reply_stands_in_the_thread(
    sandbox: Sandbox, app: AsyncApp, running: Running
) -> None:
    @app.event("app_mention")
    async def mentioned(event: Any, say: Any) -> None:
        await say("Here.", thread_ts=event["ts"])

    async with running(app):
        said = await sandbox.member("ada").post("papers", f"<@{sandbox.workspace.bot_user}> hello?")
        await sandbox.until(lambda: said.replies)

    assert said.replies[0].text == "Here."
    assert said.as_slack()["reply_count"] == 1


async def test_a_link_is_unfurled(sandbox: Sandbox, app: AsyncApp, running: Running) -> None:
    url = "https://arxiv.org/abs/2504.15376"

    @app.event("link_shared")
    async def shared(event: Any, client: Any) -> None:
        shown = {"blocks": [{"type": "section", "text": {"type": "plain_text", "text": "A paper"}}]}
        links = {link["url"]: shown for link in event["links"]}
        await client.chat_unfurl(channel=event["channel"], ts=event["message_ts"], unfurls=links)

    async with running(app):
        said = await sandbox.member("ada").post("papers", f"Seen <{url}>?")
        await sandbox.until(lambda: said.unfurls)

    assert list(said.unfurls) == [url]


async def test_an_event_sent_again_keeps_its_id_and_says_so(
    sandbox: Sandbox, app: AsyncApp, running: Running
) -> None:
    seen = []

    @app.event("app_mention")
    async def mentioned(body: Any, request: Any) -> None:
        seen.append((body["event_id"], request.headers.get("x-slack-retry-num", ["0"])[0]))

    async with running(app):
        await sandbox.member("ada").post("papers", f"<@{sandbox.workspace.bot_user}> hello?")
        await sandbox.until(lambda: sandbox.events and sandbox.events[0].acks)
        await sandbox.redeliver(sandbox.events[0])

    event_id = sandbox.events[0].event_id
    assert seen == [(event_id, "0"), (event_id, "1")]
