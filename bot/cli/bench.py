"""`paperboy bench`: speed and rank, beside a bare baseline in the same run. Ratios matter, not figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.bench import deliver as deliver_bench
from bot.bench import parse as parse_bench
from bot.bench import search as search_bench
from bot.bench.deliver import Load
from bot.cli.common import files, go, settings, write
from bot.cli.words import Json, err, out, print_json
from bot.errors import BadArgument


def register(app: typer.Typer) -> None:
    bench = typer.Typer(help="Measure speed on this machine.", no_args_is_help=True)
    app.add_typer(bench, name="bench")
    bench.callback()(benchmarks)
    bench.command(epilog="Example: `paperboy bench parse archive/`")(parse)
    bench.command(epilog="Example: `paperboy bench search benchmark/ --run ranking.tsv`")(search)
    bench.command(epilog="Example: `paperboy bench deliver --rounds 5`")(deliver)


def benchmarks() -> None: ...


def parse(
    paths: Annotated[list[Path], typer.Argument(help="Digests: files or folders.", show_default=False)],
    repeat: Annotated[int, typer.Option(min=1, help="How often; the median counts.")] = 5,
) -> None:
    """Megabytes a second of parsing, beside splitting the same lines on bars."""
    out.print(parse_bench.run([*files(paths)], repeat))


def search(
    folder: Annotated[Path, typer.Argument(help="With corpus.jsonl and queries.jsonl.", show_default=False)],
    run: Annotated[
        Path | None, typer.Option(help="Write the ranking: a line a query: its id, a tab, papers' ids.")
    ] = None,
    repeat: Annotated[int, typer.Option(min=1, help="How often; the quickest time of a query counts.")] = 1,
) -> None:
    """How well and how soon search finds, by kind of query, beside plain FTS5."""
    if run:
        write(run, "")  # before the work
    report = search_bench.run(folder, repeat=repeat)
    if run:
        write(run, "".join(report.lines()))
    out.print(report)


def deliver(
    posts: Annotated[int, typer.Option(min=2, help="How many messages, as threads.")] = 10_000,
    channels: Annotated[int, typer.Option(min=1, help="To how many channels, all at once.")] = 500,
    workspaces: Annotated[int, typer.Option(min=1, help="Of how many workspaces.")] = 50,
    database: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="A PostgreSQL server on which databases may be made; what is there stays as it is."
            " Without it: SQLite.",
            show_default=False,
        ),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Also with so many; needs PostgreSQL.")] = 1,
    latency: Annotated[
        int, typer.Option(min=0, metavar="MS", help="Slack answers after so many milliseconds.")
    ] = 0,
    paced: Annotated[
        bool, typer.Option("--paced", help="At Slack's pace, beside the best that it allows.")
    ] = False,
    rounds: Annotated[int, typer.Option(min=1, help="How often; the median counts.")] = 3,
    json_: Json = False,
) -> None:
    """Posts a second, beside a bare loop of the same calls.

    Slack is a sandbox on this machine; nothing leaves it. The courier does all it always does: claims,
    posts, records, at most one message under way a channel. The bare loop makes the same calls with
    nothing around them. A ratio of 1.00 is a ledger that costs nothing. With --workers, ask for a
    --latency such as 500 too: else this machine's processors are what is measured.
    """
    settings()  # for the log; nothing else in them matters here
    if workers > 1 and database is None:
        raise BadArgument("SQLite serves one process: --workers needs --database.")
    load = Load(posts, channels, workspaces, database, workers, rounds, latency / 1000, paced)
    with _progress() as progress:
        task = progress.add_task("posted", total=load.total * load.rounds * len(load.names))
        report = go(deliver_bench.run(load, lambda number: progress.advance(task, number)))
    if json_:
        print_json(report.as_json())
    else:
        out.print(report)


def _progress() -> Progress:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    return Progress(*columns, console=err, transient=True, disable=not err.is_terminal)
