"""`paperboy run` where it can't: what it says, and that it says it at once."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from typing import Any

import pytest
from patience import PATIENCE
from premises import Premises, Running, digest, row

from bot.sandbox import Sandbox

BOT, APP = "xoxb-0123-wrong", "xapp-1-wrong"
SMALL = """
import sqlalchemy as sa
from sqlalchemy.pool import Pool

@sa.event.listens_for(Pool, "connect")
def fill_the_disk(connection, record):
    cursor = connection.cursor()
    cursor.execute("PRAGMA max_page_count = 1")
    cursor.close()

from bot.cli import main
main()
"""
LOUD = """
from bot import log
configure = log.configure
log.configure = lambda style, level: configure(style, "DEBUG")
from bot.cli import main
main()
"""


# --- settings -----------------------------------------------------------------------------------


def test_without_tokens(premises: Premises) -> None:
    done = premises.paperboy("run")
    assert done.code == 2
    assert "SLACK_BOT_TOKEN (xoxb-…" in done.err
    assert "SLACK_APP_TOKEN (xapp-…" in done.err
    assert done.err.endswith("`paperboy demo` needs none of them.\n")


def test_with_swapped_tokens(premises: Premises) -> None:
    done = premises.paperboy("run", SLACK_BOT_TOKEN=APP, SLACK_APP_TOKEN=BOT)
    assert done.code == 2
    assert "SLACK_BOT_TOKEN: what stands here belongs in SLACK_APP_TOKEN" in done.err
    assert BOT not in done.err and APP not in done.err


def test_a_role_on_sqlite(premises: Premises) -> None:
    done = premises.paperboy("run", "--role", "deliver", SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP)
    assert done.code == 2
    assert "SQLite serves one" in done.err


# --- Slack --------------------------------------------------------------------------------------


async def test_with_a_wrong_bot_token(premises: Premises, slack: Sandbox) -> None:
    premises.connect(slack)
    done = await premises.beside("run", SLACK_BOT_TOKEN=BOT)
    assert done.code == 2
    assert done.err.startswith("Slack refuses SLACK_BOT_TOKEN: ")


async def test_with_a_wrong_app_token(premises: Premises, slack: Sandbox) -> None:
    premises.connect(slack)
    done = await premises.beside("run", SLACK_APP_TOKEN=APP)
    assert done.code == 2
    assert "Slack refuses SLACK_APP_TOKEN (invalid_auth). Make an App-Level Token" in done.err


async def test_no_token_is_ever_in_what_a_failing_run_says(premises: Premises, slack: Sandbox) -> None:
    premises.connect(slack)
    slack.faults.add("refuse", method="apps.connections.open", error=f"bad {slack.app_token}", times=None)
    said = ""
    for style, wrong in (
        ("console", {"SLACK_BOT_TOKEN": BOT}),
        ("json", {"SLACK_APP_TOKEN": APP}),
        ("console", {}),
        ("json", {"DATABASE_URL": "postgresql://paperboy:hush-hush@127.0.0.1:1/paperboy"}),
    ):
        env = {"PAPERBOY_LOG": style, **wrong}
        done = await asyncio.to_thread(premises.paperboy_anew, "run", code=LOUD, **env)
        assert done.code
        said += done.out + done.err
    assert "Slack refuses SLACK_APP_TOKEN" in said
    assert "can't be reached" in said
    for secret in BOT, APP, slack.bot_token, slack.app_token, "hush-hush":
        assert secret not in said


async def test_an_unreachable_slack_is_tried_again_and_a_signal_ends_that(
    premises: Premises, slack: Sandbox
) -> None:
    premises.connect(slack)
    await slack.go_down()
    async with premises.running() as bot:
        await bot.logs("Slack can't be reached; trying again")
        bot.terminate()
        assert await bot.end() == 0
    assert len(bot.log.splitlines()) <= 3
    assert "Traceback" not in bot.log


async def test_a_slack_that_comes_back_is_found(premises: Premises, slack: Sandbox) -> None:
    premises.connect(slack)
    slack.faults.add("server_error", method="auth.test")
    async with slack.down(), premises.running() as bot:
        await bot.logs("Slack can't be reached; trying again")
        await slack.go_up()
        await bot.logs("paperboy runs")
        assert "Slack answered 500" in bot.log


async def test_an_unknown_channel_is_told_and_costs_nothing_else(premises: Premises, slack: Sandbox) -> None:
    premises.connect(slack)
    source, _, feed = (premises.folder / "config" / "paperboy.toml").read_text().partition("[[feeds]]")
    premises.config(f'{source}[[feeds]]{feed}[[feeds]]\nchannel = "C0NOWHERE"\n')
    premises.write("digests/2025-04-28.md", digest("2025-04-28", row("Grasping", "2504.00001")))
    async with premises.running() as bot:
        channel = slack.workspace.channel("papers")
        await slack.until(lambda: channel.timeline and channel.timeline[0].replies)
        await bot.logs("the feed is paused")
    (line,) = (line for line in bot.log.splitlines() if "the feed is paused" in line)
    assert "code=channel_not_found" in line
    assert "There is no such channel, or it is private: invite the bot to it." in line


# --- this machine -------------------------------------------------------------------------------


async def test_a_second_run_on_the_same_database(premises: Premises, slack: Sandbox) -> None:
    premises.connect(slack)
    async with premises.running() as bot:
        await bot.logs("paperboy runs")
        done = await premises.beside("run")
        assert bot.process.returncode is None
    assert done.code == 1
    assert f"Another Paperboy (process {bot.process.pid}) runs on data/paperboy.db. Stop it first" in done.err


async def test_a_port_that_is_taken(premises: Premises, slack: Sandbox) -> None:
    premises.connect(slack)
    del premises.env["SLACK_APP_TOKEN"]
    where = slack.url.removeprefix("http://")
    done = await premises.beside("run", SLACK_SIGNING_SECRET=slack.signing_secret, PAPERBOY_HTTP=where)
    assert done.code == 2
    assert f"PAPERBOY_HTTP: can't listen on {where} (Address already in use)." in done.err


@pytest.mark.parametrize("command", [["run"], ["ingest", "2025-04-28.md"]], ids=" ".join)
async def test_a_database_that_is_read_only(premises: Premises, slack: Sandbox, command: list[str]) -> None:
    premises.connect(slack)
    premises.write("2025-04-28.md", digest("2025-04-28", row("Grasping", "2504.00001")))
    path = premises.folder / "data" / "paperboy.db"
    done = await premises.beside(*command, DATABASE_URL=f"sqlite:///file:{path}?mode=ro&uri=true")
    assert done.code == 1
    assert done.err.splitlines()[-1].endswith("to its folder, or set DATABASE_URL to another place.")
    assert "Traceback" not in done.err


def test_a_database_that_another_program_holds(premises: Premises) -> None:
    path = premises.write("2025-04-28.md", digest("2025-04-28", row("Grasping", "2504.00001")))
    database = premises.folder / "data" / "paperboy.db"
    holder = sqlite3.connect(database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    url = f"sqlite:///{database}?timeout=0.05"
    done = premises.paperboy("ingest", str(path), DATABASE_URL=url)
    assert (done.code, done.out) == (1, "")
    assert "is locked by another program. Close what has it open" in done.err
    holder.close()
    assert premises.paperboy("ingest", str(path), DATABASE_URL=url).code == 0


def test_a_full_disk_costs_only_what_no_longer_fits(premises: Premises) -> None:
    rows = [row(f"Paper {number} " + "x" * 2000, f"2504.{number:05}") for number in range(200)]
    path = premises.write("2025-04-28.md", digest("2025-04-28", *rows))
    full = premises.paperboy_anew("ingest", str(path), code=SMALL)
    assert (full.code, full.out) == (1, "")
    assert "is full. Free some space and try again; what was being written was undone" in full.err
    assert "Traceback" not in full.err
    assert "200 papers written" in premises.paperboy("ingest", str(path)).out


async def told_of_polls(bot: Running, number: int) -> list[dict[str, Any]]:
    """What the log says of them, once it is that much."""
    async with asyncio.timeout(PATIENCE):
        while True:
            lines = [json.loads(line) for line in bot.log.splitlines(keepends=True) if line.endswith("\n")]
            polls = [line for line in lines if line.get("job") == "poll local"]
            if len(polls) >= number:
                return polls
            await asyncio.sleep(0.05)


async def test_a_database_in_trouble_meanwhile_is_told_once(premises: Premises, slack: Sandbox) -> None:
    premises.connect(slack)
    database = premises.folder / "data" / "paperboy.db"
    url = f"sqlite:///{database}?timeout=0.05"
    async with premises.running(DATABASE_URL=url, PAPERBOY_LOG="json") as bot:
        await bot.logs("paperboy runs")
        holder = sqlite3.connect(database, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        premises.write("digests/2025-04-28.md", digest("2025-04-28", row("Grasping", "2504.00001")))
        await told_of_polls(bot, 1)
        await asyncio.sleep(3)
        holder.close()
        polls = await told_of_polls(bot, 2)
    assert "Traceback" not in bot.log
    assert [line["event"] for line in polls] == ["job failed; it is tried again", "job runs again"]
    assert "is locked by another program" in polls[0]["error"]
