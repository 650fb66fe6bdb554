"""Processes of bot/bench/worker.py, as they are driven from here."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from bot.errors import BotError

STALLED = 60.0  # seconds without a post, after which something is wrong


class BenchError(BotError):
    """There is no speed to tell."""


class Worker:
    def __init__(self, input_: asyncio.StreamWriter, output: asyncio.StreamReader) -> None:
        self._input = input_
        self._output = output

    def tell(self, line: str) -> None:
        self._input.write(line.encode() + b"\n")

    async def hear(self) -> str:
        try:
            async with asyncio.timeout(STALLED):
                line = await self._output.readline()
        except TimeoutError:
            raise BenchError(f"A worker posted nothing for {STALLED:.0f} seconds.") from None
        if not line:
            raise BenchError("A worker died.")
        return line.decode().strip()

    async def end(self) -> float:
        """Stop it; seconds of processor time that it took."""
        self._input.close()
        while "." not in (said := await self.hear()):
            pass  # the last of what it posted
        return float(said)


@asynccontextmanager
async def worker(kind: str, orders: dict[str, Any]) -> AsyncIterator[Worker]:
    """`kind`: courier or bare. It is ready, and waits to be told to go."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.bench.worker", kind),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # the log has a line a delivery, as always
    )
    if process.stdin is None or process.stdout is None:
        raise AssertionError("unreachable")
    try:
        one = Worker(process.stdin, process.stdout)
        one.tell(json.dumps(orders))
        await one.hear()
        yield one
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def all_posted(workers: Sequence[Worker], wanted: int, advance: Callable[[int], None]) -> None:
    """Wait until they posted `wanted` between them; `advance` is told of each few."""
    posted = 0
    finished = asyncio.Event()

    async def listen(one: Worker) -> None:
        nonlocal posted
        while posted < wanted:
            number = int(await one.hear())
            posted += number
            advance(number)
        finished.set()

    listening = [asyncio.create_task(listen(one)) for one in workers]
    ended = asyncio.create_task(finished.wait())
    done, _ = await asyncio.wait({ended, *listening}, return_when=asyncio.FIRST_COMPLETED)
    for task in (ended, *listening):
        task.cancel()
    await asyncio.gather(ended, *listening, return_exceptions=True)
    for task in done:
        task.result()
