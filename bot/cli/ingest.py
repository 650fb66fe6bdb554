"""`paperboy ingest`: digests into the library, from files or from the sources of the settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TaskID

from bot.app.core import Core, open_core
from bot.cli.common import files, go, read, settings, shown, source_of
from bot.cli.indexing import bar, follow
from bot.cli.words import FAILED, complain, say, warn
from bot.errors import BadArgument
from bot.settings import FolderSettings
from bot.sources.ingest import Report
from bot.sources.source import Document, Skipped, Source

NO_SOURCE = "No source is set. Add a [[sources]] table to config/paperboy.toml, or name files."


def register(app: typer.Typer) -> None:
    @app.command(epilog="Example: `paperboy ingest archive/`  ·  all sources: `paperboy ingest`")
    def ingest(
        paths: Annotated[
            list[Path] | None, typer.Argument(help="Files or folders; none: every source of the settings.")
        ] = None,
        source: Annotated[
            str | None, typer.Option(help="The source's name; else that of the folder.")
        ] = None,
    ) -> None:
        """Take digests into the library. Taking one in twice changes nothing. Exit code 1: one failed."""
        reports = go(_ingest(files(paths) if paths else None, source))
        for name, report in reports.items():
            say(f"{name}: {_told(report)}")
            if report.error:
                complain(report.error)
        if any(report.error or report.left_out for report in reports.values()):
            raise typer.Exit(FAILED)


async def _ingest(found: list[Path] | None, source: str | None) -> dict[str, Report]:
    async with open_core(settings()) as core:
        with bar() as progress:
            work = _poll_all(core, progress) if found is None else _take(core, found, source, progress)
            reports = await work
            await follow(core.library, progress)
        return reports


async def _take(core: Core, found: list[Path], source: str | None, progress: Progress) -> dict[str, Report]:
    reports: dict[str, Report] = {}
    for path in progress.track(found, description="Reading"):
        name = source or _name(core, path)
        report = reports.setdefault(name, Report())
        try:
            await core.ingest.store(name, Document(shown(path), read(path), ""), report)
        except BadArgument as error:
            warn(error.user_message)
            report.left_out += 1
    return reports


def _name(core: Core, path: Path) -> str:
    """Of the folder source that the file lies in, so that the running bot does not take it in again."""
    for source in core.settings.sources:
        if isinstance(source, FolderSettings) and path.resolve().is_relative_to(source.path.resolve()):
            return source.name
    return source_of(path)


async def _poll_all(core: Core, progress: Progress) -> dict[str, Report]:
    if not core.sources:
        raise BadArgument(NO_SOURCE)
    return {
        source.name: await core.ingest.poll(
            Watched(source, progress, progress.add_task(f"Fetching {source.name}", total=None))
        )
        for source in core.sources
    }


@dataclass(frozen=True, slots=True)
class Watched:
    """A source whose bar moves with each item; how many there are, it learns as they come."""

    source: Source
    progress: Progress
    task: TaskID

    @property
    def name(self) -> str:
        return self.source.name

    async def changed(
        self, seen: Mapping[str, str], now: dt.datetime
    ) -> AsyncGenerator[Document | Skipped, None]:
        async with aclosing(self.source.changed(seen, now)) as items:
            async for item in items:
                yield item
                self.progress.advance(self.task)


def _told(report: Report) -> str:
    said = f"{report.new} new, {report.revised} revised, {report.unchanged} unchanged digests"
    said += f"; {report.papers} papers written"
    if report.problems:
        said += f"; {report.problems} problems (shown above)"
    return said + (f"; {report.left_out} left out" if report.left_out else "") + "."
