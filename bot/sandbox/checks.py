"""Checks of JSON values that answer as Slack does: a sentence, then a pointer to the part it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

Check = Callable[[Any, str], Iterator[str]]  # the value and its pointer in, complaints out


def complaint(sentence: str, pointer: str) -> str:
    return f"{sentence} [json-pointer:{pointer}]"


def string(low: int, high: int, pattern: str = "") -> Check:
    """A string of `low` to `high` characters; `pattern` must match the whole of it."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield complaint("must be a string", pointer)
        elif len(value) > high:
            yield complaint(f"must be less than {high + 1} characters", pointer)
        elif len(value) < low:
            yield complaint(f"must be more than {low - 1} characters", pointer)
        elif pattern and not re.fullmatch(pattern, value):
            yield complaint("must be a valid value", pointer)

    return check


def one_of(*allowed: str) -> Check:
    def check(value: Any, pointer: str) -> Iterator[str]:
        if value not in allowed:
            yield complaint(f"must be one of {', '.join(allowed)}", pointer)

    return check


def of_type(kind: type) -> Check:
    def check(value: Any, pointer: str) -> Iterator[str]:
        if type(value) is not kind:
            yield complaint(f"must be of type {kind.__name__}", pointer)

    return check


def listed(item: Check, low: int, high: int) -> Check:
    """A list of `low` to `high` items."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield complaint("must be an array", pointer)
            return
        if len(value) > high:
            yield complaint(f"no more than {high} items allowed", pointer)
        if len(value) < low:
            yield complaint(f"no fewer than {low} items allowed", pointer)
        for number, each in enumerate(value):
            yield from item(each, f"{pointer}/{number}")

    return check


def record(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    """An object with these fields and no other; `type` is somebody else's to check."""
    fields = required | (optional or {})

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield complaint("must be an object", pointer)
            return
        for name in required:
            if name not in value:
                yield complaint(f"missing required field: {name}", pointer)
        for name, part in value.items():
            if name in fields:
                yield from fields[name](part, f"{pointer}/{name}")
            elif name != "type":
                yield complaint(f"invalid additional property: {name}", pointer)

    return check


def at_least_one(check: Check, *names: str) -> Check:
    def both(value: Any, pointer: str) -> Iterator[str]:
        yield from check(value, pointer)
        if isinstance(value, dict) and not any(name in value for name in names):
            yield complaint(
                f"must provide at least one of {', '.join(f'`{name}`' for name in names)}", pointer
            )

    return both


def by_type(kinds: dict[str, Check]) -> Check:
    """An object whose `type` says which check is its own."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield complaint("must be an object", pointer)
        elif not isinstance(value.get("type"), str) or value["type"] not in kinds:
            yield complaint(f"unsupported type: {value.get('type')}", f"{pointer}/type")
        else:
            yield from kinds[value["type"]](value, pointer)

    return check
