"""By keyboard, for a screen reader, in light and dark, on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from small_app import Small, kitchen, opened, post
from viewer import Look, Viewer, expect

from bot.demo import World

PHONE = {"width": 390, "height": 844}
SERIOUS = ("serious", "critical")
Schemes = pytest.mark.parametrize("scheme", ["light", "dark"])


async def violations(viewer: Viewer) -> list[str]:
    """axe-core's, of those that keep someone out."""
    found = await Axe().run(viewer.page)
    return [
        f"{violation['id']}: {node['html']}"
        for violation in found.response["violations"]
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]


@Schemes
async def test_no_barrier_in_channel_thread_and_home(world: World, look: Look, scheme: str) -> None:
    jonas = await look(world.sandbox, color_scheme=scheme)
    await jonas.type("/papers search diffusion")
    await expect(jonas.private).to_contain_text("papers")
    await jonas.page.locator("a.thread-bar").click()
    await expect(jonas.thread).to_be_visible()
    await jonas.composer.press_sequentially("/")
    await expect(jonas.page.get_by_role("listbox")).to_be_visible()
    assert await violations(jonas) == []
    await jonas.go("jonas", "home")
    assert await violations(jonas) == []


@Schemes
async def test_no_barrier_in_any_block_or_modal(small: Small, look: Look, scheme: str) -> None:
    post(small[0], kitchen(small[0]))
    jonas = await look(small[0], color_scheme=scheme)
    await jonas.page.locator("summary", has_text="Pick one").click()
    assert await violations(jonas) == []
    await opened(small, lambda *_: _same(jonas), [])
    assert await violations(jonas) == []


async def _same(viewer: Viewer) -> Viewer:
    return viewer


async def test_by_keyboard_alone(world: World, look: Look) -> None:
    """Into the channel, a command, a button of its answer, a menu and out of it."""
    jonas = await look(world.sandbox)
    keyboard = jonas.page.keyboard
    await keyboard.press("Tab")
    await expect(jonas.page.get_by_role("link", name="Skip to the messages")).to_be_focused()
    await keyboard.press("Enter")
    await keyboard.press("Tab")
    await expect(jonas.messages.first.get_by_role("link").first).to_be_focused()
    await jonas.composer.focus()
    await keyboard.type("/papers search diffusion")
    await keyboard.press("Enter")
    menu = jonas.private.locator("details").first
    await menu.locator("summary").focus()
    await keyboard.press("Enter")
    await keyboard.press("ArrowDown")
    await expect(menu.get_by_role("button").first).to_be_focused()
    await keyboard.press("Escape")
    await expect(menu.get_by_role("button").first).to_be_hidden()
    await expect(menu.locator("summary")).to_be_focused()


async def test_focus_and_open_menus_outlast_what_arrives(world: World, look: Look) -> None:
    jonas, yuki = await look(world.sandbox), await look(world.sandbox, "yuki")
    await jonas.type("/papers search diffusion")
    menu = jonas.private.locator("details").first
    await jonas.composer.fill("half a sent")
    await menu.locator("summary").click()
    await yuki.type("Good evening")
    await expect(jonas.messages.last).to_contain_text("Good evening")
    await expect(menu.get_by_role("button").first).to_be_visible()
    await expect(jonas.composer).to_have_value("half a sent")


@Schemes
async def test_a_phone(world: World, look: Look, scheme: str) -> None:
    """Nothing is wider than the screen, and a thread has it to itself."""
    jonas = await look(world.sandbox, viewport=PHONE, color_scheme=scheme)
    await jonas.type("/papers search diffusion")
    await expect(jonas.private).to_contain_text("papers")
    assert await overflow(jonas) == 0
    await jonas.page.locator("a.thread-bar").click()
    await expect(jonas.thread).to_be_visible()
    await expect(jonas.composer).to_be_hidden()
    assert await overflow(jonas) == 0
    assert await violations(jonas) == []
    await jonas.go("jonas", "home")
    assert await overflow(jonas) == 0


async def overflow(viewer: Viewer) -> Any:
    return await viewer.page.evaluate("document.documentElement.scrollWidth - innerWidth")


async def test_a_preview_in_a_file_needs_nothing_else(small: Small, look: Look, tmp_path: Path) -> None:
    from bot.sandbox.page import document

    workspace = small[0].workspace
    post(small[0], kitchen(small[0])[:5])
    file = tmp_path / "preview.html"
    file.write_text(document(workspace, workspace.channel("papers").timeline, "A preview"), "utf-8")
    viewer = await look(small[0])
    await viewer.page.goto("about:blank")  # where no stream of the live page is opened again
    asked: list[str] = []
    viewer.page.on("request", lambda request: asked.append(request.url))
    await viewer.page.goto(file.as_uri())
    await expect(viewer.page.get_by_role("heading", name="Every block 🎉")).to_be_visible()
    badge = viewer.page.locator(".badge")
    assert await badge.evaluate("badge => getComputedStyle(badge).fontSize") == "10px"
    assert asked == [file.as_uri()]
    assert await violations(viewer) == []
