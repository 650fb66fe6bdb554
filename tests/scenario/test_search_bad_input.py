"""Whatever is typed after `/papers search`: an answer, or nothing found and what would find something."""

from __future__ import annotations

import pytest
from stage import Stage, catch_up, row

TEXTS = {
    "SQL": "'; DROP TABLE paper; -- OR 1=1",
    "FTS5": 'title : (robot* NEAR("arm hand", 3)) ^x {summary tags} + "',
    "FTS5 operators": "AND NOT OR NEAR",
    "40 kB": "robots " * 5_715,
    "40 kB without a space": "x" * 40_000,
    "stopwords": "how do I find the paper about it",
    "punctuation": "?!… --- ::: ///",
    "emoji": "🤖🧪👩‍🔬🏳️‍🌈",
    "right to left": "שלום עולם \u202eمرحبا\u202c",
    "unbalanced quotes": 'robots "arm “hand',
    "unbalanced parentheses": "((robots OR (arm)) OR ) (",
    "a day that is none": "robots after:someday before:2025-02-30",
    "an unknown tag": "tag:robotcs arm",
    "200 alternatives": " OR ".join(f"word{number}" for number in range(200)) + " OR robot",
    "one letter": "r",
    "one sign": "模",
    "a lone surrogate": "robots \ud83e",
    "NUL": "robots \x00 arm\x00",
    "minus signs": "-" * 300 + "robots",
    "fields without values": "tag: author: has: after: before:",
    "only what is not wanted": "-robots -tag:nlp",
    "a page's own value": "5nv:robots",
    "mentions": "<!channel> <@U001000001> @here",
}
ODD = [
    row("Robots that Learn", "2504.00001"),
    row("模型 of Arms", "2504.00002"),
    row("Words 5nv", "2504.00003"),
]


async def test_it_is_answered(stage: Stage) -> None:
    stage.write("2025-04-27", *ODD)
    async with stage.bot() as bot:
        await catch_up(bot)
        jonas = stage.member()
        for what, text in TEXTS.items():
            reply = await jonas.command("papers", "/papers", f"search {text}")
            assert "Reference" not in reply.text and "⚠️" not in reply.text, what
            found = " for “" in reply.text
            assert found or ("These find something" in reply.text and "/papers search" in reply.text), what
            for block in reply.message.blocks:
                for element in block.get("elements", []) if block["type"] == "actions" else []:
                    if element["action_id"].startswith(("search_page", "search_follow")):
                        pressed = await jonas.press(reply.message, element["action_id"])
                        assert "Reference" not in pressed.text, (what, element["action_id"])
                        break


@pytest.mark.parametrize(
    "text",
    [
        '"robots \ud83e"',
        "robots -\ud83e",
        '"robots \x00 arm"',
        "tag:\u202enlp\u202c",
        "search:((robots OR",
        "-",
    ],
)
async def test_odd_follows_are_followed_or_explained(stage: Stage, text: str) -> None:
    async with stage.bot():
        answer = (await stage.member().command("papers", "/papers", f"follow {text}")).text
    assert "Reference" not in answer
    assert "You follow" in answer or "⚠️" in answer


@pytest.mark.parametrize("text", ["search", "find   ", "search \u200b"])
async def test_a_search_for_nothing_says_how(stage: Stage, text: str) -> None:
    async with stage.bot():
        answer = (await stage.member().command("papers", "/papers", text)).text
    assert "/papers search" in answer and "Reference" not in answer
