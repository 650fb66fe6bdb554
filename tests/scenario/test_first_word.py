"""The first who asks gets one direct message with what is left to do, once for ever."""

from __future__ import annotations

from stage import Stage, catch_up, row


async def test_the_first_visit_brings_the_steps_that_remain_once(stage: Stage) -> None:
    stage.greets = True
    jonas, ada = stage.member(), stage.member("ada")
    async with stage.bot():
        await jonas.open_home()
        await stage.sandbox.until(lambda: jonas.dms())
        (word,) = jonas.dms()
        assert "/invite" in word.text and "/papers follow" in word.text and "paperboy doctor" in word.text
        await jonas.open_home()
        await ada.open_home()
        await ada.command("papers", "/papers", "help")
    async with stage.bot():
        await ada.command("papers", "/papers", "help")
    assert len(jonas.dms()) == 1 and ada.dms() == []


async def test_only_what_is_not_done_is_named(stage: Stage) -> None:
    stage.greets = True
    stage.feed(layout="full")
    stage.write("2025-04-27", row("Arms", "2504.00001"))
    jonas = stage.member()
    async with stage.bot() as bot:
        await catch_up(bot)
        await jonas.command("papers", "/papers", "today")
        await stage.sandbox.until(lambda: jonas.dms())
        (word,) = jonas.dms()
        assert "follow Robotics" in word.text
        assert "/invite" not in word.text and "doctor" not in word.text and "1." not in word.text
