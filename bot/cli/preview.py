"""`paperboy preview`: a day's post as a channel would see it, without Slack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bot.app import open_core, utc_now
from bot.cli.common import go, out, print_json, read, settings
from bot.digests import parser
from bot.errors import BadArgument
from bot.model import Digest, Layout, StoredDigest, StoredPaper
from bot.slack.blocks import digest as blocks
from bot.slack.blocks.part import Part


def register(app: typer.Typer) -> None:
    @app.command(epilog="Example: `paperboy preview 2025-04-28.md --layout compact`")
    def preview(
        what: Annotated[str, typer.Argument(metavar="DATE|PATH", help="A day of the library, or a file.")],
        layout: Annotated[Layout, typer.Option(help="How a channel gets it.")] = Layout.THREAD,
        json_: Annotated[
            bool, typer.Option("--json", help="The messages as Slack gets them, one a line.")
        ] = False,
    ) -> None:
        """Draw a day's post in the terminal."""
        for digest in _digests(what):
            parts = blocks.render(digest.date, digest.source, digest.papers, layout)
            for part in parts:
                if json_:
                    print_json({"text": part.message.text, "blocks": list(part.message.blocks)})
            if not json_:
                _draw(parts)


def _digests(what: str) -> Sequence[StoredDigest]:
    path = Path(what)
    if path.is_file():
        return _of_file(path)
    try:
        day = dt.date.fromisoformat(what)
    except ValueError:
        raise BadArgument(f"{what} is no file, and no date like 2025-04-28.") from None
    found = go(_of_library(day))
    if not found:
        raise BadArgument(f"The library has no digest of {day}. `paperboy ingest` takes digests in.")
    return found


async def _of_library(day: dt.date) -> list[StoredDigest]:
    async with open_core(settings(), migrate=False) as core:
        return await core.library.on(day)


def _of_file(path: Path) -> list[StoredDigest]:
    parsed = parser.parse_bytes(read(path), source=path.parent.name, path=str(path))
    problems = [problem.message for digest in parsed for problem in digest.problems]
    if not any(digest.papers for digest in parsed):
        raise BadArgument(f"{path} holds no papers. {' '.join(problems[:1])}")
    return [_as_stored(digest) for digest in parsed if digest.papers]


def _as_stored(digest: Digest) -> StoredDigest:
    date = digest.date or utc_now().date()
    papers = tuple(StoredPaper(number, paper, date) for number, paper in enumerate(digest.papers, 1))
    return StoredDigest(0, digest.source, date, 1, papers, utc_now())


def _draw(parts: Sequence[Part]) -> None:
    from bot.sandbox import Draft, sample_workspace  # only to draw: it is no part of the bot
    from bot.sandbox.terminal import Screen

    workspace = sample_workspace(utc_now)
    channel = workspace.channel("papers")
    head: str | None = None
    for part in parts:
        draft = Draft(part.message.text, [dict(block) for block in part.message.blocks])
        posted = workspace.post(
            channel, workspace.bot_user, replace(draft, thread_ts=head if part.reply else None)
        )
        head = head or posted.ts
    out.print(Screen(workspace).render(channel))
