"""What lies below a folder: its Markdown files, and what could not be looked at."""

# Strings and no `Path`s: this runs every few seconds for as long as the bot does.
# ruff: noqa: PTH116, PTH118, PTH119

from __future__ import annotations

import datetime as dt
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SourceError
from bot.sources.source import Skipped

DATE = re.compile(r"(?<!\d)(\d{4})[-_./]?(\d{2})[-_./]?(\d{2})(?!\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class File:
    path: str
    shown: str  # text, whatever bytes the name is made of
    validator: str
    size: int
    written: float  # seconds since 1970
    root: int  # how much of the path is the folder's own

    @property
    def day(self) -> dt.date | None:
        """The last date in the path below the folder."""
        for year, month, day in reversed(DATE.findall(self.path[self.root :])):
            try:
                return dt.date(int(year), int(month), int(day))
            except ValueError:
                continue
        return None

    @property
    def order(self) -> tuple[float, str]:
        day = self.day
        if day is None:
            return self.written, self.shown
        return dt.datetime.combine(day, dt.time(), dt.UTC).timestamp(), self.shown


def scan(folder: Path) -> tuple[list[File], list[Skipped]]:
    """A folder is entered once, so links in a circle end; a hidden one never is."""
    errors: list[OSError] = []
    files: list[File | None] = []
    entered = {_identity(_root(folder))}
    for here, folders, names in os.walk(folder, followlinks=True, onerror=errors.append):
        folders[:] = [name for name in sorted(folders) if _enter(os.path.join(here, name), entered)]
        for name in names:
            if name.lower().endswith(".md") and not name.startswith("."):
                try:
                    files.append(_file(os.path.join(here, name), len(str(folder))))
                except OSError as error:
                    errors.append(error)
    return [file for file in files if file], [_barred(error) for error in errors]


def signature(status: os.stat_result) -> str:
    """Of the time of the last change, rights included: a file that may be read again is read again."""
    return f"{status.st_ctime_ns}-{status.st_size}-{status.st_ino}"


def unreadable(shown: str, validator: str, error: OSError) -> Skipped:
    problem = f"{shown} can't be read ({error.strerror}) and was left out. Check its owner and rights"
    return Skipped(shown, validator, problem)


def _root(folder: Path) -> os.stat_result:
    try:
        os.scandir(folder).close()
        return folder.stat()
    except FileNotFoundError:
        sentence = f"There is no folder {folder}. Create it, or mend `path` in the settings"
    except NotADirectoryError:
        sentence = f"{folder} is a file. Name the folder it lies in as `path` in the settings"
    except OSError as error:
        sentence = f"The folder {folder} can't be read ({error.strerror}). Check its owner and rights"
    raise SourceError(sentence, transient=False)


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _enter(folder: str, entered: set[tuple[int, int]]) -> bool:
    try:
        identity = _identity(os.stat(folder))
    except OSError:
        return False  # it went away
    if os.path.basename(folder).startswith(".") or identity in entered:
        return False
    entered.add(identity)
    return True


def _file(path: str, root: int) -> File | None:
    """None where a link leads nowhere, and for a pipe or a device, which may never end."""
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return File(path, _shown(path), signature(status), status.st_size, status.st_mtime, root)


def _shown(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "replace")


def _barred(error: OSError) -> Skipped:
    shown = _shown(str(error.filename))
    return unreadable(shown, f"error {error.errno}", error)
