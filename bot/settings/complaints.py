"""What pydantic found, as sentences an operator can act on: where, what is wrong, what is likely meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.settings.environment import Settings
from bot.settings.tables import (
    DeliverySettings,
    FeedSettings,
    FolderSettings,
    GithubSettings,
    MembersSettings,
    UrlSettings,
)
from bot.settings.values import near

FILE_KEYS = ("sources", "feeds", "delivery", "members")
VARIABLES = tuple(
    str(field.validation_alias) for name, field in Settings.model_fields.items() if name not in FILE_KEYS
)
PREFIX = "PAPERBOY_"
KINDS: dict[str, type[BaseModel]] = {"github": GithubSettings, "folder": FolderSettings, "url": UrlSettings}
TABLES: dict[str, type[BaseModel]] = {
    "feeds": FeedSettings,
    "delivery": DeliverySettings,
    "members": MembersSettings,
    **KINDS,
}


def complaints(error: ValidationError, file: Path, written: Mapping[str, Any]) -> Iterator[str]:
    """A line for each error; `written` is what the file says, for the names of its tables."""
    for found in error.errors():
        where = found["loc"]
        if found["type"] == "default_factory_not_called":  # another variable's error says it already
            continue
        if where[0] in VARIABLES:
            yield f"{where[0]}: {_wrong(found)}"
        else:
            yield f"{file}: {_place(where, written)}: {_wrong(found)}"


def misplaced(file: Path, variable: str) -> str:
    return f"{file}: {variable} belongs in the environment or in .env, not in this file"


def stranger(variable: str) -> str:
    """Of a variable that is named like ours, and is none."""
    ours = [name.removeprefix(PREFIX) for name in VARIABLES if name.startswith(PREFIX)]
    hint = near(variable.upper().removeprefix(PREFIX), ours, PREFIX)
    return (
        f"there is no variable {variable}{hint or '; those are ' + ', '.join(PREFIX + name for name in ours)}"
    )


def _place(where: tuple[int | str, ...], written: Mapping[str, Any]) -> str:
    """`[[sources]] "local", poll`: one table of several goes by its name or channel, else its number."""
    top, rest = where[0], where[1:]
    if top not in FILE_KEYS:
        return str(top)
    table = f"[{top}]"
    if rest and isinstance(rest[0], int):
        entry = written[str(top)][rest[0]]
        name = isinstance(entry, dict) and (entry.get("name") or entry.get("channel"))
        table = f'[[{top}]] "{name}"' if name else f"[[{top}]] no. {rest[0] + 1}"
        rest = rest[2:] if rest[1:2] and rest[1] in KINDS else rest[1:]
    return ", ".join([table, *map(str, rest)])


def _wrong(found: ErrorDetails) -> str:
    where, value = found["loc"], found["input"]
    match found["type"]:
        case "value_error":
            return str(found["ctx"]["error"])
        case "extra_forbidden":
            known = _known_keys(where)
            hint = near(str(where[-1]), known) or f"; the keys are {', '.join(known)}"
            return f"there is no such key{hint}"
        case "missing":
            return f"is missing; write one, such as {where[-1]} = {_example(where)}"
        case "union_tag_not_found":
            return f"kind is missing; write kind = {_either(KINDS)}"
        case "union_tag_invalid":
            return f"kind is to be {_either(KINDS)}" + near(str(found["ctx"]["tag"]), KINDS)
        case "literal_error" | "enum":
            choices = re.findall(r"'(\w+)'", found["ctx"]["expected"])
            return f'"{value}" is not {_either(choices)}' + near(str(value), choices)
        case "tuple_type":
            return f"write [[{where[0]}]], with two brackets, once for each"
        case "model_type" | "model_attributes_type":
            table = f"[[{where[0]}]]" if len(where) > 1 else f"[{where[0]}]"
            return f"write {table} on a line of its own, and its keys below it"
        case "string_type" | "path_type":
            return f"is to be a text in quotes, and {value!r} is not"
        case "string_too_short":
            return "is empty; write a text in quotes"
        case _:
            return found["msg"]


def _table(where: tuple[int | str, ...]) -> type[BaseModel] | None:
    return next((TABLES[str(part)] for part in reversed(where[:-1]) if str(part) in TABLES), None)


def _known_keys(where: tuple[int | str, ...]) -> tuple[str, ...]:
    table = _table(where)
    return tuple(table.model_fields) if table else FILE_KEYS


def _example(where: tuple[int | str, ...]) -> str:
    table = _table(where)
    field = table.model_fields[str(where[-1])] if table else None
    return f'"{field.examples[0]}"' if field and field.examples else '"…"'


def _either(words: Iterable[str]) -> str:
    quoted = [f'"{word}"' for word in words]
    return ", ".join(quoted[:-1]) + " or " + quoted[-1]
