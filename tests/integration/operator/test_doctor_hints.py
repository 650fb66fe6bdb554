"""`paperboy doctor` about what is easily overlooked: misspelt variables, no feed at all, a wrong folder."""

from __future__ import annotations

import pytest
from premises import Premises

from bot.app.core import open_core
from bot.doctor import Finding, Health, examine
from bot.model import Feed
from bot.sandbox import Sandbox
from bot.subscriptions import feeds

ADVICE = "  → Type /papers feed in a channel, or add a [[feeds]] table.\n"


@pytest.mark.parametrize(
    ("variable", "hint"),
    [
        ("PAPERBOY_DTA", '; did you mean "PAPERBOY_DATA"?'),
        ("paperboy_log", '; did you mean "PAPERBOY_LOG"?'),
        ("PAPERBOY_XYZ", "; those are PAPERBOY_CONFIG, PAPERBOY_DATA, PAPERBOY_LOG, PAPERBOY_HTTP, "),
    ],
)
def test_a_variable_that_nothing_reads(bare: Premises, variable: str, hint: str) -> None:
    told = f"• environment: there is no variable {variable}{hint}"
    assert told in bare.paperboy("doctor", **{variable: "here"}).out
    bare.write(".env", f"{variable}=here\n")
    assert told in bare.paperboy("doctor").out


def test_variables_that_are_read_are_not_told_of(bare: Premises) -> None:
    assert "environment" not in bare.paperboy("doctor", PAPERBOY_DATA="here", PAPERBOY_LOG="json").out


def test_no_feed_in_the_settings(bare: Premises) -> None:
    assert f"• feeds: none in the settings\n{ADVICE}" in bare.paperboy("doctor").out


async def test_no_feed_anywhere(premises: Premises, slack: Sandbox) -> None:
    premises.connect(slack)
    premises.config("")
    told = (await premises.beside("doctor")).out
    assert f"• feeds: none, so no channel gets a digest\n{ADVICE}" in told
    async with open_core(premises.settings()) as core, core.database.begin() as conn:
        made = Feed(slack.workspace.id, slack.workspace.channel("papers").id, owner="U1")
        await feeds.put(conn, made, core.clock())
    assert "• feeds:" not in (await premises.beside("doctor")).out


async def test_data_that_can_be_no_folder(bare: Premises) -> None:
    bare.write("data", "a file")
    found: dict[str, Finding] = {one.check: one async for one in examine(bare.settings())}
    for check in "disk", "database":
        assert found[check].health is Health.WRONG
        assert f"{bare.folder / 'data'} is no folder" in found[check].found
