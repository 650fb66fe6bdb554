"""Calls held against Slack's own description of each method: a folder with one JSON file a method."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.sandbox.messages import Json

EVERYWHERE = {"team_id"}  # Bolt's client adds it to all calls, for apps installed in a whole organisation
JSON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str, int, float),
    "boolean": (bool,),
    "number": (int, float),
    "integer": (int,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


@dataclass(frozen=True, slots=True)
class Violation:
    method: str
    problem: str

    def __str__(self) -> str:
        return f"{self.method}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Sent:
    """A call's arguments, and how they came: as "json" or as a "form" or query, where all is text."""

    method: str
    args: Json
    form: str
    token_given: bool


class Contract:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def methods(self) -> dict[str, Any]:
        return {file.stem: json.loads(file.read_text("utf-8")) for file in sorted(self.folder.glob("*.json"))}

    def scopes(self, method: str) -> frozenset[str]:
        """What a bot's token needs, or any one of several."""
        return frozenset(self.methods[method]["scope"].get("bot", ()))

    def check(self, sent: Sent) -> list[Violation]:
        """What Slack's description of the method does not know, or misses, in a call."""
        described = self.methods.get(sent.method)
        if described is None:
            return [Violation(sent.method, "no such method in the contract")]
        problems = self._arguments(described["args"], sent)
        if sent.form == "json" and not described.get("json_input_supported"):
            problems.append("takes no JSON body")
        return [Violation(sent.method, problem) for problem in problems]

    def _arguments(self, described: Json, sent: Sent) -> list[str]:
        known = described["properties"]
        strange = sent.args.keys() - known.keys() - EVERYWHERE
        problems = [f"unknown argument {name}" for name in sorted(strange)]
        given = set(sent.args) | ({"token"} if sent.token_given else set())
        problems += [
            f"missing argument {name}" for name in described.get("required") or () if name not in given
        ]
        for name, value in sent.args.items():
            if name in known and not _fits(known[name], value, sent.form):
                problems.append(f"{name} is no {_types(known[name])}: {str(value)[:60]!r}")
        return problems


def _types(described: Json) -> set[str]:
    """The JSON types that an argument may have; empty where the contract does not say."""
    kinds = {described["type"]} if "type" in described else set()
    for part in (*described.get("anyOf", ()), *described.get("allOf", ())):
        kinds |= _types(part)
    return kinds


def _fits(described: Json, value: Any, form: str) -> bool:
    if "enum" in described and value not in described["enum"]:
        return False
    kinds = _types(described)
    if not kinds:
        return True
    if form == "form":
        return _reads_as(kinds, str(value))
    if isinstance(value, list | dict) and "JSON" in described.get("desc", ""):
        return True  # a JSON body carries as a structure what a form carries as its text
    return any(
        isinstance(value, JSON_TYPES[kind]) and not (isinstance(value, bool) and kind != "boolean")
        for kind in kinds
    )


def _reads_as(kinds: set[str], value: str) -> bool:
    """Whether a form's text can be one of the types."""
    if kinds & {"string", "array", "object"}:
        return True
    if "boolean" in kinds and value in ("0", "1", "true", "false"):
        return True
    return bool(kinds & {"number", "integer"}) and value.lstrip("-").replace(".", "", 1).isdigit()
