"""The few Block Kit shapes that Paperboy uses, each safe for text from outside and within its own limit.

`plain` and the rich_text shapes take raw text. `mrkdwn` takes text that `escape`, `code` or `link` made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.slack import limits
from bot.slack.text import NOTHING, clean, linkable, shorten

Block = dict[str, Any]


def plain(text: str, limit: int = limits.TEXT) -> Block:
    return {"type": "plain_text", "text": shorten(clean(text), limit) or NOTHING, "emoji": False}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": shorten(text, limits.TEXT) or NOTHING, "verbatim": True}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, limits.HEADER)}


def divider() -> Block:
    return {"type": "divider"}


def section(text: Block, accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": text}
    return block if accessory is None else block | {"accessory": accessory}


def context(*elements: Block) -> Block:
    return {"type": "context", "elements": list(elements[: limits.CONTEXT_ELEMENTS])}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements[: limits.ACTIONS_ELEMENTS])}


def button(text: str, action_id: str, value: str, label: str = "") -> Block:
    """`label` is what a screen reader says where the text alone could mean any of several buttons."""
    shape: Block = {"type": "button", "text": plain(text, 40), "action_id": action_id, "value": value}
    spoken = shorten(clean(label), limits.BUTTON_TEXT)
    return shape | {"accessibility_label": spoken} if spoken else shape


def select(placeholder: str, action_id: str, options: Mapping[str, str]) -> Block:
    """`options`: from what is shown to the value."""
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder),
        "options": choices(options),
    }


def grouped(placeholder: str, action_id: str, groups: Mapping[str, Mapping[str, str]]) -> Block:
    """A select in groups, by their names; one alone needs no name."""
    listed = {name: options for name, options in groups.items() if options}
    if len(listed) == 1:
        return select(placeholder, action_id, *listed.values())
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder),
        "option_groups": [
            {"label": plain(name, limits.OPTION_TEXT), "options": choices(options)}
            for name, options in listed.items()
        ],
    }


def overflow(action_id: str, options: Mapping[str, str]) -> Block:
    """The menu ⋯ of what is seldom wanted."""
    return {"type": "overflow", "action_id": action_id, "options": choices(options)}


def choices(options: Mapping[str, str]) -> list[Block]:
    return [option(shown, value) for shown, value in options.items()]


def words(text: str, **style: bool) -> Block:
    """A run of text in a rich_text section; kept as it is, so that it may start or end with a space."""
    run: Block = {"type": "text", "text": text or NOTHING}
    return run | {"style": style} if style else run


def anchor(url: str | None, label: str, **style: bool) -> Block:
    """A link in a rich_text section; just the label where there is no address to go to."""
    address = linkable(url)
    if address is None:
        return words(label, **style)
    link: Block = {"type": "link", "url": address, "text": label or address}
    return link | {"style": style} if style else link


def user(member: str) -> Block:
    """A mention, in a rich_text section: only for ids that Slack gave us."""
    return {"type": "user", "user_id": member}


def run(*parts: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(parts)}


def bullets(items: Sequence[Block]) -> Block:
    return {"type": "rich_text_list", "style": "bullet", "elements": list(items)}


def numbered(items: Sequence[Block], start: int) -> Block:
    return {"type": "rich_text_list", "style": "ordered", "offset": start - 1, "elements": list(items)}


def rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def confirm(title: str, text: str, yes: str, no: str) -> Block:
    """What asks once more before a button that takes something away."""
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
        "style": "danger",
    }


def option(text: str, value: str, description: str = "") -> Block:
    shape: Block = {"text": plain(text, limits.OPTION_TEXT), "value": value}
    return shape | {"description": plain(description, limits.OPTION_TEXT)} if description else shape


def field(block_id: str, label: str, element: Block, **given: Any) -> Block:
    """An input of a form; `block_id` is by what its value comes back. `hint` is a text."""
    hint = {"hint": plain(given.pop("hint"))} if given.get("hint") else {}
    named: Block = {"type": "input", "block_id": block_id, "label": plain(label), "element": element}
    return named | hint | given
