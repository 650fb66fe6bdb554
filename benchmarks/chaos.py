"""Kill the bot at random moments, a few hundred times, while all around it fails too; then count.

    python benchmarks/chaos.py --database postgresql --kills 200 --seed 1

Deliveries flow to the sandbox over sockets all the while. Exit code 1 where a message is missing, came
twice (with --no-history: more often than the ledger says), is out of its channel's order or out of date.
On PostgreSQL three bots post, two plan and one listens; on SQLite one does it all. Loopback only.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
from pathlib import Path

from play import Outcome, Play, perform
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from weather import CLOCK, OUTAGES, RESTARTS

WEATHERS = {"outages": OUTAGES, "database": RESTARTS, "clock": CLOCK, "faults": ""}
TOLD = 20  # failures that are shown; the rest is in the file


def table(outcome: Outcome) -> Table:
    play, found = outcome.play, outcome.audit
    scope = "with" if play.history else "without"
    shown = Table(title=f"{play.database}, {scope} the history scope, seed {play.seed}")
    shown.add_column("what")
    shown.add_column("number", justify="right")
    lines = {
        **outcome.happened,
        "seconds": round(outcome.seconds),
        "messages to send": found.rows,
        "messages in Slack": found.messages,
        "changes of messages": found.changes,
        "messages that were unsure": found.unsure,
        "found in the history": found.found,
        "sent again after looks in vain": found.looked,
        "sent again without a look": found.blind,
        "repeats": found.repeats,
        "repeats that the ledger explains": found.repeats - sum(one.repeats for one in found.unexplained),
        "lost": len(found.lost),
        "wrong in all": len(outcome.failed),
    }
    for what, number in lines.items():
        shown.add_row(what, str(number))
    return shown


def arguments() -> Play:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--workers", type=int, default=3, help="bots that post, on PostgreSQL")
    parser.add_argument("--channels", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-history", action="store_true", help="the bot may not read what stands in Slack")
    parser.add_argument(
        "--without", action="append", default=[], choices=WEATHERS, help="to find what a failure comes from"
    )
    asked = parser.parse_args()
    split = ("deliver",) * asked.workers + ("schedule", "schedule", "listen")
    return Play(
        database=asked.database,
        kills=asked.kills,
        roles=split if asked.database == "postgresql" else ("all",),
        seed=asked.seed,
        history=not asked.no_history,
        channels=asked.channels,
        harshness=0.0 if "faults" in asked.without else 1.0,
        without=tuple(WEATHERS[name] for name in asked.without),
    )


def perform_watched(play: Play, folder: Path, console: Console) -> Outcome:
    columns = (TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        killed = progress.add_task("killed", total=play.kills)
        sent = progress.add_task("delivered", total=None)

        def tell(kills: int, done: int, left: int | None) -> None:
            progress.update(killed, completed=kills)
            progress.update(sent, completed=done, total=None if left is None else done + left)

        return asyncio.run(perform(play, folder, tell))


def main() -> None:
    play = arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # then too, what was started is stopped
    console = Console(stderr=True)
    folder = Path(tempfile.mkdtemp(prefix="paperboy-chaos-"))
    outcome = perform_watched(play, folder, console)
    Console().print(table(outcome))
    if outcome.failed:
        (folder / "failed.txt").write_text("\n".join(outcome.failed), "utf-8")
        console.print(*outcome.failed[:TOLD], sep="\n", markup=False, highlight=False)
        sys.exit(f"{len(outcome.failed)} things are wrong; the stories and the logs are in {folder}")


if __name__ == "__main__":
    main()
