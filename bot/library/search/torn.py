"""Which errors tell that the index's file can't be as it was written."""

from __future__ import annotations

import sqlite3
import traceback

from bot.library.search.documents import Torn

Place = tuple[str, int]  # a file of code, and a line

TORN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
# Of the machine, or of another process: whatever the file holds.
OUTSIDE = {
    sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOLFS, sqlite3.SQLITE_AUTH,
}  # fmt: skip


def is_certain(error: Exception) -> bool:
    """It can't be a mistake of ours."""
    if isinstance(error, sqlite3.OperationalError) and not hasattr(error, "sqlite_errorcode"):
        return True  # Python's own, of text that is no UTF-8
    return isinstance(error, Torn) or _code(error) in TORN or "no such table" in str(error)


def is_outside(error: Exception) -> bool:
    """Whatever the file says, it is not its fault."""
    return (
        isinstance(error, OSError | MemoryError | RecursionError | AssertionError) or _code(error) in OUTSIDE
    )


def place(error: Exception) -> Place:
    """Where it was raised."""
    *_, (frame, line) = traceback.walk_tb(error.__traceback__)
    return frame.f_code.co_filename, line


def _code(error: Exception) -> int:
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF
