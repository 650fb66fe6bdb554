"""What the bot does not use, or not yet: every block, every input. A small Bolt app stands in for it."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from typing import Any

from small_app import Small, kitchen, modal, opened, post
from viewer import Look, expect


async def test_a_modal_filled_and_saved(small: Small, look: Look) -> None:
    saved: list[dict[str, Any]] = []
    jonas = await opened(small, look, saved)
    form = jonas.modal
    await form.get_by_label("Name").fill("no")
    await form.get_by_label("How often").select_option("Weekly")
    await form.get_by_label("Tags").select_option(["Audio", "Video"])
    await form.get_by_label("At", exact=True).fill("08:30")
    await form.get_by_label("From").fill("2026-12-01")
    await form.get_by_label("Until").fill("2026-12-24T18:00")
    await form.get_by_label("Friday").check()
    await form.get_by_label("Direct message").check()
    await jonas.button("Save").click()
    await expect(form.get_by_role("alert").first).to_have_text("Another name, please.")

    await form.get_by_label("Name").fill("Morning <b>")
    await form.get_by_label("Name").press("Enter")
    await expect(form).to_have_count(0)
    until = dt.datetime(2026, 12, 24, 17, tzinfo=dt.UTC)  # eighteen in Berlin
    (values,) = saved
    assert values["name"]["value"] == "Morning <b>"
    assert values["note"]["value"].split() == ["two", "lines"]
    assert values["often"]["selected_option"]["value"] == "weekly"
    assert [option["value"] for option in values["tags"]["selected_options"]] == ["audio", "video"]
    assert values["at"]["selected_time"] == "08:30"
    assert values["from"]["selected_date"] == "2026-12-01"
    assert values["until"]["selected_date_time"] == until.timestamp()
    assert [option["value"] for option in values["days"]["selected_options"]] == ["fri"]
    assert values["where"]["selected_option"]["value"] == "dm"
    assert values["channel"]["selected_channel"] is None
    await expect(jonas.sidebar.get_by_role("link", name="1 new message")).to_be_visible()


async def test_a_modal_that_changes_keeps_what_was_typed(small: Small, look: Look) -> None:
    _sandbox, app = small
    jonas = await opened(small, look, [])
    heard: list[Any] = []

    @app.action("add")
    async def add(ack: Any, body: Any, client: Any) -> None:
        await ack()
        heard.append(body["view"]["state"]["values"]["name"]["value"]["value"])
        line = {"type": "section", "text": {"type": "plain_text", "text": "One more line"}}
        blocks = [line, *modal()["blocks"]]
        await client.views_update(view_id=body["view"]["id"], view=modal(blocks=blocks))

    await jonas.modal.get_by_label("Name").fill("half a na")
    await jonas.button("Add a line").click()
    await expect(jonas.modal.get_by_text("One more line")).to_be_visible()
    await expect(jonas.modal.get_by_label("Name")).to_have_value("half a na")
    assert heard == ["half a na"]


async def test_a_modal_left(small: Small, look: Look) -> None:
    _sandbox, app = small
    closed: asyncio.Queue[str] = asyncio.Queue()

    @app.view_closed("settings")
    async def left(ack: Any, body: Any) -> None:
        await ack()
        closed.put_nowait(body["view"]["id"])

    jonas = await opened(small, look, [])
    await jonas.page.keyboard.press("Escape")
    await expect(jonas.modal).to_have_count(0)
    first = await asyncio.wait_for(closed.get(), 60)
    await jonas.type("/papers")
    await jonas.button("Cancel").click()
    await expect(jonas.modal).to_have_count(0)
    assert await asyncio.wait_for(closed.get(), 60) != first


async def test_an_incomplete_modal_stays(small: Small, look: Look) -> None:
    saved: list[dict[str, Any]] = []
    jonas = await opened(small, look, saved)
    await jonas.button("Save").click()
    await expect(jonas.modal.get_by_label("Name")).to_be_focused()
    assert await jonas.modal.get_by_label("Name").evaluate("input => input.validity.valueMissing")
    assert not saved


async def test_modals_one_on_another(small: Small, look: Look) -> None:
    _sandbox, app = small
    jonas = await opened(small, look, [])

    @app.action("add")
    async def push(ack: Any, body: Any, client: Any) -> None:
        await ack()
        title = {"type": "plain_text", "text": "On top"}
        view = {"type": "modal", "title": title, "blocks": [{"type": "divider"}]}
        await client.views_push(trigger_id=body["trigger_id"], view=view)

    await jonas.button("Add a line").click()
    await expect(jonas.modal.get_by_role("heading")).to_have_text("On top")
    await jonas.modal.get_by_role("button", name="Close").last.click()
    await expect(jonas.modal.get_by_role("heading", name="Your digest")).to_be_visible()


async def test_every_element_says_what_was_done(small: Small, look: Look) -> None:
    sandbox, app = small
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    @app.action(re.compile(""))
    async def acted(ack: Any, action: Any) -> None:
        await ack()
        heard.put_nowait(action)

    async def last(action_id: str) -> dict[str, Any]:
        action = await asyncio.wait_for(heard.get(), 60)
        assert action["action_id"] == action_id
        return action

    post(sandbox, kitchen(sandbox))
    jonas = await look(sandbox)
    said = jonas.messages.first
    await jonas.button("Go").click()
    assert (await last("go"))["value"] == "7"
    await said.locator("summary", has_text="Pick one").click()
    await jonas.button("Almond").press("Enter")
    assert (await last("pick"))["selected_option"]["value"] == "almond"
    await expect(said.locator("summary", has_text="Almond")).to_be_focused()
    await said.get_by_label("More actions").click()
    await jonas.button("Hide").click()
    assert (await last("more"))["selected_option"]["value"] == "hide"
    await said.locator("summary", has_text="Who").click()
    await jonas.button("Yuki Tanaka").click()
    assert (await last("who"))["selected_user"] == sandbox.member("yuki").id
    await said.get_by_label("datepicker").fill("2026-12-01")
    assert (await last("day"))["selected_date"] == "2026-12-01"
    await said.get_by_label("Two").check()
    assert [option["value"] for option in (await last("ticks"))["selected_options"]] == ["2"]
    jonas.page.once("dialog", lambda asked: asked.accept())
    await jonas.button("Drop").click()
    assert (await last("drop"))["type"] == "button"
    async with jonas.page.expect_popup():
        await said.get_by_role("link", name="Away").click()
    assert (await last("away"))["url"] == "https://example.org/away"


async def test_a_press_that_nobody_answers_says_so(small: Small, look: Look) -> None:
    sandbox, _app = small
    sandbox.sockets.drop()
    post(sandbox, kitchen(sandbox)[-1:])
    jonas = await look(sandbox)
    await jonas.button("Go").click()
    await expect(jonas.page.get_by_role("status")).to_contain_text("This app responded with an error")
