"""The folder `shared` beside the checkout, which is no part of the repository: real digests, judged searches,
Slack's descriptions of its methods. What needs it is skipped where it is absent."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"
SLACK_API = SHARED / "slack-api"


def needs(folder: Path) -> pytest.MarkDecorator:
    name = folder.relative_to(SHARED.parent)
    why = f"{name} is absent: no part of the repository; with ../{name} beside the checkout this runs too"
    return pytest.mark.skipif(not folder.is_dir(), reason=why)
