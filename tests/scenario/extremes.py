"""More of everything than anybody will have, and each of it at its largest."""

from __future__ import annotations

import asyncio
import datetime as dt

import sqlalchemy as sa
from stage import Stage

from bot.app.bot import Bot
from bot.library.tables import delivery, paper, saved_paper
from bot.library.tables import feed as feeds
from bot.model import Follow, FollowKind, Frequency, Subscription
from bot.subscriptions import members

DAY = "2025-04-28"
FOLLOWS, FEEDS, PAPERS, TAGS, AUTHORS, TITLE, HITS, SAVED = 500, 200, 36, 13, 200, 300, 2_000, 120
TEXTS = (
    "深層学習による動画理解の新しい枠組み",
    "🧪👩‍🔬🏳️‍🌈🇩🇪👍🏽",
    "Ünïcödé & <b>markup</b> ",
    "<!channel> @here *bold* ",
)
LAYOUTS = ("thread", "full", "compact")


def row(number: int) -> str:
    """The sorts of text take turns; the summary is longer than Slack's largest text."""
    text = TEXTS[number % len(TEXTS)]
    title = f"{number} {text * TITLE}"[:TITLE].replace("|", " ")
    authors = ", ".join(f"{text[:8].strip()} {number} Nr{n}" for n in range(AUTHORS))
    tags = ", ".join(f"'{text[:6].strip()} Tag {n}'" for n in range(TAGS))
    points = " ".join(f"- {text * 20}{n}" for n in range(12))
    links = ", ".join(f"[Link](https://github.com/{number}/{'x' * 300}{n})" for n in range(6))
    return (
        f"| [{title}](https://arxiv.org/abs/2504.{number:05}) | {authors} | diffusion {points} | [{tags}]"
        f" | {links} | {links.replace('github.com', 'huggingface.co')} |"
    )


def plain_row(number: int) -> str:
    link = f"[Diffusion Number {number}: A Study](https://arxiv.org/abs/2403.{number:05})"
    return f"| {link} | Ada Reyes | It works. | ['Robotics'] | N/A | N/A |"


def write_past(stage: Stage) -> None:
    """What search finds too much of."""
    for start in range(0, HITS, 100):
        day = dt.date(2025, 3, 1) + dt.timedelta(days=start // 100)
        stage.write(day.isoformat(), *(plain_row(start + n) for n in range(100)))


async def settled(bot: Bot) -> dict[str, int]:
    """Wait until nothing is left to send; how many rows ended in which state."""
    while True:
        async with bot.core.database.read() as conn:
            count = sa.select(delivery.c.state, sa.func.count()).group_by(delivery.c.state)
            states = {str(row.state): int(row[1]) for row in await conn.execute(count)}
        if states and states.keys() <= {"sent", "parked", "skipped"}:
            return states
        await asyncio.sleep(0.1)


async def furnish(stage: Stage, bot: Bot) -> None:
    """Jonas and Yuki follow and saved much, and the workspace has many feeds."""
    follows = [Follow(FollowKind.TAG, "Robotics"), Follow(FollowKind.PHRASE, "diffusion")]
    follows += [Follow(FollowKind.AUTHOR, f"{TEXTS[n % 4][:30].strip()} {n}") for n in range(200)]
    follows += [Follow(FollowKind.PHRASE, f"{n} {TEXTS[n % 4] * 9}"[:200]) for n in range(150)]
    follows += [
        Follow(FollowKind.SEARCH, f"{n} {TEXTS[0] * 20}"[:400]) for n in range(FOLLOWS - len(follows))
    ]
    now = stage.clock()
    async with bot.core.database.begin() as conn:
        for name, often in (("jonas", Frequency.DAILY), ("yuki", Frequency.WEEKLY)):
            id_ = stage.member(name).id
            one = Subscription(bot.workspace, id_, frequency=often, at=dt.time(7), follows=tuple(follows))
            await members.put(conn, one, now)
            ids = (await conn.execute(sa.select(paper.c.id).limit(SAVED))).scalars()
            rows = [{"workspace": bot.workspace, "member": id_, "paper_id": i, "saved_at": now} for i in ids]
            await conn.execute(saved_paper.insert(), rows)
        rows = [
            {
                "workspace": bot.workspace,
                "channel": f"C9{n:07}",
                "timezone": "America/Argentina/ComodRivadavia",
                "filter": f"{n} {TEXTS[n % 4] * 9}"[:300],
                "layout": LAYOUTS[n % 3],
                "on_empty": "notice",
                "owner": stage.member("ada").id,
                "paused": "TEXTS " * 20,
                "after_digest": 0,
            }
            for n in range(FEEDS)
        ]
        await conn.execute(feeds.update().values(roundup="also", roundup_at=now))
        await conn.execute(feeds.insert(), rows)
