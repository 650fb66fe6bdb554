from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from patience import PATIENCE
from premises import Premises, digest, row
from warm import Warm

from bot.sandbox import Sandbox


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    warm = Warm()
    yield warm
    warm.close()


@pytest.fixture
def bare(tmp_path: Path, warm: Warm) -> Premises:
    """As after unpacking: no configuration, no data."""
    return Premises(tmp_path, warm)


@pytest.fixture
def premises(bare: Premises, sqlite_template: Path) -> Premises:
    """With an empty database."""
    bare.furnish(sqlite_template)
    return bare


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory, warm: Warm) -> Premises:
    """With two days in the library; only to be read."""
    premises = Premises(tmp_path_factory.mktemp("stocked"), warm)
    premises.write("digests/2025-04-28.md", digest("2025-04-28", row("Grasping: A Study", "2504.00001")))
    rows = row("Walking Far", "2504.00002", "'Audio', 'Blorbology'"), row("Grasping Again", "2504.00003")
    premises.write("digests/2025-04-29.md", digest("2025-04-29", *rows))
    assert premises.paperboy("ingest", "digests").code == 0
    return premises


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 digests."""
    folder = tmp_path_factory.mktemp("archive")
    for number in range(300):
        day = dt.date(2024, 1, 1) + dt.timedelta(days=number)
        rows = row("First of the Day", f"2401.{number:05}"), row("Second of the Day", f"2402.{number:05}")
        (folder / f"{day}.md").write_text(digest(str(day), *rows), "utf-8")
    return folder


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    async with Sandbox(patience=PATIENCE) as sandbox:
        yield sandbox
