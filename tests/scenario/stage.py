"""The whole bot beside a Slack of its own, over real sockets: what a scenario needs of them."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from patience import PATIENCE
from pydantic import SecretStr

from bot.app.bot import Bot, Role
from bot.app.run import open_bot
from bot.delivery import outbox, standing
from bot.delivery.pace import Pace
from bot.library.tables import delivery
from bot.model import Delivery, DeliveryKind, State
from bot.sandbox import Member, Message, Sandbox
from bot.sandbox.faults import Fault
from bot.settings import Address, FeedSettings, FolderSettings, Interval, Settings
from bot.slack.answers import welcome

MORNING = dt.datetime(2025, 4, 28, 6, 0, tzinfo=dt.UTC)  # eight in Berlin


@dataclass
class Clock:
    now: dt.datetime = MORNING

    def __call__(self) -> dt.datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += dt.timedelta(**span)


def row(title: str, arxiv: str, *, tags: str = "Robotics", authors: str = "Ada Reyes, Bo Chen") -> str:
    return (
        f"| [{title}](https://arxiv.org/abs/{arxiv}) | {authors} | - It moves an arm. - It is quick. "
        f"| ['{tags}'] | [Link](https://github.com/x/{arxiv}) | N/A |"
    )


def digest(day: str, *rows: str) -> str:
    columns = "| Title | Authors | Summary | Classification | GitHub URLs | HuggingFace URLs |"
    return "\n".join([f"## Papers for {day}", "", columns, "|---|---|---|---|---|---|", *rows, ""])


async def sent(bot: Bot) -> None:
    """What is due has left, and what became of it is written down; or Slack asked to wait."""
    async with asyncio.timeout(PATIENCE):
        while await _under_way(bot):  # noqa: ASYNC110 - the ledger tells nobody
            await asyncio.sleep(0.02)


async def _under_way(bot: Bot) -> bool:
    async with bot.core.database.read() as conn:
        now, found = bot.core.clock(), await standing.of(conn, [bot.workspace])
        due = sa.and_(delivery.c.state.in_(("planned", "held", "unsure")), delivery.c.due_at <= now)
        is_open = sa.false() if found[bot.workspace].closed(now) else due
        rows = sa.select(delivery.c.id).where(sa.or_(delivery.c.state == "sending", is_open))
        return (await conn.execute(rows.limit(1))).first() is not None


async def read(bot: Bot, stage: Stage, day: str, *rows: str) -> None:
    """A digest comes, and what is due for it is sent."""
    stage.write(day, *rows)
    await catch_up(bot)
    await bot.plan()
    await sent(bot)


async def catch_up(bot: Bot) -> None:
    """What the sources have is in the library, and can be searched; a machine under load may take longer
    than the bot waits."""
    for source in bot.core.sources:
        await bot.poll(source)
    await bot.core.library.catch_up()


async def ask(stage: Stage, text: str, name: str = "jonas", channel: str = "papers") -> Message:
    """The answer that only they see; meanwhile the channel may get something, too."""
    member = stage.member(name)
    before = len(member.ephemerals())
    await member.command(channel, "/papers", text)
    await stage.sandbox.until(lambda: len(member.ephemerals()) > before)
    return member.ephemerals()[-1]


@dataclass
class Stage:
    sandbox: Sandbox
    clock: Clock
    folder: Path
    http: bool = False
    database_url: str | None = None
    feeds: tuple[FeedSettings, ...] = ()
    delivery: dict[str, Any] = field(default_factory=dict)
    greets: bool = False  # whoever asks first gets the first word to a workspace

    @property
    def digests(self) -> Path:
        path = self.folder / "digests"
        path.mkdir(exist_ok=True)
        return path

    def feed(self, channel: str = "papers", **given: Any) -> None:
        self.feeds = (*self.feeds, FeedSettings(channel=self.sandbox.workspace.channel(channel).id, **given))

    def write(self, day: str, *rows: str) -> None:
        (self.digests / f"{day}.md").write_text(digest(day, *rows), "utf-8")

    def settings(self) -> Settings:
        way = (
            {"slack_signing_secret": SecretStr(self.sandbox.signing_secret), "http": Address("127.0.0.1", 0)}
            if self.http
            else {"slack_app_token": SecretStr(self.sandbox.app_token)}
        )
        source = FolderSettings(
            kind="folder", name="local", path=self.digests, poll=Interval(dt.timedelta(seconds=0.2))
        )
        where = {"database_url": self.database_url} if self.database_url else {}
        return Settings(
            slack_bot_token=SecretStr(self.sandbox.bot_token),
            slack_api_url=self.sandbox.api_url,
            data=self.folder / "data",
            sources=(source,),
            feeds=self.feeds,
            delivery=self.delivery,
            **way,
            **where,
        )

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Bot]:
        async with open_bot(self.settings(), Role.ALL, clock=self.clock, pace=Pace(lane_seconds=0.01)) as bot:
            if self.http:
                self.sandbox.deliver_to(bot.connection.address)
            else:
                await self.sandbox.connected()
            await catch_up(bot)  # what is written after its first look is news
            await bot.plan()
            if not self.greets:
                await self._greeted(bot)
            yield bot

    async def _greeted(self, bot: Bot) -> None:
        """As if the first word to a workspace had been said: it would stand among the answers."""
        key, team = welcome.key(self.sandbox.workspace.id), self.sandbox.workspace.id
        word = Delivery(key, team, "U0", DeliveryKind.NOTICE, self.clock(), state=State.SKIPPED)
        async with bot.core.database.begin() as conn:
            await outbox.add(conn, [word], self.clock())

    async def spoil(self, sql: str) -> None:
        """Write into the database behind the bot's back; in a thread, since the bot may hold it meanwhile."""

        def write() -> None:
            with closing(
                sqlite3.connect(self.folder / "data" / "paperboy.db", isolation_level=None)
            ) as broken:
                broken.execute(sql)

        await asyncio.to_thread(write)

    async def struck(self, fault: Fault) -> None:
        """The call that it was for has come; nobody sees that otherwise."""
        while True:
            if not fault.times:
                return
            await asyncio.sleep(0.01)

    def member(self, name: str = "jonas") -> Member:
        return self.sandbox.member(name)

    def posts(self, channel: str = "papers") -> list[Message]:
        return self.sandbox.workspace.channel(channel).timeline

    def everything(self, channel: str = "papers") -> list[str]:
        """Texts of all that was posted there, threads included."""
        return [one.text for post in self.posts(channel) for one in (post, *post.replies)]

    async def posted(self, number: int = 1, channel: str = "papers") -> Message:
        """The channel's post of that number, once it is there with a reply a paper."""
        await self.sandbox.until(lambda: len(self.posts(channel)) >= number)
        return self.posts(channel)[number - 1]
