"""What can go wrong between a bot and Slack, on demand: how, for which calls, how often."""

from __future__ import annotations

import random
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from bot.sandbox.errors import SandboxError


class Trouble(StrEnum):
    RATE_LIMIT = "rate_limit"  # 429, with `retry_after` as its header's text; None: no header
    SERVER_ERROR = "server_error"  # 500
    CUT = "cut"  # the connection breaks instead of an answer
    NOT_JSON = "not_json"  # 200 with a page in HTML
    REFUSE = "refuse"  # 200 with ok: false and `error`
    SLOW = "slow"  # `delay` seconds, then all is well


@dataclass(slots=True)
class Fault:
    """Which calls go wrong, and how. Left out, `method`, `channel` and `workspace` mean any.

    `stored`: the call is carried out all the same, and only its answer is lost or late. `times` None: always.
    """

    trouble: Trouble
    method: str | None = None
    channel: str | None = None
    workspace: str | None = None
    times: int | None = 1
    probability: float = 1.0
    stored: bool = False
    retry_after: str | None = "1"
    error: str = "fatal_error"
    delay: float = 0.0

    def matches(self, method: str, channel: str | None, workspace: str | None) -> bool:
        wanted = ((self.method, method), (self.channel, channel), (self.workspace, workspace))
        return self.times != 0 and all(asked in (None, given) for asked, given in wanted)


class Faults:
    """Faults waiting to happen; the first that matches a call strikes. `seed` makes chance repeatable."""

    def __init__(self, seed: int = 0) -> None:
        self.waiting: list[Fault] = []
        self.struck: list[tuple[str, Fault]] = []
        self._random = random.Random(seed)  # noqa: S311 - chance, not secrecy

    def add(self, trouble: Trouble | str, **how: Any) -> Fault:
        """`add("rate_limit", method="chat.postMessage", retry_after="30")`."""
        known = {field.name for field in fields(Fault)}
        if trouble not in list(Trouble) or set(how) - known:
            raise SandboxError(f"A fault is one of {', '.join(Trouble)}, with {', '.join(sorted(known))}.")
        fault = Fault(Trouble(trouble), **how)
        self.waiting.append(fault)
        return fault

    def clear(self) -> None:
        self.waiting.clear()

    def strike(self, method: str, channel: str | None, workspace: str | None) -> Fault | None:
        for fault in self.waiting:
            if fault.matches(method, channel, workspace) and self._random.random() < fault.probability:
                if fault.times is not None:
                    fault.times -= 1
                self.struck.append((method, fault))
                return fault
        return None


class ChannelPace:
    """chat.postMessage as Slack meters it: `per_second` in a channel, with a burst of `burst` messages."""

    def __init__(self, per_second: float = 1.0, burst: int = 3) -> None:
        self._gap = 1 / per_second
        self._slack = self._gap * (burst - 1)
        self._due: dict[str, float] = {}

    def wait(self, channel: str, now: float) -> float:
        """Seconds to come back after; 0: the message may pass, and is counted."""
        due = max(self._due.get(channel, now), now)
        if due - now > self._slack:
            return due - now - self._slack
        self._due[channel] = due + self._gap
        return 0.0
