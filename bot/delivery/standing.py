"""How a workspace stands: whether Slack asked for a pause, and whether our token there still lives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.library.database import evened, insert
from bot.library.tables import workspace

LONGEST_HOLD = dt.timedelta(days=1, minutes=1)


@dataclass(frozen=True, slots=True)
class Standing:
    hold_until: dt.datetime | None = None
    disabled: bool = False

    def held_for(self, now: dt.datetime) -> float:
        """Seconds that nothing may be sent; 0 when something may. A hold longer than any that Slack asks
        for was written by a clock that was wrong."""
        if self.hold_until is None or not now < self.hold_until <= now + LONGEST_HOLD:
            return 0.0
        return (self.hold_until - now).total_seconds()

    def closed(self, now: dt.datetime) -> bool:
        return self.disabled or self.held_for(now) > 0


_OF = sa.select(workspace).where(workspace.c.id.in_(sa.bindparam("teams", expanding=True)))


async def of(conn: AsyncConnection, teams: Collection[str]) -> dict[str, Standing]:
    rows = await conn.execute(_OF, {"teams": evened(teams)})
    known = {row.id: Standing(row.hold_until, row.disabled_at is not None) for row in rows}
    return {team: known.get(team, Standing()) for team in teams}


async def _set_standing(conn: AsyncConnection, team: str, **columns: Any) -> None:
    statement = insert(conn, workspace).values(id=team, **columns)
    await conn.execute(statement.on_conflict_do_update(index_elements=["id"], set_=columns))


async def hold(conn: AsyncConnection, team: str, until: dt.datetime, reason: str) -> None:
    await _set_standing(conn, team, hold_until=until, hold_reason=reason)


async def disable(conn: AsyncConnection, team: str, now: dt.datetime) -> None:
    """The workspace's token is dead: nothing is sent until `enable`."""
    await _set_standing(conn, team, disabled_at=now)


async def enable(conn: AsyncConnection, team: str) -> None:
    """The token lives (again). A pause that Slack asked for goes on."""
    await _set_standing(conn, team, disabled_at=None)
