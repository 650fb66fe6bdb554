"""`paperboy bench`: speed and rank, beside a bare baseline in the same run. Ratios matter, not figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.bench import parse as parse_bench
from bot.bench import search as search_bench
from bot.cli.common import files, out


def register(app: typer.Typer) -> None:
    bench = typer.Typer(help="Measure speed on this machine.", no_args_is_help=True)
    app.add_typer(bench, name="bench")

    @bench.callback()
    def benchmarks() -> None: ...

    @bench.command(epilog="Example: `paperboy bench parse archive/`")
    def parse(
        paths: Annotated[list[Path], typer.Argument(help="Digests: files or folders.", show_default=False)],
        repeat: Annotated[int, typer.Option(min=1, help="How often; the median counts.")] = 5,
    ) -> None:
        """Megabytes a second of parsing, beside splitting the same lines on bars."""
        out.print(parse_bench.run([*files(paths)], repeat))

    @bench.command(epilog="Example: `paperboy bench search benchmark/ --run ranking.tsv`")
    def search(
        folder: Annotated[
            Path, typer.Argument(help="With corpus.jsonl and queries.jsonl.", show_default=False)
        ],
        run: Annotated[
            Path | None, typer.Option(help="Write the ranking: a line a query, qid<TAB>id id …")
        ] = None,
        repeat: Annotated[
            int, typer.Option(min=1, help="How often; the quickest time of a query counts.")
        ] = 1,
    ) -> None:
        """How well and how soon search finds, by kind of query, beside plain FTS5."""
        report = search_bench.run(folder, repeat=repeat)
        if run:
            run.write_text("".join(report.lines()), "utf-8")
        out.print(report)
