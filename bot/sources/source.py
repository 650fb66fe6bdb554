"""What a source hands over, and what it wants to know again the next time."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Protocol

LIMIT = 20 * 2**20  # bytes of one file; what is larger is no digest


@dataclass(frozen=True, slots=True)
class Document:
    """One file, new or changed."""

    path: str  # a URL or a file's path: for people, and for the date in it
    data: bytes
    validator: str  # what makes it unchanged the next time: an ETag, a date, a hash, or size and time


@dataclass(frozen=True, slots=True)
class Skipped:
    """Nothing to ingest, and to be remembered all the same. `problem` None: nothing is wrong."""

    path: str
    validator: str
    problem: str | None = None  # a sentence for the operator


class Source(Protocol):
    @property
    def name(self) -> str: ...

    def changed(self, seen: Mapping[str, str], now: dt.datetime) -> AsyncGenerator[Document | Skipped]:
        """What is new or changed, oldest first; SourceError ends it, and what came before stands.

        `seen` maps paths to validators of everything this source ever yielded, Skipped included. Store
        each item when it is dealt with, so that an interrupted fetch goes on from there.
        """
        ...
