"""What lies below a folder: its Markdown files, and what could not be looked at."""

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
    day: dt.date | None  # in the path below the folder
    written: float  # seconds since 1970

    @property
    def order(self) -> tuple[float, str]:
        if self.day is None:
            return self.written, self.shown
        return dt.datetime.combine(self.day, dt.time(), dt.UTC).timestamp(), self.shown


def scan(folder: Path) -> tuple[list[File], list[Skipped]]:
    """Files oldest first. A folder is entered once, so links in a circle end; a hidden one never is."""
    errors: list[OSError] = []
    found: list[File | None] = []
    entered = {_identity(_root(folder))}
    for here, folders, names in os.walk(folder, followlinks=True, onerror=errors.append):
        folders[:] = [name for name in sorted(folders) if _enter(Path(here, name), entered)]
        for path in (Path(here, name) for name in names if _is_markdown(name)):
            try:
                found.append(_file(folder, path))
            except OSError as error:
                errors.append(error)
    files = sorted(filter(None, found), key=lambda file: file.order)
    return files, [_barred(error) for error in errors]


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


def _enter(folder: Path, entered: set[tuple[int, int]]) -> bool:
    try:
        identity = _identity(folder.stat())
    except OSError:
        return False  # it went away
    if folder.name.startswith(".") or identity in entered:
        return False
    entered.add(identity)
    return True


def _is_markdown(name: str) -> bool:
    return name.lower().endswith(".md") and not name.startswith(".")


def _file(root: Path, path: Path) -> File | None:
    """None where a link leads nowhere, and for a pipe or a device, which may never end."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    day = _day(str(path.relative_to(root)))
    return File(str(path), _shown(str(path)), signature(status), status.st_size, day, status.st_mtime)


def _day(path: str) -> dt.date | None:
    for year, month, day in reversed(DATE.findall(path)):
        try:
            return dt.date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def _shown(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "replace")


def _barred(error: OSError) -> Skipped:
    shown = _shown(str(error.filename))
    return unreadable(shown, f"error {error.errno}", error)
