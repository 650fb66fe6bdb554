"""One process at a time, by a lock on a file beside the database that the kernel frees when it dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import LibraryError


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """LibraryError names the process that holds it."""
    path = database.with_name(database.name + ".lock")
    try:
        file = path.open("a+")
    except OSError as error:
        raise LibraryError(
            f"The file {path} can't be written ({error.strerror}). Give the user that runs Paperboy write"
            " access to that folder."
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise LibraryError(
                f"Another Paperboy (process {file.read().strip()}) runs on {database}. Stop it first, or use"
                " PostgreSQL: there, any number may run."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
