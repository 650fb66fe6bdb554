"""How long `paperboy ingest` takes for an archive, into an empty SQLite database and then once more.

Beside it, in the same run, the least that any program would do: read the files, split their lines on bars,
put the cells into a table.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).parents[2] / "shared" / "search" / "corpus.jsonl"
COLUMNS = "Title", "Authors", "Summary", "Classification", "GitHub URLs", "HuggingFace URLs"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_archive(parser)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="paperboy-ingest-") as name:
        archive = Path(name) / "archive"
        write_archive(archive, asked.corpus, asked.digests)
        sizes = [path.stat().st_size for path in archive.iterdir()]
        print(f"{len(sizes)} digests, {sum(sizes) / 1e6:.2f} MB")
        env = os.environ | {"PAPERBOY_DATA": f"{name}/data"}
        env.pop("DATABASE_URL", None)
        paperboy(env, "--version")  # warms the disk's cache
        start = timed("start alone (--version)", lambda: paperboy(env, "--version"))
        first = timed("ingest, into an empty database", lambda: paperboy(env, "ingest", str(archive)))
        timed("ingest, once more", lambda: paperboy(env, "ingest", str(archive)))
        least = timed("the least anyone would do", lambda: bare(archive, Path(name) / "bare.db"))
        work = first - start
        print(f"without the start: {sum(sizes) / 1e6 / work:.2f} MB/s, {work / least:.0f} times the least")


def add_archive(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="papers as JSON lines (%(default)s)")
    parser.add_argument("--digests", type=int, default=300, help="how many days at most (%(default)s)")


def write_archive(folder: Path, corpus: Path, digests: int) -> None:
    """The papers of `corpus` as digests of dialect A, a file a day."""
    days: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with corpus.open(encoding="utf-8") as lines:
        for line in lines:
            paper = json.loads(line)
            days[paper["digest_date"]].append(paper)
    folder.mkdir()
    for day in sorted(days)[-digests:]:
        head = f"## Papers for {day}", "", f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"
        text = "\n".join([*head, *map(row, days[day]), ""])
        (folder / f"{day}.md").write_text(text, "utf-8")


def row(paper: dict[str, Any]) -> str:
    title = f"[{paper['title']}](https://arxiv.org/abs/{paper['id']})"
    cells = title, paper["authors"], paper["summary"], str(paper["tags"]), "N/A", "N/A"
    return "| " + " | ".join(cell.replace("\n", " ").replace("|", "/") for cell in cells) + " |"


def paperboy(env: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "bot", *arguments], env=env, check=True, stdout=subprocess.DEVNULL)


def bare(archive: Path, database: Path) -> None:
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE cell (text TEXT)")
    for path in sorted(archive.iterdir()):
        for line in path.read_text("utf-8").splitlines():
            connection.executemany("INSERT INTO cell VALUES (?)", [(cell,) for cell in line.split("|")])
    connection.commit()


def timed(what: str, work: Any) -> float:
    begun = time.perf_counter()
    work()
    seconds = time.perf_counter() - begun
    print(f"{what}: {seconds:.2f} s")
    return seconds


if __name__ == "__main__":
    main()
