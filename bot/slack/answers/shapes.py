"""What an answer may be beside a message, and what a member filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.model import Message
from bot.slack import ids
from bot.slack.blocks.kit import Block


@dataclass(frozen=True, slots=True)
class Modal:
    """A view to open; pressed in a modal, it lies on that one, and submitted from one, it takes its place."""

    view: Block


@dataclass(frozen=True, slots=True)
class Mistakes:
    """What is wrong with a form: a sentence an input, by its block_id."""

    sentences: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Share:
    """What goes to the conversation that a form names, once, however often the form is sent."""

    message: Message


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it stands: what each input holds, by its block_id, and what the form was opened with."""

    values: Mapping[str, Any] = field(default_factory=dict)  # str, list of str, or None where it is empty
    about: str = ""


Answer = Message | Modal
Submitted = Modal | Mistakes | Share


def read(view: Mapping[str, Any]) -> Filled:
    """The view of a request. Menus answer with the values of their options."""
    state = (view.get("state") or {}).get("values") or {}
    values = {block: entered(next(iter(inputs.values()), {})) for block, inputs in state.items()}
    about, _ = ids.read_window(str(view.get("private_metadata") or ""))
    return Filled(values, about)


def entered(element: Mapping[str, Any]) -> Any:
    """What a press or an input says: a button's value, a choice in a menu, what was typed."""
    if "selected_options" in element:
        return [option["value"] for option in element["selected_options"] or ()]
    if option := element.get("selected_option"):
        return option["value"]
    return next(
        (element[name] for name in ("value", "selected_time", "selected_conversation") if element.get(name)),
        None,
    )
