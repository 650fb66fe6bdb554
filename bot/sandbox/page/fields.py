"""Block Kit's elements as controls of a form: what they are called there, offer, and come back as."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from multidict import MultiMapping

from bot.sandbox.elements import VALUE_KEYS, Found, entered, initial_key, interactive
from bot.sandbox.errors import SandboxError
from bot.sandbox.messages import Json
from bot.sandbox.workspace import Workspace

MENUS = ("static_select", "users_select", "channels_select", "conversations_select", "overflow")
LISTS = tuple(f"multi_{kind}" for kind in MENUS[:-1])
EXTERNALS = ("external_select", "multi_external_select")
HTML_TYPES = {
    "email_text_input": "email",
    "url_text_input": "url",
    "number_input": "number",
    "datepicker": "date",
    "timepicker": "time",
    "datetimepicker": "datetime-local",
}
MOMENT = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose; `text` is a text object, or None where `name` says it all."""

    value: str
    name: str
    text: Json | None = None
    description: Json | None = None
    url: str | None = None
    group: str | None = None


def control_name(block: Json, element: Json) -> str:
    return json.dumps([block["block_id"], element["action_id"]])


def press_value(block: Json, element: Json, *value: str | None) -> str:
    """What acting on an element sends; without a value, that of its control counts."""
    return json.dumps([block["block_id"], element["action_id"], *value])


def choices(element: Json, workspace: Workspace) -> list[Choice]:
    """What a menu, a list, check boxes or radio buttons offer."""
    kind = element["type"].removeprefix("multi_")
    if kind == "users_select":
        return [Choice(user.id, user.real_name) for user in workspace.users.values()]
    if kind in ("channels_select", "conversations_select"):
        there = (channel for channel in workspace.channels.values() if not channel.peer)
        return [Choice(channel.id, f"#{channel.name}") for channel in there]
    groups: Iterable[Json] = element.get("option_groups") or [{"options": element.get("options", ())}]
    return [_choice(option, group) for group in groups for option in group["options"]]


def _choice(option: Json, group: Json) -> Choice:
    label = group["label"]["text"] if "label" in group else None
    shown = (option["text"], option.get("description"), option.get("url"))
    return Choice(option["value"], option["text"]["text"], *shown, group=label)


def chosen(element: Json, state: Json) -> list[str]:
    """The values that are chosen or entered, as the form has them."""
    key = VALUE_KEYS[element["type"]]
    value = state.get(element["action_id"], {}).get(key) or element.get(initial_key(element["type"]))
    if value is None:
        return []
    values = value if isinstance(value, list) else [value]
    return [each["value"] if isinstance(each, dict) else str(each) for each in values]


def external_name(element: Json, state: Json) -> str:
    """What the option is called that is chosen in an external select."""
    key = VALUE_KEYS[element["type"]]
    value = state.get(element["action_id"], {}).get(key) or element.get(initial_key(element["type"])) or []
    options = value if isinstance(value, list) else [value]
    return ", ".join(option["text"]["text"] for option in options)


def local_moment(timestamp: str, tz: str) -> str:
    return dt.datetime.fromtimestamp(int(timestamp), ZoneInfo(tz)).strftime(MOMENT)


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that came back, from a member in the time zone `tz`."""

    form: MultiMapping[Any]
    tz: str

    def pressed(self, blocks: Iterable[Json]) -> tuple[Found, Any]:
        """The element that was acted on, and the value chosen or entered there."""
        block_id, action_id, *value = _ids(str(self.form["press"]))
        for found in interactive(blocks):
            if (found.block["block_id"], found.action_id) == (block_id, action_id):
                return found, value[0] if value else self._value(found)
        raise SandboxError("That is no longer there to press.")

    def inputs(self, blocks: Iterable[Json]) -> Mapping[str, Any]:
        """What stands in a modal's inputs, by block_id."""
        return {found.block["block_id"]: self._value(found) for found in _inputs(blocks)}

    def typed(self, blocks: Iterable[Json], state: Json) -> Json:
        """`state.values` with what stands in the inputs as yet, whether or not it is complete."""
        filled = {block: dict(parts) for block, parts in state.items()}
        for found in _inputs(blocks):
            value = entered(found.element, self._value(found))
            filled.setdefault(found.block["block_id"], {})[found.action_id] = value
        return filled

    def _value(self, found: Found) -> Any:
        name, kind = control_name(found.block, found.element), found.element["type"]
        if VALUE_KEYS[kind].endswith("s"):
            return [str(each) for each in self.form.getall(name, []) if each]
        value = str(self.form.get(name, "")) or None
        if value and kind == "datetimepicker":
            return int(dt.datetime.strptime(value, MOMENT).replace(tzinfo=ZoneInfo(self.tz)).timestamp())
        return value


def _inputs(blocks: Iterable[Json]) -> Iterator[Found]:
    return (found for found in interactive(blocks) if found.block["type"] == "input")


def _ids(text: str) -> list[Any]:
    try:
        ids = json.loads(text)
    except ValueError:
        ids = None
    if not isinstance(ids, list) or len(ids) not in (2, 3):
        raise SandboxError("That is nothing to press.")
    return ids
