"""Listeners at work: a shutdown waits for them, and what goes wrong in one becomes words."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import ParamSpec

from slack_bolt.async_app import AsyncRespond
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack.listeners import errors, inbox
from bot.slack.services import Services

P = ParamSpec("P")


class Running:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._tasks: set[asyncio.Task[object]] = set()

    def tracked(self, listener: Callable[P, Awaitable[None]]) -> Callable[P, Awaitable[None]]:
        """Errors end here: one that reaches Bolt right after the acknowledgement takes that back
        (seen with slack-bolt 1.30), and Slack shows the member a warning triangle."""

        @functools.wraps(listener)  # Bolt reads the arguments' names through it
        async def track(*args: P.args, **kwargs: P.kwargs) -> None:
            if task := asyncio.current_task():
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            try:
                await listener(*args, **kwargs)
            except Exception as error:
                respond = kwargs.get("respond")
                await errors.explain(error, respond if isinstance(respond, AsyncRespond) else None)
            context = kwargs.get("context")
            if isinstance(context, AsyncBoltContext) and (key := context.get(inbox.KEY)):
                await self._services.inbox.handled(key, self._services.clock())

        return track

    async def finish(self, timeout: float) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout)
