"""What members do to channels' feeds: each change one transaction, with what it does to the ledger."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import outbox, withdrawing
from bot.library.database import Database, Time
from bot.model import Delivery, DeliveryKind, Feed, Message
from bot.subscriptions import feeds, pauses

NEWS = dt.timedelta(days=3)  # what was refused longer ago is none any more
WITHDRAWN = "the feed was removed"


@dataclass(frozen=True, slots=True)
class Words:
    """How it is told; slack/blocks has the real ones."""

    introduction: Callable[[Feed, dt.datetime], Message]  # to the channel: who set this up, what will come
    paused: Callable[[str, str], Message]  # to the owner: the feed of this channel is paused, and why


@dataclass(frozen=True, slots=True)
class Saved:
    feed: Feed  # as it stands now
    overtaken: bool = False  # another changed it since it was looked at, and so nothing was saved


def version(feed: Feed | None) -> str:
    """Tells two states of a channel's feed apart; "" where there is none."""
    if feed is None:
        return ""
    what = (
        *(feed.post_at, feed.timezone, feed.filter, feed.layout, feed.on_empty),
        *(feed.weekdays, feed.roundup, feed.owner),
    )
    return hashlib.sha256(repr(what).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class ChannelFeeds:
    database: Database
    time: Time
    words: Words
    wake: Callable[[str], None]  # a workspace has something to send
    anyone_may_change: bool

    async def of_channel(self, workspace: str, channel: str) -> Feed | None:
        async with self.database.read() as conn:
            return await feeds.of_channel(conn, workspace, channel)

    async def all_of(self, workspace: str) -> list[Feed]:
        async with self.database.read() as conn:
            return await feeds.all_of(conn, workspace)

    async def save(self, wanted: Feed, was: str, *, paused: str | None) -> Saved:
        """Set up or change the feed of `wanted.channel`; `was`: the `version` that its form showed.

        Saving twice what is the same saves it once. A new feed introduces itself, once. `paused`: why, if it
        is not paused yet; None: it runs.
        """
        async with self.database.begin() as conn:
            now = await self.time(conn)
            old = await feeds.of_channel(conn, wanted.workspace, wanted.channel, hold=True)
            if version(old) not in (was, version(wanted)):
                return Saved(old or wanted, overtaken=True)
            await feeds.put(conn, wanted, now)
            made = await feeds.of_channel(conn, wanted.workspace, wanted.channel)
            if made is None or version(made) != version(wanted):  # two made it at once
                return Saved(made or wanted, overtaken=True)
            if paused and not made.paused:
                await feeds.pause(conn, made.id, paused, now)
            elif not paused and made.paused:
                await feeds.resume(conn, made.workspace, made.channel, now)
            made = await self._introduced(conn, made, now)
        self.wake(wanted.workspace)
        return Saved(made)

    async def pause(self, workspace: str, channel: str, reason: str) -> Feed | None:
        """The feed as it is now; one that is paused already keeps its reason."""
        async with self.database.begin() as conn:
            one = await feeds.of_channel(conn, workspace, channel, hold=True)
            if one and not one.paused:
                await feeds.pause(conn, one.id, reason, await self.time(conn))
            return await feeds.of_channel(conn, workspace, channel)

    async def resume(self, workspace: str, channel: str) -> Feed | None:
        async with self.database.begin() as conn:
            now = await self.time(conn)
            await feeds.resume(conn, workspace, channel, now)
            one = await feeds.of_channel(conn, workspace, channel)
            found = await self._introduced(conn, one, now) if one else None
        self.wake(workspace)
        return found

    async def remove(self, workspace: str, channel: str) -> Feed | None:
        """What was removed. What waits to be sent stays in the ledger, and is not sent."""
        async with self.database.begin() as conn:
            now = await self.time(conn)
            one = await feeds.of_channel(conn, workspace, channel, hold=True)
            if one:
                await feeds.remove(conn, one.id, now)
                await withdrawing.withdraw(conn, one.id, WITHDRAWN, now)
            return one

    async def removed(self, workspace: str, channel: str) -> Feed | None:
        """What `restore` would bring back."""
        async with self.database.read() as conn:
            return await feeds.removed(conn, workspace, channel, await self.time(conn))

    async def restore(self, workspace: str, channel: str) -> Feed | None:
        """The feed that the channel has now: the removed one, or one that was set up since."""
        async with self.database.begin() as conn:
            now = await self.time(conn)
            if one := await feeds.restore(conn, workspace, channel, now):
                await withdrawing.put_back(conn, one.id, WITHDRAWN, now)
            found = await feeds.of_channel(conn, workspace, channel)
        self.wake(workspace)
        return found

    async def bot_came(self, workspace: str, channel: str) -> Feed | None:
        """The channel's feed; one that only waited for that goes on."""
        async with self.database.begin() as conn:
            now = await self.time(conn)
            reasons = pauses.ENDED_BY_AN_INVITATION
            goes_on = await feeds.resume(conn, workspace, channel, now, reasons=reasons)
            one = await feeds.of_channel(conn, workspace, channel)
            if one and goes_on:
                await withdrawing.send_refused(conn, one.id, reasons, now - NEWS, now)
            found = await self._introduced(conn, one, now) if one else None
        self.wake(workspace)
        return found

    async def bot_left(self, workspace: str, channel: str, why: str, event: str) -> None:
        """The feed waits for an invitation, and its owner is told once for each time that we were removed."""
        async with self.database.begin() as conn:
            one = await feeds.of_channel(conn, workspace, channel, hold=True)
            if one is None or one.paused:
                return
            now = await self.time(conn)
            await feeds.pause(conn, one.id, pauses.REMOVED, now)
            if one.owner:
                notice = Delivery(
                    key=f"notice:left:{one.id}:{event}",
                    workspace=workspace,
                    destination=one.owner,
                    kind=DeliveryKind.NOTICE,
                    due_at=now,
                    message=self.words.paused(channel, why),
                )
                await outbox.add(conn, [notice], now)
        self.wake(workspace)

    async def _introduced(self, conn: AsyncConnection, one: Feed, now: dt.datetime) -> Feed:
        """As it stands now. One that a member made, and that runs, says so in its channel before all else."""
        current = await feeds.get(conn, one.id) or one
        if current.owner and current.made_at and not current.paused:
            introduction = Delivery(
                key=f"intro:{current.id}:{int(current.made_at.timestamp())}",
                workspace=current.workspace,
                destination=current.channel,
                kind=DeliveryKind.NOTICE,
                due_at=now,
                message=self.words.introduction(current, now),
                feed_id=current.id,
            )
            await outbox.add(conn, [introduction], now)
        return current
