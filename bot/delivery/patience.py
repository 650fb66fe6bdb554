"""How long the courier waits, and for what. Benchmarks pass shorter ones."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tenacity import AsyncRetrying, RetryCallState, wait_exponential_jitter


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds, but for `lease`."""

    # Twice the time that a post may take, so that nobody takes over one that is under way.
    lease: dt.timedelta = dt.timedelta(seconds=20)
    # Before each look for a message that may have arrived: history lags behind posts.
    looks: tuple[float, ...] = (2.0, 10.0, 30.0)
    # The longest rest while Slack is away, so that its return is noticed within a minute.
    longest_rest: float = 60.0

    def rest(self, failures: int) -> float:
        """How long to leave Slack alone after so many failures in a row, with jitter."""
        state = RetryCallState(AsyncRetrying(), None, (), {})
        state.attempt_number = failures
        return wait_exponential_jitter(initial=1, max=self.longest_rest, jitter=1)(state)
