"""What the sandbox says when it refuses: Slack's own codes on the wire, a sentence to whoever drives it."""

from __future__ import annotations

from typing import Any


class SlackError(Exception):
    """A refusal as Slack's Web API words it: a code, and whatever else stands beside `ok: false`."""

    def __init__(self, code: str, **beside: Any) -> None:
        super().__init__(code)
        self.code = code
        self.beside = beside

    def answer(self) -> dict[str, Any]:
        return {"ok": False, "error": self.code, **self.beside}


class SandboxError(Exception):
    """A member was asked to do what Slack's own client would not let them do."""


def invalid(code: str, *messages: str) -> SlackError:
    """A refusal with the reasons where Slack puts them: plain in `errors`, marked in `response_metadata`."""
    marked = {"messages": [f"[ERROR] {message}" for message in messages]}
    return SlackError(code, errors=list(messages), response_metadata=marked)
