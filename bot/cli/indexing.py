"""A bar while the search index follows the library: minutes, where it is made anew for a large one."""

from __future__ import annotations

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.cli.words import err
from bot.library.service import Library


def bar() -> Progress:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    return Progress(*columns, console=err, transient=True, disable=not err.is_terminal)


async def follow(library: Library, progress: Progress) -> int:
    """How many papers were taken in."""
    task = progress.add_task("Indexing", total=await library.behind())
    return await library.catch_up(lambda papers: progress.advance(task, papers))
