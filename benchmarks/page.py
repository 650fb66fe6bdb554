"""How soon the demo's page is painted, and how soon a slash command's answer is on it.

.venv/bin/python benchmarks/page.py [ROUNDS]
"""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import sys

from playwright.async_api import Page, async_playwright

from bot import log
from bot.demo import World, open_world

PAINTED = """() => new Promise((done) => new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.name === "first-contentful-paint") done(entry.startTime);
}).observe({type: "paint", buffered: true}))"""
# From Enter to the answer in the page, on the page's own clock.
ANSWERED = """(command) => new Promise((done) => {
  const said = document.getElementById("said"), before = said.querySelectorAll(".ephemeral").length;
  const form = document.getElementById("say"), began = performance.now();
  new MutationObserver(() => {
    if (said.querySelectorAll(".ephemeral").length > before) done(performance.now() - began);
  }).observe(said, {childList: true});
  form.elements.text.value = command;
  form.requestSubmit();
})"""
COMMANDS = ("/papers search diffusion", "/papers today", "/papers following", "/papers help")


async def main(rounds: int) -> None:
    as_root = [] if os.geteuid() else ["--no-sandbox"]
    async with open_world(toured=False) as world, async_playwright() as playwright:
        await world.sandbox.until(lambda: len(world.posts[0].replies) > 5, timeout=30)
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=as_root)
        paints = [await painted(await browser.new_page(), world) for _ in range(rounds)]
        told("first contentful paint", paints)
        page = await browser.new_page()
        await page.goto(address(world))
        for command in COMMANDS:
            told(command, [await page.evaluate(ANSWERED, command) for _ in range(rounds)])
        await browser.close()


async def painted(page: Page, world: World) -> float:
    await page.goto(address(world))
    milliseconds: float = await page.evaluate(PAINTED)
    await page.close()
    return milliseconds


def address(world: World) -> str:
    return f"{world.sandbox.url}/?member=jonas&at=papers"


def told(what: str, milliseconds: list[float]) -> None:
    middle, worst = statistics.median(milliseconds), max(milliseconds)
    print(f"{what:28} median {middle:5.0f} ms, worst {worst:5.0f} ms of {len(milliseconds)}")


if __name__ == "__main__":
    log.configure("console", "ERROR")
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10))
