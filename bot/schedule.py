"""When each job runs. Jobs act on what the database says, so running one twice or late does no harm."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.errors import BotError, SettingsError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    name: str
    every: dt.timedelta | str  # a span, or a cron line in UTC: "*/10 12-22 * * 1-5"
    run: Callable[[], Awaitable[object]]


class Schedule:
    """Runs each job once at the start and then when it is due, never twice at a time."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._under_way: set[asyncio.Task[None]] = set()
        self._scheduler = AsyncIOScheduler(
            timezone=dt.UTC,
            # APScheduler drops what is a second late, by default; here a late job runs once.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for job in jobs:
            self._scheduler.add_job(
                _Told(job, self._under_way).run,
                _trigger(job),
                id=job.name,
                name=job.name,
                next_run_time=dt.datetime.now(dt.UTC),
            )

    @property
    def running(self) -> bool:
        return bool(self._scheduler.running)

    def start(self) -> None:
        self._scheduler.start()

    async def stop(self, timeout: float) -> None:
        """Begin nothing more, and cut short what takes longer; nobody uses the database when this returns."""
        if not self.running:
            return
        self._scheduler.pause()
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=timeout)
            for job in late:
                job.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            await asyncio.sleep(0)  # for APScheduler to see that they ended
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # it does so at the loop's next turn


@dataclass(slots=True)
class _Told:
    """A job whose trouble is told when it begins and when it ends, not every few seconds in between."""

    job: Job
    under_way: set[asyncio.Task[None]]
    trouble: str | None = None

    async def run(self) -> None:
        """In a task of its own: APScheduler cancels its tasks when it stops, and waits for none."""
        task = asyncio.create_task(self._run(), name=self.job.name)
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)
        await asyncio.wait({task})
        if not task.cancelled():
            task.result()

    async def _run(self) -> None:
        try:
            await self.job.run()
        except BotError as error:
            if error.user_message != self.trouble:
                log.error("job failed; it is tried again", job=self.job.name, error=error.user_message)
            self.trouble = error.user_message
            return
        if self.trouble:
            log.info("job runs again", job=self.job.name)
        self.trouble = None


def _trigger(job: Job) -> BaseTrigger:
    if isinstance(job.every, dt.timedelta):
        return IntervalTrigger(seconds=job.every.total_seconds(), timezone=dt.UTC)
    try:
        return CronTrigger.from_crontab(job.every, timezone=dt.UTC)
    except ValueError as error:
        raise SettingsError(f"{job.name}: “{job.every}” is no cron line ({error}).") from error
