"""`paperboy bench deliver` posts all once, beside the bare loop, and tells ratios. It asserts no speed."""

from __future__ import annotations

import asyncio
import json

import asyncpg
import pytest
from typer.testing import CliRunner

from bot.bench.deliver import BARE, Load
from bot.cli import app
from bot.errors import BotError

SMALL = ["--posts", "12", "--channels", "4", "--workspaces", "2", "--rounds", "1", "--json"]


def bench(*arguments: str) -> dict[str, object]:
    told = CliRunner().invoke(app, ["bench", "deliver", *SMALL, *arguments])
    assert told.exit_code == 0, told.output
    found: dict[str, object] = json.loads(told.stdout)
    return found


def test_the_courier_beside_the_bare_loop() -> None:
    found = bench("--latency", "1")
    assert (found["database"], found["posts"], found["rounds"]) == ("sqlite", 12, 1)
    bare, ours = found["results"]  # type: ignore[misc]
    assert bare["name"] == BARE and bare["posts_a_second"] > 0  # type: ignore[has-type]
    assert ours[f"to {BARE}"] > 0  # type: ignore[has-type]


def test_two_workers_leave_nothing_on_the_server(postgres_url: str) -> None:
    found = bench("--database", postgres_url, "--workers", "2")
    names = [each["name"] for each in found["results"]]  # type: ignore[attr-defined]
    assert names == [BARE, "one worker", "2 workers"]

    async def databases() -> list[str]:
        connection = await asyncpg.connect(postgres_url)
        rows = await connection.fetch("SELECT datname FROM pg_database")
        await connection.close()
        return [row["datname"] for row in rows]

    assert not [name for name in asyncio.run(databases()) if name.startswith("paperboy_bench")]


def test_workers_want_postgresql() -> None:
    told = CliRunner().invoke(app, ["bench", "deliver", "--workers", "2"])
    assert isinstance(told.exception, BotError)


@pytest.mark.parametrize("url", ["sqlite:///x.db", "postgresql://u:p@127.0.0.1:1/x"])
def test_a_server_that_is_none_is_said_in_a_sentence(url: str) -> None:
    told = CliRunner().invoke(app, ["bench", "deliver", *SMALL, "--database", url])
    assert isinstance(told.exception, BotError)


@pytest.mark.parametrize(
    ("posts", "channels", "workspaces", "seconds"),
    [(10_000, 500, 50, 49.0), (40, 2, 2, 19.0), (8, 4, 1, 1.0)],
)
def test_the_best_that_the_pace_allows(posts: int, channels: int, workspaces: int, seconds: float) -> None:
    """Four a second to a workspace, the first four at once; one a second to a channel."""
    assert Load(posts, channels, workspaces, paced=True).best == pytest.approx(seconds)
