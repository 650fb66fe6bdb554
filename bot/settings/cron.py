"""Cron lines, checked where they are written down and not when the scheduler meets them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day of month", 1, 31), ("month", 1, 12), ("weekday", 0, 7))
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
PART = re.compile(r"(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cron:
    """Five fields, weekdays by name: APScheduler counts them from Monday, cron itself from Sunday."""

    line: str


def read_cron(line: str) -> Cron:
    fields = line.lower().split()
    if len(fields) != len(FIELDS):
        raise ValueError(
            f'"{line}" has {len(fields)} fields, and a cron line has five: minute, hour, day of month, month'
            ' and weekday, such as "*/10 12-22 * * 1-5"'
        )
    for number, name in enumerate(WEEKDAYS):
        fields[4] = fields[4].replace(name, str(number))
    numbers = [_numbers(field, *bounds) for field, bounds in zip(fields, FIELDS, strict=True)]
    if fields[4] != "*":
        fields[4] = ",".join(WEEKDAYS[day] for day in sorted({number % 7 for number in numbers[4]}))
    return Cron(" ".join(fields))


def _numbers(field: str, name: str, low: int, high: int) -> list[int]:
    numbers: list[int] = []
    for part in field.split(","):
        match = PART.fullmatch(part)
        if not match or not (these := _range(match, low, high)):
            raise ValueError(f'"{part}" can\'t be the {name} of a cron line, which goes from {low} to {high}')
        numbers += these
    return numbers


def _range(match: re.Match[str], low: int, high: int) -> range:
    """Empty where a number is out of bounds; a step wider than its range is one, as for APScheduler."""
    first, last, step = (int(group) if group else None for group in match.groups())
    if first is None:
        first, last = low, high
    elif last is None:
        last = high if step else first
    if not low <= first <= last <= high or (step is not None and not 1 <= step <= last - first):
        return range(0)
    return range(first, last + 1, step or 1)
