"""`paperboy preview`: a day's post as a channel would see it, without Slack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bot.app.core import open_core, utc_now
from bot.cli.common import exists, go, read, settings, shown, source_of, write
from bot.cli.words import Json, out, print_json, say
from bot.digests import parser
from bot.errors import BadArgument, BotError
from bot.model import Digest, Layout, StoredDigest, StoredPaper
from bot.sandbox import Draft, Message, Workspace, sample_workspace
from bot.sandbox.page import document
from bot.sandbox.terminal import Screen
from bot.slack.blocks import digest as blocks
from bot.slack.blocks.part import Part
from bot.slack.text import count, long_day


def register(app: typer.Typer) -> None:
    @app.command(epilog="Example: `paperboy preview 2025-04-28.md --layout compact`")
    def preview(
        what: Annotated[str, typer.Argument(metavar="DATE|PATH", help="A day of the library, or a file.")],
        layout: Annotated[Layout, typer.Option(help="How a channel gets it.")] = Layout.THREAD,
        json_: Json = False,
        html: Annotated[
            Path | None,
            typer.Option(metavar="FILE", help="Write it there, as a page that needs nothing else."),
        ] = None,
    ) -> None:
        """Draw a day's post in the terminal; as JSON, its messages as Slack gets them; or as a page."""
        digests = _digests(what)
        if html:
            write(html, _as_page(digests, layout))
            return
        for digest in digests:
            parts = blocks.render(digest.date, digest.source, digest.papers, layout)
            if json_:
                for part in parts:
                    message = {"text": part.message.text, "blocks": list(part.message.blocks)}
                    print_json({"reply": part.reply, **message})
            else:
                say(_title(digest, layout, parts), style="bold underline")
                _draw(parts)


def _digests(what: str) -> Sequence[StoredDigest]:
    if exists(Path(what)):
        return _of_file(Path(what))
    try:
        day = dt.date.fromisoformat(what)
    except ValueError:
        raise BadArgument(f"{shown(what)} is no file, and no date like 2025-04-28.") from None
    found = go(_of_library(day))
    if not found:
        raise BotError(f"The library has no digest of {day}. `paperboy ingest` takes digests in.")
    return found


async def _of_library(day: dt.date) -> list[StoredDigest]:
    async with open_core(settings(), migrate=False) as core:
        return await core.library.on(day)


def _of_file(path: Path) -> list[StoredDigest]:
    settings()
    parsed = parser.parse_bytes(read(path), source=source_of(path), path=shown(path))
    if not any(digest.papers for digest in parsed):
        problems = [problem.message for digest in parsed for problem in digest.problems]
        raise BotError(" ".join([f"{shown(path)} holds no papers.", *problems[:1]]))
    return [_as_stored(digest) for digest in parsed if digest.papers]


def _as_stored(digest: Digest) -> StoredDigest:
    date = digest.date or utc_now().date()
    papers = tuple(StoredPaper(number, paper, date) for number, paper in enumerate(digest.papers, 1))
    return StoredDigest(0, digest.source, date, 1, papers, utc_now())


def _title(digest: StoredDigest, layout: Layout, parts: Sequence[Part]) -> str:
    replies = sum(part.reply for part in parts)
    sent = count(len(parts) - replies, "message") + (f", {replies} in the thread" if replies else "")
    return f"{long_day(digest.date)} from {digest.source}, layout “{layout}”: {sent}"


def _draw(parts: Sequence[Part]) -> None:
    workspace, timeline = _posted(parts)
    for message in timeline:
        out.print(Screen(workspace).render(message))


def _as_page(digests: Sequence[StoredDigest], layout: Layout) -> str:
    parts = [blocks.render(digest.date, digest.source, digest.papers, layout) for digest in digests]
    workspace, timeline = _posted(*parts)
    title = " · ".join(map(_title, digests, [layout] * len(digests), parts))
    return document(workspace, timeline, title)


def _posted(*posts: Sequence[Part]) -> tuple[Workspace, list[Message]]:
    """A channel of a workspace of its own, with the posts in it: only to draw, it is no part of the bot."""
    workspace = sample_workspace(utc_now)
    channel, bot = workspace.channel("papers"), workspace.bot_user
    for parts in posts:
        head: str | None = None
        for part in parts:
            draft = Draft(part.message.text, [dict(block) for block in part.message.blocks])
            posted = workspace.post(channel, bot, replace(draft, thread_ts=head if part.reply else None))
            head = head or posted.ts
    return workspace, channel.timeline
