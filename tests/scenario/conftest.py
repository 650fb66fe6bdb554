from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from stage import Clock, Stage

from bot.sandbox import Sandbox

CONTRACT = Path(__file__).parents[3] / "shared" / "slack-api"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Over Socket Mode, on SQLite. Every call is held against Slack's contract, where that is at hand."""
    clock = Clock()
    async with Sandbox(clock=clock, contract=CONTRACT if CONTRACT.exists() else None) as sandbox:
        yield Stage(sandbox, clock, tmp_path)
        assert not sandbox.violations


@pytest.fixture(params=["socket", "http"])
def either_way(request: pytest.FixtureRequest, stage: Stage) -> Stage:
    stage.http = request.param == "http"
    return stage
