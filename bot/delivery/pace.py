"""How fast Slack lets us post: one message a second a channel, several hundred a minute a workspace."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Pace:
    """When the next post may leave. Moments are seconds of a monotonic clock, passed in."""

    lane_seconds: float = 1.0  # between two posts to one channel
    per_minute: int = 240  # posts to a workspace ("several hundred")
    _lane_free_at: dict[str, float] = field(default_factory=dict)
    _slot_free_at: float = 0.0

    def resting(self, now: float) -> set[str]:
        """Lanes that have to wait; the others are forgotten."""
        self._lane_free_at = {lane: at for lane, at in self._lane_free_at.items() if at > now}
        return set(self._lane_free_at)

    def room(self, now: float) -> int:
        """How many posts may leave now: a second's worth at once, then evenly."""
        per_second = self.per_minute / 60
        behind = max(0.0, self._slot_free_at - now)
        return max(0, int((1.0 - behind) * per_second + 1e-9)) if behind else max(1, int(per_second))

    def leave(self, lane: str, now: float) -> None:
        self._lane_free_at[lane] = now + self.lane_seconds
        self._slot_free_at = max(self._slot_free_at, now) + 60 / self.per_minute

    def wait(self, now: float) -> float | None:
        """Seconds until a lane or a slot is free again; None if nothing waits."""
        waits = [at - now for at in self._lane_free_at.values() if at > now]
        if self._slot_free_at - now > 1.0:
            waits.append(self._slot_free_at - now - 1.0)
        return min(waits, default=None)
