from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from breakable import Server, own_server
from office import Clock, Office
from patience import PATIENCE

from bot.library.database import Database
from bot.sandbox import Sandbox


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    clock = Clock()
    async with (
        Sandbox(clock=clock, patience=PATIENCE) as sandbox,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session,
    ):
        yield Office(database, sandbox, clock, session)


@pytest.fixture
def server() -> Iterator[Server]:
    with own_server() as server:
        yield server
