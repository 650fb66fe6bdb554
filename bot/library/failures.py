"""What a database's own errors mean for the person who runs the bot, and what to do about each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy.exc as sa_exc

LOCKED = (
    "{place} is locked by another program. Close what has it open (another Paperboy, a backup, a database"
    " browser) and try again."
)
FULL = (
    "The disk of {place} is full. Free some space and try again; what was being written was undone, nothing"
    " else is lost."
)
OLD = "{place} is not set up for this Paperboy yet. Run `paperboy db upgrade`, then try again."
NEW = (
    "{place} was written by a newer Paperboy (its schema is {current}, this one knows {head}). Install the"
    " newer version again, or use another database."
)
UNREACHABLE = "{place} can't be reached ({detail}). Check that it runs and that DATABASE_URL is right."
BUSY = "{place} is overloaded: no connection came free in time. Try again in a moment."
BROKEN = "The connection to {place} broke ({detail}). Check that PostgreSQL runs, then try again."
NO_FOLDER = (
    "The folder {folder} can't be made ({detail}). Make it, let the user that runs Paperboy write there, or"
    " set PAPERBOY_DATA or DATABASE_URL to another place."
)

# By SQLite's primary result code: an extended one begins with its primary one's name.
SQLITE = {
    "SQLITE_READONLY": "{place} can't be written. Give the user that runs Paperboy write access to the file"
    " and to its folder, or set DATABASE_URL to another place.",
    "SQLITE_FULL": FULL,
    "SQLITE_BUSY": LOCKED,
    "SQLITE_LOCKED": LOCKED,
    "SQLITE_NOTADB": "{place} is not a SQLite database. Move that file away, or correct DATABASE_URL.",
    "SQLITE_CORRUPT": "{place} is damaged. Restore a backup, or move the file away and start again.",
    "SQLITE_CANTOPEN": "{place} can't be opened. Check that its folder exists and that the user that runs"
    " Paperboy may read and write there.",
    "SQLITE_IOERR": "The disk of {place} failed to read or write. Check the disk, then try again.",
}

# By PostgreSQL's SQLSTATE: a whole code, or the letters that its class begins with.
POSTGRESQL = {
    "08": BROKEN,
    "25006": "{place} is read-only, perhaps a standby. Set DATABASE_URL to the primary server.",
    "28": "{place} refused the user or the password ({detail}). Correct them in DATABASE_URL.",
    "3D000": "{place} does not exist on that server ({detail}). Create it, or correct DATABASE_URL.",
    "42501": "{place} does not let this user do what Paperboy needs ({detail}). Grant it to the user.",
    "42703": OLD,
    "42704": "{place} refused an option of DATABASE_URL ({detail}). Remove it there.",
    "42P01": OLD,
    "53100": FULL,
    "53300": "{place} takes no more connections. Raise its max_connections, or run fewer processes.",
    "57P": "{place} is starting or stopping ({detail}). Try again in a moment.",
}


def explain(error: BaseException, place: str) -> str | None:
    """The sentence for a database's error; None for one that is a fault of ours."""
    causes = list(_causes(error))
    sentence = next((found for cause in causes if (found := _meaning(cause))), None)
    return _filled(sentence, place, detail=_first_line(causes[-1])) if sentence else None


def unreachable(error: BaseException, place: str) -> str:
    """The sentence for an error of connecting, which is no fault of ours."""
    *_, cause = _causes(error)
    return explain(error, place) or _filled(UNREACHABLE, place, detail=_first_line(cause))


def too_new(place: str, current: str | None, head: str) -> str:
    return _filled(NEW, place, current=current, head=head)


def too_old(place: str) -> str:
    return _filled(OLD, place)


def no_folder(folder: Path, error: OSError) -> str:
    return NO_FOLDER.format(folder=folder, detail=error.strerror)


def _meaning(error: BaseException) -> str | None:
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error)
    if code := getattr(error, "sqlstate", None):
        return POSTGRESQL.get(code) or POSTGRESQL.get(code[:3]) or POSTGRESQL.get(code[:2])
    if isinstance(error, sa_exc.TimeoutError):
        return BUSY
    if isinstance(error, OSError):
        return UNREACHABLE
    return BROKEN if isinstance(error, sa_exc.DBAPIError) and error.connection_invalidated else None


def _of_sqlite(error: sqlite3.Error) -> str | None:
    if str(error).startswith(("no such table", "no such column")):
        return OLD
    name = getattr(error, "sqlite_errorname", "")
    return next((sentence for code, sentence in SQLITE.items() if name.startswith(code)), None)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from: SQLAlchemy and its adapter each wrap the driver's own."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = getattr(cause, "orig", None) or cause.__cause__


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).strip().partition("\n")[0].rstrip(".")


def _filled(sentence: str, place: str, **facts: str | None) -> str:
    text = sentence.format(place=place, **facts)
    return text[:1].upper() + text[1:]
