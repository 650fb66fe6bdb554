"""The real bot on the page: reading, searching, following, a thread, the next morning, other members."""

from __future__ import annotations

import re

from viewer import Look, expect

from bot.demo import World


async def test_first_open(world: World, look: Look) -> None:
    jonas = await look(world.sandbox)
    await expect(jonas.page).to_have_title("# papers · Paper Street")
    post = jonas.messages.first
    await expect(post.get_by_role("heading", name="Thursday, 19 November 2026")).to_be_visible()
    await expect(post.locator(".badge")).to_have_text("APP")
    title = post.get_by_role("link", name="Denoising Diffusion Probabilistic Models")
    await expect(title).to_have_attribute("href", "https://arxiv.org/abs/2006.11239")
    await expect(jonas.sidebar.get_by_role("link", name="research-leads")).to_be_visible()
    await expect(jonas.sidebar.get_by_role("link", name="board-only")).to_have_count(0)
    await expect(jonas.page.locator("#top .clock")).to_contain_text("in Berlin")


async def test_a_bare_address_opens_where_something_was_said(world: World, look: Look) -> None:
    ada = await look(world.sandbox)
    await ada.page.goto(world.sandbox.url)
    await expect(ada.page.get_by_role("heading", level=1)).to_have_text("# papers")
    await expect(ada.page.get_by_role("link", name="Ada Reyes")).to_have_attribute("aria-current", "true")


async def test_a_command_is_completed_and_answered_for_one_alone(world: World, look: Look) -> None:
    jonas, ada = await look(world.sandbox), await look(world.sandbox, "ada")
    await jonas.composer.press_sequentially("/pap")
    hints = jonas.page.get_by_role("option")
    await expect(hints.first).to_contain_text("/papers")
    await expect(hints.first).to_contain_text("Today's papers, search, and what you follow")
    await jonas.composer.press("Tab")
    await expect(jonas.composer).to_have_value("/papers ")
    await jonas.composer.press_sequentially("sea")
    await expect(jonas.page.get_by_role("option", name="/papers search diffusion")).to_be_visible()
    await jonas.composer.press("ArrowDown")
    await jonas.composer.press("Enter")
    await expect(jonas.composer).to_have_value("/papers search diffusion")
    await jonas.composer.press("Enter")

    await expect(jonas.private).to_contain_text("Only visible to you")
    await expect(jonas.private).to_contain_text("Denoising Diffusion Probabilistic Models")
    await expect(jonas.composer).to_have_value("")
    await expect(ada.private).to_have_count(0)


async def test_a_search_is_paged_in_place(world: World, look: Look) -> None:
    jonas = await look(world.sandbox)
    await jonas.type("/papers search language")
    await expect(jonas.private).to_contain_text("1–5 of")
    first = await jonas.private.get_by_role("link").first.inner_text()
    await jonas.private.get_by_role("button", name="Next").click()
    await expect(jonas.private).to_contain_text("6–")
    await expect(jonas.private.get_by_role("link").first).not_to_have_text(first)
    await jonas.private.get_by_role("button", name="Previous").click()
    await expect(jonas.private).to_contain_text("1–5 of")
    await expect(jonas.private).to_have_count(1)


async def test_what_is_shared_all_see_without_reloading(world: World, look: Look) -> None:
    jonas, yuki = await look(world.sandbox), await look(world.sandbox, "yuki")
    await jonas.type("/papers search whisper")
    await jonas.private.get_by_role("button", name="Share to channel").click()
    await expect(yuki.messages.last).to_contain_text("Shared by @jonas")
    await expect(jonas.private).to_have_text(re.compile("Shared with the channel"))


async def test_follow_from_a_menu_and_see_it_in_home(world: World, look: Look) -> None:
    jonas = await look(world.sandbox)
    await jonas.page.locator("a.thread-bar").click()
    paper = jonas.thread.locator("article", has_text="Direct Preference Optimization").last
    await paper.locator("summary.select").click()
    await paper.get_by_role("button", name="Summarization").click()
    await expect(paper.locator("summary.select")).to_have_text("Summarization")
    await expect(jonas.thread.locator("article.ephemeral")).to_contain_text("You follow Summarization")

    await jonas.sidebar.locator("li", has_text="⌂").get_by_role("link").click()
    home = jonas.page.get_by_role("region", name="Home")
    await expect(home.get_by_role("heading", name="What you follow")).to_be_visible()
    await expect(home).to_contain_text("Summarization")
    await expect(jonas.page.get_by_role("link", name="Home", exact=True)).to_have_attribute(
        "aria-current", "page"
    )


async def test_a_thread_beside_the_channel(world: World, look: Look) -> None:
    jonas = await look(world.sandbox)
    await jonas.page.get_by_role("link", name="6 replies").click()
    await expect(jonas.thread.locator("article")).to_have_count(7)
    await expect(jonas.messages).to_have_count(1)
    save = jonas.thread.get_by_role("button", name=re.compile("^Save Denoising"))
    await save.click()
    await expect(jonas.thread.locator("article.ephemeral")).to_contain_text(
        "Saved “Denoising Diffusion Probabilistic Models”"
    )

    await jonas.thread.get_by_role("textbox", name="Reply…").fill("Nice & <short>")
    await jonas.thread.get_by_role("textbox", name="Reply…").press("Enter")
    await expect(jonas.thread.locator("article").last).to_contain_text("Nice & <short>")
    await jonas.thread.get_by_role("textbox", name="Reply…").fill("/papers today")
    await jonas.thread.get_by_role("textbox", name="Reply…").press("Enter")
    await expect(jonas.thread.get_by_role("alert")).to_have_text(
        "/papers is not supported in threads. Sorry!"
    )
    await jonas.thread.get_by_role("link", name="Close the thread").click()
    await expect(jonas.thread).to_have_count(0)


async def test_the_next_digest_and_the_next_morning(world: World, look: Look) -> None:
    """The channel gets it at once, each who follows at nine where they live."""
    jonas = await look(world.sandbox)
    await jonas.type("/papers follow Robotics")
    await expect(jonas.private).to_contain_text("You follow Robotics")
    await jonas.button("Drop in the next digest").click()
    await expect(jonas.messages.last).to_contain_text("Friday, 20 November 2026")
    await expect(jonas.page.locator("#top .clock")).to_contain_text("Fri 20 Nov, 8:55 AM")

    await jonas.button("Next morning").click()
    await expect(jonas.page.locator("#top .clock")).to_contain_text("Fri 20 Nov, 9:00 AM")
    direct = jonas.sidebar.get_by_role("link", name="1 new message")
    await direct.click()
    await expect(jonas.page.get_by_role("heading", level=1)).to_have_text("Paperboy")
    await expect(jonas.messages).to_contain_text("Learning Fine-Grained Bimanual Manipulation")
    await expect(jonas.sidebar.get_by_role("link", name="new message")).to_have_count(0)


async def test_another_member_lives_in_another_time_and_has_a_home_of_their_own(
    world: World, look: Look
) -> None:
    page = (jonas := await look(world.sandbox)).page
    await jonas.type("/papers follow Robotics")
    await expect(jonas.private).to_contain_text("(Europe/Berlin)")
    berlin = await jonas.messages.first.locator(".byline time").inner_text()
    await page.get_by_role("link", name="Yuki Tanaka").click()
    await expect(page.locator("#top .clock")).to_contain_text("in Tokyo")
    await expect(jonas.private).to_have_count(0)
    assert (berlin, await jonas.messages.first.locator(".byline time").inner_text()) == ("9:55 AM", "5:55 PM")
    await jonas.sidebar.locator("li", has_text="⌂").get_by_role("link").click()
    await expect(page.get_by_role("region", name="Home")).to_contain_text("Nothing yet")


async def test_the_feed_form_counts_as_one_types_and_keeps_what_was_chosen(world: World, look: Look) -> None:
    jonas = await look(world.sandbox, at="robotics")
    await jonas.type("/papers feed set")
    form = jonas.modal
    await form.get_by_label("Only papers about").press_sequentially("diffusion")
    await expect(form).to_contain_text("Matches 2 papers")
    await expect(form.get_by_label("Only papers about")).to_be_focused()
    zone = form.get_by_label("Time zone")
    await zone.fill("New York")
    await expect(form.locator("datalist option")).not_to_have_count(0)
    zone_there = await form.locator("datalist option").first.get_attribute("value")
    await zone.fill(zone_there or "")
    await form.get_by_label("At an hour").check()
    await expect(form.get_by_label("Hour", exact=True)).to_have_value("09:00")
    await expect(zone).to_have_value(zone_there or "")
    on_empty = form.get_by_role("group", name="On a day without a paper for this channel")
    await expect(on_empty.get_by_role("radio", checked=True)).to_have_count(1)


async def test_what_the_bot_knows_nothing_of(world: World, look: Look) -> None:
    jonas = await look(world.sandbox)
    await jonas.type("/weather")
    alert = jonas.page.locator("#say").get_by_role("alert")
    await expect(alert).to_contain_text("/weather is not a valid command")
    await expect(jonas.composer).to_have_value("/weather")
