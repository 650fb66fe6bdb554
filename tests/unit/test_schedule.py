"""Jobs when the bot stops: none is left that uses what is about to be closed."""

from __future__ import annotations

import asyncio
import datetime as dt

from bot.schedule import Job, Schedule

DAY = dt.timedelta(days=1)


class Work:
    """A job that goes on until `finish`, and then takes a while to let go."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.finish = asyncio.Event()
        self.ended: list[str] = []

    async def __call__(self) -> None:
        self.begun.set()
        try:
            await self.finish.wait()
            self.ended.append("done")
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            self.ended.append("cut short")
            raise


async def test_a_job_under_way_is_waited_for() -> None:
    work = Work()
    schedule = Schedule([Job("work", DAY, work)])
    schedule.start()
    await work.begun.wait()
    asyncio.get_running_loop().call_later(0.01, work.finish.set)
    await schedule.stop(60)
    assert (work.ended, schedule.running) == (["done"], False)


async def test_what_takes_longer_is_cut_short_and_has_let_go_when_stop_returns() -> None:
    work = Work()
    schedule = Schedule([Job("work", DAY, work)])
    schedule.start()
    await work.begun.wait()
    await schedule.stop(0.01)
    assert (work.ended, schedule.running) == (["cut short"], False)


async def test_one_that_never_started_stops_too() -> None:
    await Schedule([Job("work", DAY, Work())]).stop(60)
