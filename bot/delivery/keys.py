"""The ledger's keys: what is planned twice has the same one."""

from __future__ import annotations

import datetime as dt

WEEK = "week:"


def channel(digest_id: int, workspace: str, place: str, part: int | str) -> str:
    """A part of a digest in a channel."""
    return f"ch:{digest_id}:{workspace}:{place}:{part}"


def week(workspace: str, place: str, monday: dt.date) -> str:
    """A channel's round-up of the week before that Monday."""
    return f"{WEEK}{workspace}:{place}:{monday.isoformat()}"


def member(workspace: str, who: str, day: dt.date) -> str:
    """A member's own digest, daily or weekly."""
    return f"dm:{workspace}:{who}:{day.isoformat()}"


def silent(source: str, digest_id: int, workspace: str, owner: str) -> str:
    """A word to a feed's owner that nothing came since that digest."""
    return f"silent:{source}:{digest_id}:{workspace}:{owner}"
