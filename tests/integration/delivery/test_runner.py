"""When drains run, and that a workspace has one at a time: in one process, and through PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter

import pytest
from breakable import Server, begin, end
from drains import Drains, Shop, until
from patience import PATIENCE


@pytest.fixture(params=["in memory", "postgresql"])
def shop(request: pytest.FixtureRequest) -> Shop:
    return Shop(Drains(), None if request.param == "in memory" else request.getfixturevalue("postgres_url"))


@pytest.fixture
def shared(postgres_url: str) -> Shop:
    return Shop(Drains(), postgres_url)


async def test_who_is_woken_is_drained(shop: Shop) -> None:
    async with shop.runner() as runner:
        for workspace in ("T1", "T2"):
            runner.wake(workspace)
        await until(lambda: len(shop.drains.begun) == 2)
        await asyncio.sleep(0.3)
    assert Counter(shop.drains.begun) == {("one", "T1"): 1, ("one", "T2"): 1}


async def test_a_wake_up_before_the_runner_runs_is_kept(shop: Shop) -> None:
    async with shop.runner() as runner:
        runner.wake("T1")  # its task has not begun yet
        await until(lambda: shop.drains.of("T1"))


async def test_a_later_wake_up_waits_its_time(shop: Shop) -> None:
    async with shop.runner() as runner:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        runner.wake("T1", after=1.2)
        runner.wake("T1", after=30)
        await until(lambda: shop.drains.of("T1"))
        assert loop.time() - begun >= 1.2


async def test_a_later_wake_up_delays_no_other(shop: Shop) -> None:
    async with shop.runner() as runner:
        runner.wake("T1", after=600)
        await asyncio.sleep(0.2)
        runner.wake("T1")
        await until(lambda: shop.drains.of("T1"))


async def test_what_is_woken_during_its_drain_is_looked_at_again(shop: Shop) -> None:
    shop.drains.seconds = 1.5
    async with shop.runner() as runner:
        runner.wake("T1")
        await until(lambda: shop.drains.under_way)
        for _ in range(5):
            runner.wake("T1")
        await until(lambda: shop.drains.of("T1") == 2)
        await asyncio.sleep(0.5)
    assert shop.drains.nudged and set(shop.drains.nudged) == {"T1"}
    assert (shop.drains.of("T1"), shop.drains.at_most) == (2, 1)


async def test_a_wake_up_that_meets_the_end_of_a_drain_is_not_lost(shop: Shop) -> None:
    """A turn ends in the queue a little after its last look at the ledger."""
    shop.drains.seconds = 0.01
    async with shop.runner() as runner:
        for _ in range(60):
            before = shop.drains.of("T1")
            runner.wake("T1")
            await until(lambda before=before: shop.drains.of("T1") > before)  # type: ignore[misc]
    assert shop.drains.at_most == 1


async def test_a_drain_that_has_to_wait_goes_on_by_itself(shop: Shop) -> None:
    """For a short rest in its turn, after a longer one in another."""
    shop.drains.results = [0.1, 0.8, 0.0]
    async with shop.runner() as runner:
        runner.wake("T1")
        await until(lambda: shop.drains.of("T1") == 4)
        await asyncio.sleep(0.3)
    assert shop.drains.of("T1") == 4


async def test_a_rest_ends_when_something_new_is_due(shop: Shop) -> None:
    shop.drains.results = [600]
    async with shop.runner(rest=900) as runner:
        runner.wake("T1")
        await until(lambda: shop.drains.of("T1"))
        await asyncio.sleep(0.2)
        runner.wake("T1")
        await until(lambda: shop.drains.of("T1") == 2)


async def test_a_drain_that_fails_runs_again(shop: Shop) -> None:
    shop.drains.results = [OSError("the database is away"), OSError("still")]
    async with shop.runner() as runner:
        runner.wake("T1")
        await until(lambda: shop.drains.of("T1") == 3)


async def test_the_sweep_finds_what_nobody_woke(shop: Shop) -> None:
    async with shop.runner(sweep=0.3):
        await until(lambda: True)
        shop.drains.work = ["T1", "T2"]
        await until(lambda: shop.drains.of("T1") and shop.drains.of("T2"))


async def test_stopping_waits_for_a_drain_and_begins_none(shop: Shop) -> None:
    shop.drains.seconds = 0.5
    shop.drains.results = [0.1]
    async with shop.runner() as runner:
        runner.wake("T1")
        await until(lambda: shop.drains.under_way)
        await runner.stop(PATIENCE)
        assert not shop.drains.under_way
        runner.wake("T2")
        await asyncio.sleep(0.2)
    assert shop.drains.begun == [("one", "T1")]


async def test_stopping_takes_no_longer_than_it_may(shop: Shop) -> None:
    shop.drains.seconds = 600
    async with shop.runner() as runner:
        runner.wake("T1")
        await until(lambda: shop.drains.under_way)
        async with asyncio.timeout(PATIENCE):
            await runner.stop(0.3)
    assert not shop.drains.under_way


async def test_the_queue_keeps_no_record_of_what_is_done(shop: Shop) -> None:
    async with shop.runner(sweep=0.2) as runner, shop.runner("other") if shop.url else shop.open():
        for number in range(5):
            runner.wake(f"T{number}")
        await until(lambda: len(shop.drains.begun) == 5)
        if shop.url:
            await until(lambda: _is_empty(shop, "paperboy_pgqueuer", "paperboy_pgqueuer_log"))


async def _is_empty(shop: Shop, *tables: str) -> bool:
    counts = [(await shop.sql(f"SELECT count(*) AS n FROM {table}"))[0]["n"] for table in tables]
    return not any(counts)


# --- several processes --------------------------------------------------------------------------


async def test_a_process_that_does_not_deliver_wakes_one_that_does(shared: Shop) -> None:
    async with shared.runner("scheduler", delivers=False) as scheduler, shared.runner("courier"):
        scheduler.wake("T1")
        await until(lambda: shared.drains.begun)
    assert shared.drains.begun == [("courier", "T1")]


async def test_what_is_woken_with_nobody_there_waits_for_who_comes(shared: Shop) -> None:
    async with shared.runner("scheduler", delivers=False) as scheduler:
        scheduler.wake("T1")
    async with shared.runner("courier"):
        await until(lambda: shared.drains.begun)


async def test_processes_share_and_never_drain_a_workspace_at_once(shared: Shop) -> None:
    shared.drains.seconds = 0.05
    async with shared.runner("one") as one, shared.runner("two") as two:
        while len({who for who, _ in shared.drains.begun}) < 2:
            for number in range(40):
                one.wake(f"T{number}")
                two.wake(f"T{number}")
            await asyncio.sleep(0.02)
        everyone = {f"T{number}" for number in range(40)}
        await until(lambda: everyone == {workspace for _, workspace in shared.drains.begun})
        await until(lambda: not shared.drains.under_way)
    assert shared.drains.at_most == 1


async def test_a_long_turn_is_not_taken_over_while_its_process_lives(shared: Shop) -> None:
    shared.drains.seconds = 9.5
    async with shared.runner("one", silence=4), shared.runner("two", silence=4) as two:
        two.wake("T1")
        await until(lambda: shared.drains.under_way)
        await asyncio.sleep(9)
        shared.drains.seconds = 0
        assert len(shared.drains.begun) == 1


async def test_who_stops_leaves_its_turn_to_another(shared: Shop) -> None:
    shared.drains.seconds = 0.3
    async with shared.runner("one") as one:
        one.wake("T1")
        await until(lambda: shared.drains.under_way)
        async with shared.runner("two"):
            await one.stop(PATIENCE)
            await until(lambda: ("two", "T1") in shared.drains.begun)


async def test_a_queue_that_was_emptied_costs_a_sweep_at_most(shared: Shop) -> None:
    """Also in the middle of a drain: then there may be two, but never two in a process."""
    shared.drains.seconds = 1.0
    shared.drains.work = ["T1", "T2"]
    async with shared.runner(sweep=0.3) as runner:
        runner.wake("T2", after=20)
        await until(lambda: shared.drains.under_way)
        await shared.sql("TRUNCATE paperboy_pgqueuer")
        before = {workspace: shared.drains.of(workspace) for workspace in shared.drains.work}
        await until(lambda: all(shared.drains.of(one) > number for one, number in before.items()))
    assert shared.drains.at_most == 1


async def test_a_queue_that_was_dropped_is_made_again(shared: Shop) -> None:
    shared.drains.work = ["T1"]
    async with shared.runner(sweep=1):
        await until(lambda: shared.drains.begun)
        await shared.sql("DROP TABLE paperboy_pgqueuer")
        before = len(shared.drains.begun)
        await until(lambda: len(shared.drains.begun) > before)


async def test_a_connection_that_breaks_is_made_again_and_a_drain_goes_on(shared: Shop) -> None:
    shared.drains.seconds = 9
    async with shared.runner("one", silence=5) as one, shared.runner("two", silence=5):
        one.wake("T1")
        await until(lambda: shared.drains.under_way)
        await shared.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await asyncio.sleep(1)
        one.wake("T2")
        await until(lambda: shared.drains.of("T2"))
        await until(lambda: not shared.drains.under_way)
    assert (shared.drains.of("T1"), shared.drains.at_most) == (1, 1)


async def test_many_processes_may_start_at_once_on_an_empty_database(bare_postgres_url: str) -> None:
    shop = Shop(Drains(), bare_postgres_url)
    async with shop.runner("a"), shop.runner("b"), shop.runner("c", delivers=False) as scheduler:
        scheduler.wake("T1")
        await until(lambda: shop.drains.of("T1"))


async def test_a_restart_of_postgresql_loses_no_wake_up_and_ends_no_drain(server: Server) -> None:
    shop = Shop(Drains(seconds=4), server.get_uri())
    async with shop.runner(silence=60) as runner, shop.runner(delivers=False) as scheduler:
        runner.wake("T1")
        await until(lambda: shop.drains.under_way)
        shop.drains.seconds = 0
        await end(server, signal.SIGINT)
        scheduler.wake("T2")
        await asyncio.sleep(0.5)
        await begin(server)
        await until(lambda: shop.drains.of("T2") and not shop.drains.under_way)
        assert shop.drains.of("T1") == 1


# --- what PgQueuer brings along -----------------------------------------------------------------

PEEK = """
import asyncio, sys, bot.app.run
from bot.delivery.queue import Names
names = Names(prefix="paperboy_")
print(names.channel, names.function, type(asyncio.new_event_loop()).__module__, "uvloop" in sys.modules)
"""


def test_pgqueuer_takes_no_name_from_the_environment_and_changes_no_event_loop() -> None:
    """It would take CHANNEL and the like, and machines that differ in one would not hear each other.
    uvloop comes with it, for its own command."""
    common = dict.fromkeys(("CHANNEL", "FUNCTION", "TRIGGER", "DURABILITY", "PGQUEUER_PREFIX"), "other")
    done = subprocess.run(
        [sys.executable, "-c", PEEK], env={**os.environ, **common}, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [
        "paperboy_ch_pgqueuer",
        "paperboy_fn_pgqueuer_changed",
        "asyncio.unix_events",
        "False",
    ]
