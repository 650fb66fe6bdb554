"""A library in memory beside a real index file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from shelf import TODAY, Shelf

from bot.library.query import parse
from bot.library.search.answering import Page, Results
from bot.library.search.index import SearchIndex


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "search.db"


@pytest.fixture
async def index(path: Path) -> AsyncIterator[SearchIndex]:
    index = SearchIndex(path)
    yield index
    index.close()


@pytest.fixture
def ask(index: SearchIndex, shelf: Shelf) -> Callable[..., Awaitable[Results]]:
    """Search as a member would, with the index caught up."""

    async def ask(text: str, *, limit: int = 10, offset: int = 0, **options: Any) -> Results:
        await index.catch_up(shelf.since)
        return await index.search(parse(text, today=TODAY), Page(limit, offset, **options))

    return ask
