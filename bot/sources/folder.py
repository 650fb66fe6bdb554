"""Digests in a folder: every *.md below it, wherever links lead, once each."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path

from bot.sources.days import WEST
from bot.sources.failures import too_large
from bot.sources.scan import File, scan, signature, unreadable
from bot.sources.source import LIMIT, Document, Skipped


class FolderSource:
    """`backfill` None: every file that is there at the first look; one without a date always is."""

    def __init__(self, name: str, folder: Path, backfill: dt.timedelta | None, *, limit: int = LIMIT) -> None:
        self.name = name
        self._folder = folder
        self._backfill = backfill
        self._limit = limit

    async def changed(
        self, seen: Mapping[str, str], now: dt.datetime
    ) -> AsyncGenerator[Document | Skipped, None]:
        """See `Source`. What `backfill` leaves out is a Skipped, so that it isn't new the next time."""
        files, barred = await asyncio.to_thread(scan, self._folder)
        for skipped in barred:
            if seen.get(skipped.path) != skipped.validator:
                yield skipped
        since = dt.date.min if seen or self._backfill is None else (now - WEST - self._backfill).date()
        new = [file for file in files if seen.get(file.shown) != file.validator]
        for file in sorted(new, key=lambda file: file.order):
            if file.day and file.day < since:
                yield Skipped(file.shown, file.validator)
            elif item := await asyncio.to_thread(_read, file, self._limit):
                yield item


def _read(file: File, limit: int) -> Document | Skipped | None:
    """None: it went away, or someone is writing it; the next look will tell."""
    if file.size > limit:
        return Skipped(file.shown, file.validator, too_large(file.shown, limit))
    try:
        with Path(file.path).open("rb") as handle:
            data = handle.read(limit + 1)
            settled = signature(os.fstat(handle.fileno())) == file.validator
    except FileNotFoundError:
        return None
    except OSError as error:
        return unreadable(file.shown, file.validator, error)
    return Document(file.shown, data, file.validator) if settled else None
