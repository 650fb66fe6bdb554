"""`paperboy ingest`, `parse` and `search`: digests in, papers out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.app import Core, open_core
from bot.cli.common import FAILED, err, files, go, out, print_json, read, settings
from bot.digests import parser
from bot.digests.encode import as_json
from bot.errors import BadArgument
from bot.library.service import Page
from bot.settings import FolderSettings
from bot.sources.ingest import Report
from bot.sources.source import Document

Paths = Annotated[
    list[Path], typer.Argument(help="Files, or folders to search for *.md.", show_default=False)
]
NO_QUERY = "Name a query, as in `paperboy search BitNet`, or a file of them with --batch."


def register(app: typer.Typer) -> None:
    @app.command(epilog="Example: `paperboy ingest archive/`  ·  all sources: `paperboy ingest`")
    def ingest(
        paths: Annotated[
            list[Path] | None, typer.Argument(help="Files or folders; none: every source of the settings.")
        ] = None,
        source: Annotated[
            str | None, typer.Option(help="Under which source's name; else the folder's own in the settings.")
        ] = None,
    ) -> None:
        """Take digests into the library. Taking one in twice changes nothing. Exit code 1: one failed."""
        reports = go(_ingest(list(paths or []), source))
        for name, report in reports:
            out.print(f"{name}: {_told(report)}", markup=False)
            if report.error:
                err.print(report.error, markup=False, style="red")
        if any(report.error or report.left_out for _, report in reports):
            raise typer.Exit(FAILED)

    @app.command(epilog="Example: `paperboy parse 2025-04-28.md --json`")
    def parse(
        paths: Paths, json_: Annotated[bool, typer.Option("--json", help="One JSON object a digest.")] = False
    ) -> None:
        """Show what is read of digests, and store nothing. Exit code 1: a file holds no digest."""
        settings()
        failed = False
        for path in files(paths):
            for digest in parser.parse_bytes(read(path), source=path.parent.name, path=str(path)):
                failed |= not digest.papers and bool(digest.problems)
                if json_:
                    print_json(as_json(digest))
                    continue
                out.print(f"[bold]{digest.date or 'no date'}[/]  {len(digest.papers)} papers  [dim]{path}[/]")
                for paper in digest.papers:
                    out.print(f"  {paper.title}  {paper.arxiv_id or paper.url or ''}", markup=False)
                for problem in digest.problems:
                    err.print(f"  {path}:{problem.line}: {problem.message}", markup=False, style="yellow")
        if failed:
            raise typer.Exit(FAILED)

    @app.command(epilog='Example: `paperboy search "camera motion tag:video"`')
    def search(
        query: Annotated[
            list[str] | None,
            typer.Argument(help='Words, "phrase", -word, tag:, author:, has:code, after:2025-03 …'),
        ] = None,
        json_: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
        batch: Annotated[
            Path | None, typer.Option(help='JSON lines of {"qid", "query"}; prints one object a line.')
        ] = None,
        limit: Annotated[int, typer.Option(min=1, max=100, help="How many results.")] = 10,
    ) -> None:
        """Find papers. Exit code 1 where nothing is found."""
        if batch:
            go(_search_batch(batch, limit))
            return
        if not query:
            raise BadArgument(NO_QUERY)
        page = go(_search(" ".join(query), limit))
        if json_:
            print_json(_page_json(page))
        else:
            _print_page(page)
        if not page.papers:
            raise typer.Exit(FAILED)


# --- ingest -------------------------------------------------------------------------------------


async def _ingest(paths: list[Path], name: str | None) -> list[tuple[str, Report]]:
    async with open_core(settings()) as core:
        work = _ingest_files(core, paths, name) if paths else _poll_all(core)
        reports = [report async for report in work]
        await core.library.catch_up()
        return reports


async def _ingest_files(core: Core, paths: list[Path], name: str | None) -> AsyncIterator[tuple[str, Report]]:
    reports: dict[str, Report] = {}
    with _progress() as progress:
        for path in progress.track(list(files(paths)), description="Reading"):
            source = name or _source_of(core, path)
            report = reports.setdefault(source, Report())
            await core.ingest.store(source, Document(str(path), read(path), ""), report)
    for source, report in reports.items():
        yield source, report


async def _poll_all(core: Core) -> AsyncIterator[tuple[str, Report]]:
    if not core.sources:
        raise BadArgument("No source is set. Add a [[sources]] table to config/paperboy.toml, or name files.")
    with _progress() as progress:
        for source in progress.track(core.sources, description="Fetching"):
            yield source.name, await core.ingest.poll(source)


def _source_of(core: Core, path: Path) -> str:
    """The folder source that the file lies in, so that the running bot does not take it in again."""
    for source in core.settings.sources:
        if isinstance(source, FolderSettings) and path.resolve().is_relative_to(source.path.resolve()):
            return source.name
    return "files"


def _progress() -> Progress:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    return Progress(*columns, console=err, transient=True)


def _told(report: Report) -> str:
    said = f"{report.new} new, {report.revised} revised, {report.unchanged} unchanged digests"
    said += f"; {report.papers} papers written"
    if report.problems:
        said += f"; {report.problems} problems (shown above)"
    return said + (f"; {report.left_out} left out" if report.left_out else "") + "."


# --- search -------------------------------------------------------------------------------------


async def _search(query: str, limit: int) -> Page:
    async with open_core(settings()) as core:
        await core.library.catch_up()
        return await core.library.search(query, today=core.clock().date(), limit=limit)


async def _search_batch(batch: Path, limit: int) -> None:
    async with open_core(settings()) as core:
        await core.library.catch_up()
        with batch.open(encoding="utf-8") as lines:
            for line in filter(str.strip, lines):
                asked = json.loads(line)
                page = await core.library.search(str(asked["query"]), today=core.clock().date(), limit=limit)
                print_json({"qid": asked["qid"], **_page_json(page)})


def _page_json(page: Page) -> dict[str, object]:
    return {
        "query": page.query,
        "total": page.results.total,
        "results": [
            {
                "arxiv_id": hit.arxiv_id,
                "title": hit.title,
                "url": hit.url,
                "date": hit.date.isoformat(),
                "score": round(hit.score, 4),
            }
            for hit in page.results.hits
        ],
        "corrected": None,
        "ms": round(page.results.ms, 2),
    }


def _print_page(page: Page) -> None:
    if page.results.note:
        out.print(page.results.note, markup=False, style="dim")
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for hit in page.results.hits:
        table.add_row(str(hit.date), hit.title, hit.url or "")
    out.print(table)
    total = page.results.total
    out.print(f"{total} found" if total else f"Nothing found for “{page.query}”.", markup=False)
