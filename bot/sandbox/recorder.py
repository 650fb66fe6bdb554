"""Every payload that an app sends, kept as JSON lines, for whoever wants to judge them all."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

VARIABLE = "PAPERBOY_SANDBOX_RECORD"  # reaches the sandboxes of other processes too
SHOWN = {"text", "blocks", "attachments", "view", "unfurls", "options", "option_groups"}
STRUCTURES = ("blocks", "attachments", "view", "unfurls", "metadata")  # in a form these are JSON in a string


class Recorder:
    """`path`: the file to add to; None: what the environment says, or nothing is kept."""

    def __init__(self, path: Path | None = None) -> None:
        named = os.environ.get(VARIABLE)
        self._path = path or (Path(named) if named else None)

    def note(self, via: str, payload: Any, error: str | None = None) -> None:
        """`via`: a method, "response_url" or "ack"; `error`: what it was refused with."""
        if self._path is None or not isinstance(payload, Mapping) or not SHOWN & set(payload):
            return
        line = json.dumps({"via": via, "error": error, "payload": _decoded(payload)}) + "\n"
        # One write: processes that add to the same file never break into each other's lines.
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)


def _decoded(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _parsed(value) if name in STRUCTURES else value for name, value in payload.items()}


def _parsed(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) and value else value
    except ValueError:
        return value
