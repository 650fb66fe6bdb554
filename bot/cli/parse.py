"""`paperboy parse`: what is read of digests."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import files, read, settings, shown, source_of
from bot.cli.words import FAILED, Json, print_json, say, warn
from bot.digests import parser
from bot.digests.encode import as_json
from bot.errors import BadArgument
from bot.model import Digest


def register(app: typer.Typer) -> None:
    @app.command(epilog="Example: `paperboy parse 2025-04-28.md --json`")
    def parse(
        paths: Annotated[
            list[Path], typer.Argument(help="Files, or folders to search for *.md.", show_default=False)
        ],
        json_: Json = False,
    ) -> None:
        """Show what is read of digests, and store nothing. Exit code 1: a file holds no digest."""
        settings()
        failed = [path for path in files(paths) if not _parse(path, json_)]
        if failed:
            raise typer.Exit(FAILED)


def _parse(path: Path, as_json_: bool) -> bool:
    """Whether it could be read as a digest."""
    try:
        data = read(path)
    except BadArgument as error:
        warn(error.user_message)
        return False
    digests = parser.parse_bytes(data, source=source_of(path), path=shown(path))
    for digest in digests:
        print_json(as_json(digest)) if as_json_ else _show(digest, shown(path))
    return all(digest.papers or not digest.problems for digest in digests)


def _show(digest: Digest, path: str) -> None:
    say(f"{digest.date or 'no date'}  {len(digest.papers)} papers  {path}", style="bold")
    for paper in digest.papers:
        say(f"  {paper.title}  {paper.arxiv_id or paper.url or ''}".rstrip())
    for problem in digest.problems:
        warn(f"  {path}:{problem.line}: {problem.message}")
