"""How fast Slack lets us post and look: one message a second a channel, several hundred a minute a workspace,
and some fifty looks into histories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ROUNDING = 1e-6
REMEMBERED = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Pace:
    lane_seconds: float = 1.0  # between two posts to one channel
    per_minute: int = 240  # posts to a workspace
    at_once: int | None = None  # of these; None: a second's worth
    looks_per_minute: int = 40
    looks_at_once: int = 10  # so that the first minute's are fifty

    @property
    def of_looks(self) -> Pace:
        """Looks have no lanes: Slack counts them by workspace."""
        return Pace(0, self.looks_per_minute, self.looks_at_once)


@dataclass(slots=True)
class Meter:
    """When a workspace's next post may leave. Moments are seconds of a monotonic clock, passed in."""

    pace: Pace
    _lane_free_at: dict[str, float] = field(default_factory=dict)
    _slot_free_at: float = 0.0

    def resting(self, now: float) -> set[str]:
        """Lanes that have to wait."""
        return {lane for lane, at in self._lane_free_at.items() if at > now}

    def served(self, now: float) -> Mapping[str, float]:
        """Lanes of the last minute, each with when it is or was free again; the others are forgotten."""
        self._lane_free_at = {lane: at for lane, at in self._lane_free_at.items() if at > now - REMEMBERED}
        return self._lane_free_at

    def room(self, now: float) -> int:
        """How many may leave now: some at once, then evenly."""
        return max(0, int(self._burst - self._behind(now) + ROUNDING))

    def leave(self, lane: str, now: float) -> None:
        self._lane_free_at[lane] = now + self.pace.lane_seconds
        self._slot_free_at = max(self._slot_free_at, now) + self._slot

    def rest(self, seconds: float, now: float) -> None:
        """Slack asked for a pause: at its end one may leave, and then evenly."""
        self._slot_free_at = max(self._slot_free_at, now + seconds + (self._burst - 1) * self._slot)

    def wait(self, now: float) -> float | None:
        """Seconds until a lane or a slot is free again; None if nothing waits."""
        waits = [at - now for at in self._lane_free_at.values() if at > now]
        if self.room(now) == 0:
            waits.append((self._behind(now) - self._burst + 1) * self._slot)
        return min(waits, default=None)

    @property
    def _slot(self) -> float:
        return 60 / self.pace.per_minute

    @property
    def _burst(self) -> float:
        return self.pace.at_once or max(1.0, self.pace.per_minute / 60)

    def _behind(self, now: float) -> float:
        """How many slots were used ahead of time."""
        return max(0.0, self._slot_free_at - now) / self._slot
