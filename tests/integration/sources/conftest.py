from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from patience import PATIENCE
from tenacity import wait_none
from webhost import LIMIT, Host, serving

from bot.sources import Fetcher


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    async with serving() as host:
        yield host


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def fetcher(session: aiohttp.ClientSession) -> Fetcher:
    return Fetcher(session, wait=wait_none(), limit=LIMIT, seconds=PATIENCE)
