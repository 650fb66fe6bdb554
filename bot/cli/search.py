"""`paperboy search`: one query for people or programs, or a file of them for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot import log
from bot.app.core import Core, open_core
from bot.cli.common import go, read, settings, shown
from bot.cli.words import FAILED, Json, out, print_json, say, warn
from bot.errors import BadArgument
from bot.library.search.answering import Hit, Order
from bot.library.search.rewriting import How
from bot.library.service import Page

NO_QUERY = "Name a query, as in `paperboy search BitNet`, or a file of them with --batch."
NO_OPTION = "There is no option {word}; `paperboy search --help` lists them."
BAD_LINE = '{file}, line {number}: is no JSON object such as {{"qid": "q1", "query": "BitNet"}}; left out.'


def register(app: typer.Typer) -> None:
    @app.command(
        epilog='Example: `paperboy search "camera motion" tag:video -survey`',
        context_settings={"ignore_unknown_options": True},  # -word is for the query
    )
    def search(
        query: Annotated[
            list[str] | None,
            typer.Argument(help='Words, "phrase", -word, tag:, author:, has:code, after:2025-03 …'),
        ] = None,
        json_: Json = False,
        batch: Annotated[
            Path | None, typer.Option(help='JSON lines of {"qid", "query"}; prints one object a line.')
        ] = None,
        limit: Annotated[int, typer.Option(min=1, max=100, help="How many results.")] = 10,
        newest: Annotated[bool, typer.Option("--newest", help="The newest first.")] = False,
        verbatim: Annotated[bool, typer.Option("--verbatim", help="Correct nothing.")] = False,
        explain: Annotated[
            bool, typer.Option("--explain", help="Which words were taken how, and what the score is made of.")
        ] = False,
    ) -> None:
        """Find papers in the library."""
        words = [shown(word) for word in query or []]
        for word in words:
            if word.startswith("--"):
                raise BadArgument(NO_OPTION.format(word=word))
        order = Order.NEWEST if newest else Order.BEST
        if batch:
            go(_search_batch(batch, limit, order, verbatim))
        elif words:
            page = go(_search(" ".join(words), limit, order, verbatim))
            print_json(_as_json(page, explain)) if json_ else _show(page, explain)
        else:
            raise BadArgument(NO_QUERY)


async def _search(query: str, limit: int, order: Order, verbatim: bool) -> Page:
    async with open_core(settings(), migrate=False) as core:
        await core.library.catch_up()
        return await _whole(core, query, limit, order, verbatim)


async def _whole(core: Core, query: str, limit: int, order: Order, verbatim: bool) -> Page:
    """Out of all papers: that the index is damaged may turn out only now."""
    ask = partial(
        core.library.search, query, today=core.clock().date(), limit=limit, order=order, verbatim=verbatim
    )
    page = await ask()
    if page.incomplete and await core.library.catch_up():
        page = await ask()
    return page


async def _search_batch(file: Path, limit: int, order: Order, verbatim: bool) -> None:
    """A line that can't be read costs no other one."""
    failed = False
    async with open_core(settings(), migrate=False) as core:
        await core.library.catch_up()
        for number, asked in _queries(file):
            if asked is None:
                warn(BAD_LINE.format(file=shown(file), number=number))
                failed = True
                continue
            page = await _whole(core, asked["query"], limit, order, verbatim)
            print_json({"qid": asked["qid"], **_as_json(page)})
    if failed:
        raise typer.Exit(FAILED)


def _queries(file: Path) -> Iterator[tuple[int, dict[str, str] | None]]:
    """Each line with its number; None for one that is no query."""
    for number, line in enumerate(read(file, -1).decode("utf-8", "replace").splitlines(), 1):
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
        except (ValueError, RecursionError):
            asked = None
        fits = isinstance(asked, dict) and "qid" in asked and isinstance(asked.get("query"), str)
        yield number, asked if fits else None


def _as_json(page: Page, explain: bool = False) -> dict[str, object]:
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
                **({"explained": list(_told(hit))} if explain else {}),
            }
            for hit in page.results.hits
        ],
        "corrected": page.results.corrected,
        "ms": round(page.results.ms, 2),
    }


def _show(page: Page, explain: bool) -> None:
    results = page.results
    if results.note:
        say(results.note, style="dim")
    if results.corrected:
        say(
            f"Showing results for “{results.corrected}”; --verbatim searches for “{page.query}”.", style="dim"
        )
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for hit in results.hits:
        table.add_row(*(Text(log.harmless(cell)) for cell in (str(hit.date), hit.title, hit.url or "")))
    for hit in results.hits if explain else ():
        say(f"{hit.date}  {hit.title}  {hit.url or ''}")
        for line in _told(hit):
            say(f"    {line}", style="dim")
    if results.hits and not explain:
        out.print(table)
    more = "more than " if results.many else ""
    say(f"{more}{results.total} found" if results.total else f"Nothing found for “{page.query}”.")


def _told(hit: Hit) -> Iterator[str]:
    """Which words of the paper were taken for which of the query, and the score in its parts."""
    yield ", ".join(
        match.found if match.how is How.TYPED else f"{match.found} for {match.asked} ({match.how.value})"
        for match in hit.matches
    )
    parts = (f"{part.replace('_', ' ')} {value:.2f}" for part, value in hit.parts.items() if value)
    yield f"{hit.score:.2f} = {' + '.join(parts)}" if hit.parts else "not ranked"
