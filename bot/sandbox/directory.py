"""Who and what a workspace holds: its users, and its conversations with the messages in them."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from zoneinfo import ZoneInfo

from bot.sandbox.messages import Json, Message

ORDER = attrgetter("order")


@dataclass(slots=True, eq=False)
class User:
    id: str
    team: str
    name: str
    real_name: str
    tz: str = "UTC"
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    deleted: bool = False

    def as_slack(self, now: dt.datetime) -> Json:
        """The member as users.info shows them; the offset is the one of `now`, daylight saving included."""
        offset = now.astimezone(ZoneInfo(self.tz)).utcoffset() or dt.timedelta()
        return {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": int(offset.total_seconds()),
            "profile": {"real_name": self.real_name, "display_name": self.name, "team": self.team},
            "is_admin": self.is_admin,
            "is_owner": self.is_owner,
            "is_primary_owner": self.is_owner,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 0,
        }


@dataclass(slots=True, eq=False)
class Channel:
    """A channel, or with `peer` the bot's direct messages with that member."""

    id: str
    team: str
    name: str
    created: int
    is_private: bool = False
    is_archived: bool = False
    peer: str | None = None
    members: list[str] = field(default_factory=list)
    topic: str = ""
    timeline: list[Message] = field(default_factory=list)  # what stands in the channel itself, by ts
    by_ts: dict[str, Message] = field(default_factory=dict)  # replies too

    @property
    def kind(self) -> str:
        """The word for it in `types` and in scopes."""
        if self.peer:
            return "im"
        return "private_channel" if self.is_private else "public_channel"

    @property
    def scope_family(self) -> str:
        """`channels`, `groups` or `im`: the first half of a scope such as `channels:history`."""
        return {"im": "im", "private_channel": "groups", "public_channel": "channels"}[self.kind]

    def message(self, ts: str) -> Message | None:
        message = self.by_ts.get(ts)
        return None if message is None or message.deleted else message

    def newest_first(self, after: int, before: int) -> Iterator[Message]:
        """What stands in the channel strictly between two moments, in microseconds."""
        start = bisect_right(self.timeline, after, key=ORDER)
        end = bisect_left(self.timeline, before, key=ORDER)
        for index in range(end - 1, start - 1, -1):
            message = self.timeline[index]
            if not message.deleted or message.live_replies:
                yield message

    def as_slack(self, viewer: str, *, count_members: bool = False) -> Json:
        """The conversation as conversations.info shows it to `viewer`."""
        shared = {
            "id": self.id,
            "created": self.created,
            "is_archived": self.is_archived,
            "is_org_shared": False,
        }
        if self.peer:
            return shared | {"is_im": True, "user": self.peer, "is_open": True, "context_team_id": self.team}
        shown = shared | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.is_private,
            "is_general": self.name == "general",
            "is_member": viewer in self.members,
            "is_shared": False,
            "is_ext_shared": False,
            "context_team_id": self.team,
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }
        return shown | {"num_members": len(self.members)} if count_members else shown
