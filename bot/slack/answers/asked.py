"""What every answer makes of what it can't use: a value that nobody can read, a paper that is gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bot.errors import BadArgument

T = TypeVar("T")

STALE = "That is too old for me to read. Ask again with `/papers`."  # a button, or a form
GONE = "That paper is not in the library any more."


def read(value: str, reader: Callable[[str], T | None]) -> T:
    """A button's value, by one of the readers of ids.py."""
    found = reader(value)
    if found is None:
        raise BadArgument(STALE)
    return found


def there(found: T | None) -> T:
    if found is None:
        raise BadArgument(GONE)
    return found
