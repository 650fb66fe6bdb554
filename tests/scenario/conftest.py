from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog
import yaml
from beside import SLACK_API
from patience import PATIENCE
from stage import Clock, Stage

from bot.sandbox import App, Sandbox, sample_workspace

# As the bot's own log: structlog's first guess draws every local of every frame, a whole Home among them,
# for longer than Slack waits for an acknowledgement.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)
ROOT = Path(__file__).parents[2]
MANIFEST = yaml.safe_load((ROOT / "config" / "slack-manifest.yaml").read_text("utf-8"))


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Over Socket Mode, on SQLite, with the scopes and events of our manifest and no more.

    Every call is held against Slack's contract, where that is at hand.
    """
    clock = Clock()
    workspace = sample_workspace(clock, app=App.from_manifest(MANIFEST))
    contract = SLACK_API if SLACK_API.is_dir() else None
    async with Sandbox(workspace, contract=contract, patience=PATIENCE) as sandbox:
        yield Stage(sandbox, clock, tmp_path)
        assert not sandbox.violations


@pytest.fixture(params=["socket", "http"])
def either_way(request: pytest.FixtureRequest, stage: Stage) -> Stage:
    stage.http = request.param == "http"
    return stage
