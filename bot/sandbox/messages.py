"""Messages as a workspace keeps them. A `ts` is seconds and microseconds, unique and rising, as Slack's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

Json = dict[str, Any]


def micros(ts: str) -> int | None:
    """A `ts` as whole microseconds; None for what is no timestamp."""
    if (
        len(ts) == 17
        and ts[10] == "."
        and ts.replace(".", "", 1).isascii()
        and ts.replace(".", "", 1).isdigit()
    ):
        return int(ts[:10] + ts[11:])
    try:
        value = Decimal(ts)
    except InvalidOperation:
        return None
    return int(value * 1_000_000) if value.is_finite() and 0 <= value < 10**12 else None


@dataclass(frozen=True, slots=True)
class Draft:
    """What someone wants said, before it has a place and a ts."""

    text: str = ""
    blocks: Sequence[Json] = ()
    attachments: Sequence[Json] = ()
    metadata: Json | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    link_names: bool = False


@dataclass(slots=True, eq=False)
class Message:
    """`only_for`: the one member who sees it, for an ephemeral message. Blocks all carry a block_id."""

    order: int  # its ts in microseconds
    ts: str
    team: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    unfurls: Json = field(default_factory=dict)
    metadata: Json | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    link_names: bool = False
    bot_id: str | None = None
    app_id: str | None = None
    only_for: str | None = None
    edited_ts: str | None = None
    deleted: bool = False
    replies: list[Message] = field(default_factory=list)

    @property
    def live_replies(self) -> list[Message]:
        return [reply for reply in self.replies if not reply.deleted]

    def as_slack(self, *, with_metadata: bool = False) -> Json:
        """The message as the Web API shows it."""
        if self.deleted:
            return {
                "type": "message",
                "subtype": "tombstone",
                "text": "This message was deleted.",
                "ts": self.ts,
            }
        shown: Json = {
            "type": "message",
            "user": self.user,
            "text": self.text,
            "team": self.team,
            "ts": self.ts,
        }
        optional = {
            "blocks": self.blocks,
            "attachments": self.attachments + [_attached(url, each) for url, each in self.unfurls.items()],
            "bot_id": self.bot_id,
            "app_id": self.app_id,
            "metadata": self.metadata if with_metadata else None,
            "edited": self.edited_ts and {"user": self.user, "ts": self.edited_ts},
            "is_ephemeral": self.only_for is not None,
            "subtype": "thread_broadcast" if self.broadcast else None,
        }
        shown.update({key: value for key, value in optional.items() if value})
        return shown | self._thread()

    def _thread(self) -> Json:
        replies = self.live_replies
        if replies:
            users = list(dict.fromkeys(reply.user for reply in replies))
            counts = {"reply_count": len(replies), "reply_users": users, "reply_users_count": len(users)}
            return {"thread_ts": self.ts, **counts, "latest_reply": replies[-1].ts}
        return {"thread_ts": self.thread_ts} if self.thread_ts else {}


def _attached(url: str, shown: Json) -> Json:
    return shown | {"from_url": url, "app_unfurl_url": url, "is_app_unfurl": True}
