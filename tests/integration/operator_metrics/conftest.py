from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from patience import PATIENCE
from watched import Clock, Site

from bot.sandbox import Sandbox


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    clock = Clock()
    async with (
        Sandbox(clock=clock, patience=PATIENCE) as sandbox,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session,
    ):
        yield Site(sandbox, session, tmp_path, clock)
