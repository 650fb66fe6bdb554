"""The sandbox in a process of its own, and the way to drive it from here."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp


@dataclass(frozen=True, slots=True)
class SandboxProcess:
    pid: int
    api_url: str
    app_token: str
    workspaces: dict[str, str]  # bot tokens by team id
    _control_url: str
    _session: aiohttp.ClientSession

    async def control(self, action: str, **body: Any) -> dict[str, Any]:
        """One action of bot/sandbox/control.py; aiohttp.ClientError while the sandbox is down."""
        async with self._session.post(self._control_url + action, json=body) as response:
            answer: dict[str, Any] = await response.json()
        if not answer["ok"]:
            raise ValueError(answer["error"])
        return answer


@asynccontextmanager
async def sandbox_process(*options: str) -> AsyncIterator[SandboxProcess]:
    """`options` are those of `python -m bot.sandbox`. Ends with the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox", *options, stdout=asyncio.subprocess.PIPE, limit=2**24
    )
    try:
        known = json.loads(await process.stdout.readline() if process.stdout else b"")
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=120)) as session:
            yield SandboxProcess(
                process.pid,
                known["api_url"],
                known["app_token"],
                known["workspaces"],
                known["control_url"],
                session,
            )
    finally:
        process.kill()
        await process.wait()
