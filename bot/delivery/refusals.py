"""What follows when Slack refuses a message for good: the feed pauses, and its owner is told once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from bot.delivery import outbox, standing
from bot.delivery.claims import Claim
from bot.delivery.poster import Reach, Refused
from bot.library.database import Database, Time
from bot.model import Delivery, DeliveryKind, Message
from bot.subscriptions import feeds

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Refusals:
    database: Database
    time: Time
    word: Callable[[str, str], Message]  # for the owner: a feed in this channel is paused, and why

    async def __call__(self, claim: Claim, refused: Refused) -> None:
        logger = log.bind(delivery=claim.key, destination=claim.destination, code=refused.code)
        if refused.reach is Reach.WORKSPACE:
            logger.error("the workspace is paused", what_to_do=refused.advice)
            async with self.database.begin() as conn:
                await standing.disable(conn, claim.workspace, await self.time(conn))
        elif refused.reach is Reach.CHANNEL and claim.feed_id is not None:
            logger.error("the feed is paused", what_to_do=refused.advice)
            await self._pause(claim, claim.feed_id, refused)
        else:
            logger.error("the message is given up", what_to_do=refused.advice)

    async def _pause(self, claim: Claim, feed_id: int, refused: Refused) -> None:
        async with self.database.begin() as conn:
            now = await self.time(conn)
            feed = await feeds.get(conn, feed_id)
            if feed is None or feed.paused:
                return
            await feeds.pause(conn, feed_id, refused.code, now)
            if feed.owner is None:
                return  # the operator's own feed: the log and `paperboy doctor` tell
            notice = Delivery(
                key=f"notice:{claim.key}",
                workspace=claim.workspace,
                destination=feed.owner,
                kind=DeliveryKind.NOTICE,
                due_at=now,
                message=self.word(feed.channel, f"Slack says {refused.code}. {refused.advice}"),
            )
            await outbox.add(conn, [notice], now)
