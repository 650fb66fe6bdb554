"""The parts of blocks that a member can act on: finding them, and what acting on them sends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import SandboxError
from bot.sandbox.messages import Json

# Where an element's value stands, in its own `initial_…` and in what it sends.
VALUE_KEYS = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
}


@dataclass(frozen=True, slots=True)
class Found:
    """An element and the block it stands in."""

    block: Json
    element: Json

    @property
    def action_id(self) -> str:
        return str(self.element["action_id"])


def with_block_ids(blocks: Sequence[Json], seed: str) -> list[Json]:
    """The blocks with the ids that Slack makes up, anew for each `seed`, where the app gave none."""
    return [_identified(block, f"{seed}-{number}") for number, block in enumerate(blocks)]


def _identified(block: Json, default: str) -> Json:
    named = {"block_id": default, **block}
    if block["type"] == "actions":
        named["elements"] = [_acting(each, f"{default}-{n}") for n, each in enumerate(block["elements"])]
    for place in ("accessory", "element"):
        if place in block:
            named[place] = _acting(block[place], f"{default}-0")
    return named


def _acting(element: Json, default: str) -> Json:
    return element if element["type"] == "image" else {"action_id": default, **element}


def interactive(blocks: Iterable[Json]) -> Iterator[Found]:
    """Everything that can be pressed, chosen or typed into, in the order it is shown."""
    for block in blocks:
        elements = block["elements"] if block["type"] == "actions" else ()
        for element in (*elements, block.get("accessory"), block.get("element")):
            if element and "action_id" in element:
                yield Found(block, element)


def find(blocks: Iterable[Json], action_id: str | None, value: Any, block_id: str | None = None) -> Found:
    """The element a member means: by its action_id, by the value it offers, or both; in one block or any."""
    there = list(interactive(blocks))
    for found in there:
        meant = action_id in (None, found.action_id) and block_id in (None, found.block["block_id"])
        if meant and _offers(found.element, value):
            return found
    offered = ", ".join(f"{found.action_id} ({found.element['type']})" for found in there) or "nothing"
    raise SandboxError(f"No element {action_id or ''} offering {value!r} to press; there is {offered}.")


def _offers(element: Json, value: Any) -> bool:
    if value is None:
        return True
    if element["type"] == "button":
        return bool(element.get("value") == value)
    wanted = value if isinstance(value, list | tuple) else [value]
    return not VALUE_KEYS[element["type"]].startswith("selected_option") or set(wanted) <= set(
        _options(element)
    )


def is_external(element: Json) -> bool:
    """Whether its options are asked of the app."""
    return bool(element["type"].endswith("external_select"))


def with_options(blocks: Iterable[Json], known: Mapping[tuple[str, str], Sequence[Json]]) -> list[Json]:
    """The blocks with what the app suggested for their external selects, by block_id and action_id."""
    return [
        block
        | {
            place: _suggested(block, block[place], known)
            for place in ("accessory", "element")
            if place in block
        }
        | (
            {"elements": [_suggested(block, each, known) for each in block["elements"]]}
            if block["type"] == "actions"
            else {}
        )
        for block in blocks
    ]


def _suggested(block: Json, element: Json, known: Mapping[tuple[str, str], Sequence[Json]]) -> Json:
    if not is_external(element):
        return element
    initial = element.get("initial_options") or [element.get("initial_option")]
    options = known.get((block["block_id"], element["action_id"]), ())
    return element | {"options": [*filter(None, initial), *options]}


def _options(element: Json) -> dict[str, Json]:
    groups = element.get("option_groups", [])
    options = element.get("options") or [option for group in groups for option in group["options"]]
    return {option["value"]: option for option in options}


def entered(element: Json, value: Any) -> Json:
    """What Slack reports of an element once a member has put `value` in: ids, texts, or values of options."""
    key = VALUE_KEYS[element["type"]]
    options = _options(element)
    if key.startswith("selected_option") and value and not _offers(element, value):
        raise SandboxError(f"{element['action_id']} offers no {value!r}; there is {', '.join(options)}.")
    if key == "selected_option":
        value = options.get(value)
    elif key == "selected_options":
        value = [options[each] for each in value]
    return {"type": element["type"], key: value}


def action(found: Found, value: Any, action_ts: str) -> Json:
    """One entry of `actions` in a block_actions payload."""
    element = found.element
    done = {"action_id": found.action_id, "block_id": found.block["block_id"], "action_ts": action_ts}
    if element["type"] == "button":
        kept: Json = {key: element[key] for key in ("text", "value", "url", "style") if key in element}
        return kept | {"type": "button"} | done
    return entered(element, value) | done


def initial_key(kind: str) -> str:
    """Where an element says what stands in it at first."""
    key = VALUE_KEYS[kind]
    return "initial_value" if key == "value" else key.replace("selected", "initial")


def initial_state(blocks: Iterable[Json], channel: str | None = None) -> Json:
    """`state.values` of a view or message as first shown, over a conversation."""
    state: Json = {}
    for found in interactive(blocks):
        kind = found.element["type"]
        if kind in ("button", "overflow"):
            continue
        key = VALUE_KEYS[kind]
        initial = found.element.get(initial_key(kind))
        if found.element.get("default_to_current_conversation") and initial is None:
            initial = [channel] if kind.startswith("multi_") and channel else channel
        empty: Any = [] if key.endswith("s") else None
        state.setdefault(found.block["block_id"], {})[found.action_id] = {
            "type": kind,
            key: empty if initial is None else initial,
        }
    return state


def filled_state(blocks: Sequence[Json], state: Json, values: Mapping[str, Any]) -> Json:
    """`state.values` after a member entered `values`, by action_id or block_id."""
    filled = {block: dict(parts) for block, parts in state.items()}
    used = set()
    for found in interactive(blocks):
        name = found.action_id if found.action_id in values else found.block["block_id"]
        if name in values:
            filled[found.block["block_id"]][found.action_id] = entered(found.element, values[name])
            used.add(name)
    unknown = set(values) - used
    if unknown:
        raise SandboxError(f"The view has no input {', '.join(sorted(unknown))}.")
    return filled


def refuse_incomplete(blocks: Sequence[Json], filled: Json) -> None:
    """What Slack's client says of an input that is left empty, or is too short or too long."""
    for block in blocks:
        for part in filled.get(block["block_id"], {}).values() if block["type"] == "input" else ():
            value = part[VALUE_KEYS[part["type"]]]
            if not value and not block.get("optional"):
                raise SandboxError(f"Please complete the required field “{block['label']['text']}”.")
            low, high = block["element"].get("min_length", 0), block["element"].get("max_length", 3000)
            if part["type"] == "plain_text_input" and value and not low <= len(value) <= high:
                raise SandboxError(f"“{block['label']['text']}” takes {low} to {high} characters.")
