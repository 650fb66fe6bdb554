"""Two files of one source and one day, such as a clone that holds an archive and a README with every day."""

from __future__ import annotations

import datetime as dt

import pytest
from stage import Stage, catch_up, digest, row

GRASP = row("Grasping: A Study", "2504.00001")
WALK = row("Walking Far", "2504.00002")


async def test_the_first_one_counts_and_the_operator_is_told(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    async with stage.bot() as bot:
        stage.write("2025-04-28", GRASP)
        await catch_up(bot)
        (stage.digests / "other").mkdir()
        (stage.digests / "other" / "2025-04-28.md").write_text(digest("2025-04-28", WALK), "utf-8")
        await catch_up(bot)
        (found,) = await bot.core.library.on(dt.date(2025, 4, 28))
    assert [paper.paper.title for paper in found.papers] == ["Grasping: A Study"]
    assert "remove one of the two" in "".join(capsys.readouterr())


async def test_a_copy_that_says_the_same_is_no_matter(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    async with stage.bot() as bot:
        stage.write("2025-04-28", GRASP)
        (stage.digests / "README.md").write_text("# All days\n" + digest("2025-04-28", GRASP), "utf-8")
        await catch_up(bot)
        (found,) = await bot.core.library.on(dt.date(2025, 4, 28))
    assert found.revision == 1
    assert "remove one of the two" not in "".join(capsys.readouterr())
