"""What was saved comes as BibTeX, RIS or CSV by direct message: whole, once a press, whatever titles say."""

from __future__ import annotations

import csv
import io
import itertools
from typing import Any

import bibtexparser
import rispy
from stage import Stage, catch_up, row

from bot.app.bot import Bot
from bot.sandbox import Member

TITLES = ("} @misc{evil, title={x", "=1+1", "@here & <b>", "測試論文的標題🧪", "ER  - ", "Plain Arms")


async def saved(stage: Stage, bot: Bot, number: int) -> Member:
    """A member who keeps so many papers."""
    jonas, titles = stage.member(), itertools.cycle(TITLES)
    rows = [row(f"{next(titles)} {n} {'long ' * 20}", f"2504.{n:05}") for n in range(number)]
    stage.write("2025-04-27", *rows)
    await catch_up(bot)
    (digest,) = await bot.core.library.newest(stage.clock())
    for one in digest.papers:
        await bot.core.library.save(stage.sandbox.workspace.id, jonas.id, one.id, stage.clock())
    return jonas


def boxes(member: Member) -> list[str]:
    def inside(node: Any) -> list[str]:
        if isinstance(node, dict) and node.get("type") == "rich_text_preformatted":
            return ["".join(run["text"] for run in node["elements"])]
        children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        return [text for child in children for text in inside(child)]

    return [text for message in member.dms() for text in inside(message.blocks)]


async def test_a_hundred_and_fifty_papers_come_in_parts_that_read_back(stage: Stage) -> None:
    async with stage.bot() as bot:
        jonas = await saved(stage, bot, 150)
        page = (await jonas.command("papers", "/papers", "saved")).message
        assert page.text.startswith("150 saved papers")
        said = (await jonas.press(page, "saved_export:bibtex")).message.text
        parts = int(said.split(", in ")[1].split()[0])
        assert "Your 150 saved papers come as BibTeX" in said and parts > 3
        await stage.sandbox.until(lambda: len(jonas.dms()) == parts)
        library = bibtexparser.parse_string("\n".join(boxes(jonas)))
        assert len(library.entries) == 150 and not library.failed_blocks
        assert f"part {parts} of {parts}" in jonas.dms()[-1].text


async def test_ris_and_csv_read_back(stage: Stage) -> None:
    async with stage.bot() as bot:
        jonas = await saved(stage, bot, 12)
        await jonas.command("papers", "/papers", "saved ris")
        await stage.sandbox.until(lambda: jonas.dms())
        assert len(rispy.loads(boxes(jonas)[0])) == 12
        await jonas.command("papers", "/papers", "saved export csv")
        await stage.sandbox.until(lambda: len(jonas.dms()) > 1)
        rows = list(csv.reader(io.StringIO("\n".join(boxes(jonas)[1:]))))
        assert len(rows) == 13 and not any(cell.startswith("=") for line in rows for cell in line)


async def test_nothing_saved_says_how_to(stage: Stage) -> None:
    async with stage.bot():
        said = (await stage.member().command("papers", "/papers", "saved bibtex")).text
        assert "saved nothing yet" in said and stage.member().dms() == []


async def test_saved_papers_are_removed_in_place(stage: Stage) -> None:
    async with stage.bot() as bot:
        jonas = await saved(stage, bot, 6)
        home = (await jonas.open_home()).view
        second = (await jonas.press(home, "home_page:saved-next")).view
        assert "6–6 of 6" in str(second.blocks)
        removed = (await jonas.press(second, "paper_unsave")).view
        assert "from what you saved" in str(removed.blocks[0]) and "5 papers" in str(removed.blocks)
        back = (await jonas.press(removed, "paper_save")).view
        assert "1–5 of 6" in str(back.blocks)
