"""The README's pictures: a digest in its channel, and a member's Home. `make screenshots`"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from pathlib import Path

from playwright.async_api import Page, async_playwright
from viewer import Viewer

from bot import log
from bot.demo import World, open_world

SIZE = {"width": 1120, "height": 700}
PATIENCE = 30.0


async def main(folder: Path) -> None:
    as_root = [] if os.geteuid() else ["--no-sandbox"]
    async with open_world(toured=False) as world, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=as_root)
        page = await browser.new_page(viewport=SIZE)
        await live_a_day(world)
        await channel(Viewer(world.sandbox, page))
        await picture(page, folder / "channel.png")
        await Viewer(world.sandbox, page).go("jonas", "home")
        await picture(page, folder / "home.png")
        await browser.close()


async def live_a_day(world: World) -> None:
    """Follows and a saved paper, then the next day's digest."""
    jonas, sandbox = world.sandbox.member("jonas"), world.sandbox
    await sandbox.until(lambda: len(world.posts[0].replies) > 5, timeout=PATIENCE)
    await jonas.press(world.posts[0].replies[0], "paper_save")
    await jonas.press(world.posts[0].replies[4], "paper_save")
    for followed in ("Robotics", 'author:"Chelsea Finn"', '"flow matching"'):
        await jonas.command("@paperboy", "/papers", f"follow {followed}")
    await world.drop_digest(jonas)
    await sandbox.until(lambda: len(world.posts[1].replies) > 5, timeout=PATIENCE)


async def channel(viewer: Viewer) -> None:
    """The newest digest, its thread open beside it; to Yuki, who has no answers of her own there."""
    await viewer.go("yuki", "papers")
    await viewer.page.locator("a.thread-bar").last.click()
    await viewer.thread.locator(".rule").evaluate("rule => rule.scrollIntoView()")


async def picture(page: Page, path: Path) -> None:
    await page.evaluate("document.fonts.ready")
    taken = await page.screenshot(path=path)
    sys.stdout.write(f"{path}  {len(taken) // 1024} kB\n")


if __name__ == "__main__":
    log.configure("console", "ERROR")
    asyncio.run(main(Path(sys.argv[1])))
