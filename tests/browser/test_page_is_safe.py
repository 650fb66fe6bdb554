"""What a digest or a bot says is shown, never obeyed; and no other site gets in."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser
from viewer import Look, expect

from bot.demo import World
from bot.sandbox import Draft, Sandbox
from bot.sandbox.page import Site

SCRIPT = "<script>document.title = 'broken'</script>"
MARKUP = "<img src=x onerror=alert(1)>"
ROW = "| [{title}](https://arxiv.org/abs/2511.00001) | {title} | - {title} | ['{title}'] | N/A | N/A |"
DIGEST = f"""## Papers for 2026-11-20

| Title | Authors | Summary | Classification | GitHub URLs | HuggingFace URLs |
|---|---|---|---|---|---|
{ROW}
"""
ADDRESSES = [
    "javascript:alert(1)",
    "data:text/html,<b>x",
    "vbscript:x",
    "JaVaScRiPt:alert(1)",
    " javascript:x",
]


async def test_a_title_with_a_script_is_text(world: World, look: Look) -> None:
    jonas = await look(world.sandbox)
    await world.move_to_morning(world.sandbox.member("jonas"))
    world.write("2026-11-20.md", DIGEST.format(title=f"Hello {SCRIPT} {MARKUP}"))
    await expect(jonas.messages.last).to_contain_text(f"Hello {SCRIPT}")
    await jonas.messages.last.locator("a.thread-bar").click()
    await expect(jonas.thread).to_contain_text(MARKUP)
    await jonas.type(f"/papers search {SCRIPT}")
    await expect(jonas.private).to_contain_text(SCRIPT)
    await expect(jonas.page).to_have_title("# papers · Paper Street")
    assert await jonas.page.locator("#app script, #app img").count() == 0


@pytest.mark.parametrize("url", ADDRESSES)
async def test_an_address_that_is_no_web_address_is_no_link(
    small: tuple[Sandbox, Any], look: Look, url: str
) -> None:
    sandbox, _ = small
    element = {"type": "link", "url": url, "text": "rich"}
    blocks: list[dict[str, Any]] = [
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]},
        {"type": "section", "text": {"type": "mrkdwn", "text": f"<{url}|marked>"}},
        {"type": "image", "image_url": url, "alt_text": "pictured"},
        {"type": "actions", "elements": [button(url)]},
    ]
    workspace = sandbox.workspace  # straight into the state: Slack's own limits would refuse these
    workspace.post(workspace.channel("papers"), workspace.bot_user, Draft(f"<{url}|x>", blocks))
    jonas = await look(sandbox)
    said = jonas.messages.first
    for words in ("rich", "marked", "pictured", "pressed"):
        await expect(said).to_contain_text(words)
    assert await said.locator("a, img").count() == 0


def button(url: str) -> dict[str, Any]:
    label = {"type": "plain_text", "text": "pressed"}
    return {"type": "button", "action_id": "go", "text": label, "url": url}


async def test_what_slips_in_does_not_run(small: tuple[Sandbox, Any], look: Look) -> None:
    """The second wall: were markup to get through, the policy stops it."""
    sandbox, _ = small
    jonas = await look(sandbox)
    await jonas.page.evaluate(
        """() => {
          const app = document.getElementById("app");  // what the page's stream brings stands in it
          app.insertAdjacentHTML("beforebegin", "<i onclick='document.title=1'>x</i>");
          const script = document.createElement("script");
          script.textContent = "document.title = 1";
          document.body.append(script);
        }"""
    )
    await jonas.page.locator("body > i").click()
    await expect(jonas.page).to_have_title("# papers · Paper Street")
    assert [trouble for trouble in jonas.troubles if "Content Security Policy" in trouble]
    jonas.troubles.clear()


async def test_another_site_cannot_act_or_frame_it(browser: Browser, small: tuple[Sandbox, Any]) -> None:
    sandbox, _ = small
    member, called = sandbox.member("jonas").id, len(sandbox.calls)
    async with Sandbox() as elsewhere:
        elsewhere_page = await browser.new_page()
        await elsewhere_page.goto(f"{elsewhere.url.replace('127.0.0.1', 'localhost')}/sandbox/none")
        say = f"{sandbox.url}/page/say?member={member}&channel=papers"
        for url in (say, f"{sandbox.url}/sandbox/message", f"{sandbox.url}/api/chat.postMessage"):
            form = {"text": "from elsewhere", "channel": "papers", "token": sandbox.bot_token}
            await elsewhere_page.evaluate(
                "([to, form]) => fetch(to, {method: 'POST', mode: 'no-cors',"
                " body: new URLSearchParams(form)})",
                [url, form],
            )
        get = f"{sandbox.api_url}chat.postMessage?token={sandbox.bot_token}&channel=papers&text=x"
        await elsewhere_page.evaluate("url => fetch(url, {mode: 'no-cors'})", get)
        await elsewhere_page.close()
    assert sandbox.workspace.changes == []
    assert len(sandbox.calls) == called


async def test_the_stream_ends_with_the_sandbox(browser: Browser) -> None:
    sandbox = Sandbox()
    sandbox.serve(Site(sandbox).attach)
    page = await browser.new_page()
    async with sandbox:
        await page.goto(sandbox.url)
        await page.evaluate("document.title")
    await expect(page.get_by_role("status")).to_contain_text("The demo has ended")
    await page.close()
