"""Why a feed is paused, as its row says it: Slack's own word, what we saw, or who did it."""

from __future__ import annotations

NOT_IN_CHANNEL = "not_in_channel"
REMOVED = "removed_from_channel"
ENDED_BY_AN_INVITATION = (NOT_IN_CHANNEL, REMOVED, "channel_not_found")

_BY = "by "


def by(member: str) -> str:
    return f"{_BY}{member}"


def who(reason: str) -> str | None:
    """The member who paused it."""
    return reason.removeprefix(_BY) if reason.startswith(_BY) else None
