"""A second process that prepares papers while this one writes: a large build then uses two cores.

It runs as `python -m` this module, talks over its standard input and output, and ends when they do.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import fields
from operator import attrgetter
from typing import IO, Any, Self

import structlog

from bot.library.search.acronyms import Acronyms
from bot.library.search.preparing import Prepared, prepare
from bot.model import Paper, StoredPaper

log = structlog.get_logger(__name__)

NICE = 5  # searches and posts go first
PIPE = 1 << 20  # bytes; Linux lets nobody have more without asking
# Papers travel as tuples: pickle takes a frozen dataclass with slots field by field, in Python.
_fields = attrgetter(*(field.name for field in fields(Paper)))


def able() -> bool:
    """Whether there is a core for a second process."""
    if hasattr(os, "sched_getaffinity"):  # not on a Mac
        return len(os.sched_getaffinity(0)) > 1
    return (os.cpu_count() or 1) > 1


class Helper:
    """Not started before it is asked; where it can't start or dies, this process does the work itself."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._talking = ThreadPoolExecutor(1, thread_name_prefix="search-helper")
        self._able = able()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """At once, whatever it is at."""
        self._closed = True
        self._end()
        self._talking.shutdown(cancel_futures=True)
        self._end()  # if it was just being started

    def prepare(self, papers: Sequence[StoredPaper], acronyms: Acronyms) -> asyncio.Future[Prepared]:
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._talking, self._prepare, papers, acronyms)

    def _prepare(self, papers: Sequence[StoredPaper], acronyms: Acronyms) -> Prepared:
        if self._able:
            try:
                return self._ask((papers, acronyms))
            except (OSError, EOFError, ValueError, pickle.UnpicklingError) as error:
                if self._closed:
                    raise
                self._able = False
                self._end()
                log.warning("the search index is built without its helper", error=repr(error))
        return prepare(papers, acronyms)

    def _end(self) -> None:
        if process := self._process:
            process.kill()
            process.wait()
            for pipe in filter(None, (process.stdin, process.stdout)):
                with suppress(OSError):  # of what it did not read any more
                    pipe.close()

    def _ask(self, asked: tuple[Sequence[StoredPaper], Acronyms]) -> Prepared:
        if self._process is None:
            self._process = _started()
        send: Any = self._process.stdin
        answers: Any = self._process.stdout
        papers, acronyms = asked
        rows = [(stored.id, _fields(stored.paper), stored.date) for stored in papers]
        _send(send, (rows, acronyms))
        told: Prepared = _receive(answers)
        return told


def _started() -> subprocess.Popen[bytes]:
    """Of the same Python with the same paths; multiprocessing would import all of our program once more."""
    paths = os.pathsep.join(filter(None, sys.path))
    return subprocess.Popen(  # noqa: S603  ourselves
        [sys.executable, "-m", __name__],
        env=os.environ | {"PYTHONPATH": paths},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pipesize=PIPE,
    )


def _send(stream: IO[bytes], what: object) -> None:
    message = pickle.dumps(what, pickle.HIGHEST_PROTOCOL)
    stream.write(len(message).to_bytes(8, "big"))
    stream.write(message)
    stream.flush()


def _receive(stream: IO[bytes]) -> Any:
    """EOFError where the other end is gone. Read whole: after each piece this thread would wait for its turn
    beside the one that writes the index, up to 5 ms."""
    size = stream.read(8)
    if len(size) < 8:
        raise EOFError
    return pickle.loads(stream.read(int.from_bytes(size, "big")))  # noqa: S301  it comes from ourselves


def _serve() -> None:
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # a terminal sends it to us too; our parent tells when to end
    os.nice(NICE)
    while True:
        try:
            rows, acronyms = _receive(sys.stdin.buffer)
        except EOFError:
            return
        papers = [StoredPaper(paper_id, Paper(*values), date) for paper_id, values, date in rows]
        _send(sys.stdout.buffer, prepare(papers, acronyms))


if __name__ == "__main__":
    _serve()
