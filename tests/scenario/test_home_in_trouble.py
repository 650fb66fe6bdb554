"""The Home when two things happen at once, and when something goes wrong: nothing stale, nothing silent."""

from __future__ import annotations

import asyncio

import pytest
from stage import Stage, catch_up, row

THREE = ("robotics", "author:Yi Peng", '"world model"')


async def test_two_presses_at_once_both_count_and_the_newest_is_shown(stage: Stage) -> None:
    jonas = stage.member()
    async with stage.bot():
        stage.write("2025-04-27", row("Arms", "2504.00001"))
        for text in THREE[1:]:
            await jonas.command("papers", "/papers", f"follow {text}")
        home = (await jonas.open_home()).view
        rows = [b["block_id"] for b in home.blocks if "accessory" in b]
        assert len(rows) == 2
        await asyncio.gather(
            *(jonas.press(home, "following_remove", block_id=block_id, answers=2) for block_id in rows)
        )
        assert jonas.home and "Nothing yet." in str(jonas.home.blocks)
        assert "following_remove" not in str(jonas.home.blocks)
        refused = [call.error for call in stage.sandbox.calls if call.method == "views.publish"]
        assert "hash_conflict" in refused, "what was drawn meanwhile was not overwritten with what is old"


async def test_behind_a_window_the_newest_home_is_drawn_last(stage: Stage) -> None:
    jonas = stage.member()
    stage.write("2025-04-27", row("Arms", "2504.00001"), row("Legs", "2504.00002"))
    async with stage.bot() as bot:
        await catch_up(bot)
        read = (await jonas.press((await jonas.open_home()).view, "day_page:first")).view
        rows = [block["block_id"] for block in read.blocks if block["type"] == "actions"][:2]
        slow = stage.sandbox.faults.add("slow", method="views.publish", delay=1.0)
        first = asyncio.create_task(jonas.press(read, "paper_save", block_id=rows[0], answers=0))
        await stage.struck(slow)
        await jonas.press(read, "paper_save", block_id=rows[1], answers=0)
        await first
        await stage.sandbox.until(
            lambda: [one.view for one in stage.sandbox.workspace.changes].count(jonas.home) == 3
        )
        assert jonas.home and str(jonas.home.blocks).count("'paper_unsave'") == 2


async def test_a_window_that_slack_finds_too_late_says_so(stage: Stage) -> None:
    jonas = stage.member()
    stage.sandbox.faults.add("refuse", method="views.open", error="expired_trigger_id")
    async with stage.bot():
        assert "did not open" in (await jonas.command("papers", "/papers", "feed set")).text


async def test_a_home_that_can_not_be_drawn_says_so_with_an_id_that_the_log_has(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    jonas = stage.member()
    async with stage.bot():
        await jonas.command("papers", "/papers", "follow author:Yi Peng")
        await stage.spoil("UPDATE member SET frequency = 'never heard of'")
        home = (await jonas.open_home()).view
        shown = str(home.blocks)
        assert "Something went wrong" in shown
        reference = shown.split("Reference ")[1][:6]
        assert reference in "".join(capsys.readouterr())


async def test_a_window_that_slack_does_not_open_is_told_in_the_home(stage: Stage) -> None:
    jonas = stage.member()
    stage.write("2025-04-27", row("Arms", "2504.00001"))
    async with stage.bot() as bot:
        await catch_up(bot)
        home = (await jonas.open_home()).view
        stage.sandbox.faults.add("server_error", method="views.open")
        after = (await jonas.press(home, "day_page:first")).view
        assert after.payload["type"] == "home" and "Something went wrong" in str(after.blocks)


async def test_a_stale_button_of_a_home_says_so_there(stage: Stage) -> None:
    jonas = stage.member()
    async with stage.bot():
        home = (await jonas.open_home()).view
        for block in home.blocks:
            for element in block.get("elements", []):
                if element.get("action_id") == "following_add":
                    element["value"] = "drop table"
        after = (await jonas.press(home, "following_add")).view
        assert "too old" in str(after.blocks)
