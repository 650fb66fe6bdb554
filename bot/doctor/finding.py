"""What one look found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    FINE = "fine"
    NOTE = "note"  # it works, and may not be what is wanted
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    check: str
    health: Health
    found: str
    advice: str = ""  # what to do about it
