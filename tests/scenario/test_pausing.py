"""Mute means mute: while a member paused, nothing comes by itself, and afterwards no flood."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator

import pytest
from stage import Stage, catch_up, row

from bot.app.bot import Bot
from bot.delivery import desk, outbox
from bot.model import Delivery, DeliveryKind, Message


@pytest.fixture
async def bot(stage: Stage) -> AsyncIterator[Bot]:
    stage.write("2025-04-27", row("Old Arm", "2504.00001"))
    async with stage.bot() as bot:
        await catch_up(bot)
        await ask(stage, "follow robotics")
        yield bot


async def ask(stage: Stage, text: str) -> str:
    return (await stage.member().command("papers", "/papers", text)).text


async def rows(stage: Stage, bot: Bot) -> dict[str, tuple[str, str | None]]:
    async with bot.core.database.read() as conn:
        found = await desk.listing(conn, destination=stage.member().id)
    return {row.key: (row.state, row.note) for row in found}


def note(stage: Stage, key: str, **given: object) -> Delivery:
    facts = {"kind": DeliveryKind.NOTICE, "due_at": stage.clock(), "message": Message("A word.")} | given
    return Delivery(key, stage.sandbox.workspace.id, stage.member().id, **facts)  # type: ignore[arg-type]


async def test_what_is_planned_or_planned_later_does_not_come(stage: Stage, bot: Bot) -> None:
    later = stage.clock() + dt.timedelta(hours=1)
    async with bot.core.database.begin() as conn:
        await outbox.add(conn, [note(stage, "before", due_at=later)], stage.clock())
    assert "Paused" in await ask(stage, "digest pause")
    async with bot.core.database.begin() as conn:
        await outbox.add(conn, [note(stage, "after")], stage.clock())
    stage.clock.move(hours=3)
    stage.write("2025-04-28", row("New Arm", "2504.00002"))
    await catch_up(bot)
    await bot.plan()
    assert await rows(stage, bot) == {
        "before": ("skipped", outbox.MUTED),
        "after": ("skipped", outbox.MUTED),
    }
    assert stage.member().dms() == []
    assert "Paused" in await ask(stage, "digest")


async def test_after_resuming_only_what_is_new_comes(stage: Stage, bot: Bot) -> None:
    jonas = stage.member()
    await ask(stage, "digest pause")
    stage.write("2025-04-28", row("Missed Arm", "2504.00002"))
    await catch_up(bot)
    stage.clock.move(hours=4)
    await ask(stage, "saved")
    resumed = await ask(stage, "digest resume")
    assert "Resumed. Your digest comes every day at 09:00" in resumed and "from now on" in resumed
    stage.clock.move(hours=14)
    stage.write("2025-04-29", row("New Arm", "2504.00003"))
    await catch_up(bot)
    stage.clock.move(hours=12)
    await bot.plan()
    await stage.sandbox.until(lambda: jonas.dms())
    (came,) = jonas.dms()
    assert "New Arm" in came.text and "Missed Arm" not in came.text and "Old Arm" not in came.text


async def test_what_is_asked_for_is_answered_while_paused(stage: Stage, bot: Bot) -> None:
    jonas = stage.member()
    found = (await jonas.command("papers", "/papers", "search old arm")).message
    await jonas.press(found, "paper_save")
    home = (await jonas.open_home()).view
    paused = (await jonas.press(home, "digest_pause")).view
    assert str(paused.blocks).count("nothing comes to you by itself until") == 1
    assert str(paused.blocks).count("'digest_resume'") == 1
    await jonas.press(paused, "saved_export:csv")
    await stage.sandbox.until(lambda: jonas.dms())
    assert "1 saved paper as CSV" in jonas.dms()[0].text
    running = (await jonas.press(jonas.home, "digest_resume")).view  # type: ignore[arg-type]
    assert "every day at 09:00" in str(running.blocks)
