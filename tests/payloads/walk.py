"""Slack's limits, and its traps for text from outside, walked over a payload: a table of its own on purpose.

Neither the bot's limits nor the sandbox's are known here; both are held against these.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]

TEXTS: Mapping[str, Mapping[str, int]] = {  # most characters of a text object, by the type it stands in
    "section": {"text": 3000},
    "header": {"text": 150},
    "button": {"text": 75},
    "image": {"title": 2000},
    "input": {"label": 2000, "hint": 2000},
    "modal": {"title": 24, "submit": 24, "close": 24},
}
MRKDWN_IN = {("section", "text"), ("section", "fields"), ("context", "elements"), ("confirm", "text")}
MRKDWN_OPTIONS = ("checkboxes", "radio_buttons")
STRINGS: Mapping[str, int] = {  # most characters of a plain string, wherever it stands
    "block_id": 255,
    "action_id": 255,
    "callback_id": 255,
    "external_id": 255,
    "private_metadata": 3000,
    "url": 3000,
    "image_url": 3000,
    "alt_text": 2000,
    "accessibility_label": 75,
}
LISTS: Mapping[str, Mapping[str, int]] = {
    "section": {"fields": 10},
    "context": {"elements": 10},
    "actions": {"elements": 25},
    "home": {"blocks": 100},
    "modal": {"blocks": 100},
    "static_select": {"options": 100, "option_groups": 100},
    "multi_static_select": {"options": 100, "option_groups": 100},
    "overflow": {"options": 5},
    "checkboxes": {"options": 10},
    "radio_buttons": {"options": 10},
}
CONFIRM = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
MESSAGE_BLOCKS, MESSAGE_WEIGHT, MESSAGE_TEXT, VIEW_BYTES = 50, 10_000, 4_000, 250_000
# Controls, bidi overrides and marks, zero-width space, byte order mark; joiners are parts of emoji and words.
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u200b\ufeff]")


def message_problems(message: Json) -> Iterator[str]:
    """Of a chat.* call, a response_url's body or an ack: what Slack would refuse, or wrongly obey."""
    blocks = message.get("blocks") or []
    text = message.get("text") or ""
    if len(text) > MESSAGE_TEXT:
        yield f"text of {len(text)} characters"
    if len(blocks) > MESSAGE_BLOCKS:
        yield f"{len(blocks)} blocks in a message"
    if blocks and not text:
        yield "blocks without the text that screen readers and notifications read"
    weight = sum(len(each) for each in _strings(blocks))
    if weight > MESSAGE_WEIGHT:
        yield f"{weight} characters in the blocks of a message"
    if message.get("link_names") or message.get("parse") == "full":
        yield "link_names or parse=full, which make outside text ping"
    yield from _unseen(text, "text")
    yield from blocks_problems(blocks)


def blocks_problems(blocks: list[Json]) -> Iterator[str]:
    for name in _twice(block.get("block_id") for block in blocks):
        yield f"block_id {name} twice"
    for number, block in enumerate(blocks):
        yield from _node(block, f"blocks/{number}", "")


def view_problems(view: Json) -> Iterator[str]:
    size = len(json.dumps(view))
    if size > VIEW_BYTES:
        yield f"a view of {size} bytes"
    if view["type"] == "modal" and "submit" not in view and "input" in [b["type"] for b in view["blocks"]]:
        yield "inputs in a modal without a submit"
    yield from _fields({key: value for key, value in view.items() if key != "blocks"}, "view", "")
    yield from _listed(view, "blocks", LISTS[view["type"]]["blocks"], "view")
    yield from blocks_problems(view["blocks"])


def option_problems(option: Json, path: str, owner: str = "") -> Iterator[str]:
    kinds = ("plain_text", "mrkdwn") if owner in MRKDWN_OPTIONS else ("plain_text",)
    for key in ("text", "description"):
        if key in option:
            yield from _text(option[key], 75, f"{path}/{key}", kinds)
    if not 1 <= len(option["value"]) <= 150:
        yield f"{path}/value of {len(option['value'])} characters"


def _node(node: Any, path: str, key: str) -> Iterator[str]:
    if isinstance(node, list):
        for number, each in enumerate(node):
            yield from _node(each, f"{path}/{number}", key)
    elif isinstance(node, Mapping):
        yield from _fields(node, path, key)
        for name, value in node.items():
            yield from _node(value, f"{path}/{name}", name)


def _fields(node: Json, path: str, key: str) -> Iterator[str]:
    """One object's own limits; `key` is the name it stands under."""
    kind = "confirm" if key == "confirm" and "deny" in node else node.get("type", "")
    for name, most in (CONFIRM if kind == "confirm" else TEXTS.get(kind, {})).items():
        if name in node:
            kinds = ("plain_text", "mrkdwn") if (kind, name) in MRKDWN_IN else ("plain_text",)
            yield from _text(node[name], most, f"{path}/{name}", kinds)
    for name, most in STRINGS.items():
        if isinstance(node.get(name), str) and len(node[name]) > most:
            yield f"{path}/{name} of {len(node[name])} characters"
    for name, most in LISTS.get(kind, {}).items():
        yield from _listed(node, name, most, path)
    if "placeholder" in node:
        yield from _text(node["placeholder"], 150, f"{path}/placeholder", ("plain_text",))
    if kind == "button" and len(node.get("value", "")) > 2000:
        yield f"{path}/value of {len(node['value'])} characters"
    if kind == "image" and not node.get("alt_text"):
        yield f"{path} without alt_text"
    yield from _inside(node, kind, path)
    for name in ("url", "image_url"):
        if isinstance(node.get(name), str) and not re.match(r"https?://[^\s<>|]+\Z", node[name]):
            yield f"{path}/{name} is no web address: {node[name][:60]!r}"


def _inside(node: Json, kind: str, path: str) -> Iterator[str]:
    for number, text in enumerate(node.get("fields", ()) if kind == "section" else ()):
        yield from _text(text, 2000, f"{path}/fields/{number}", ("plain_text", "mrkdwn"))
    for number, each in enumerate(node.get("elements", ()) if kind == "context" else ()):
        if each["type"] != "image":
            yield from _text(each, 3000, f"{path}/elements/{number}", ("plain_text", "mrkdwn"))
    if kind == "actions":
        for name in _twice(each.get("action_id") for each in node["elements"]):
            yield f"{path}: action_id {name} twice in a block"
    if kind == "text":  # of rich_text
        yield from _unseen(node["text"], path) if node["text"] else iter([f"{path} is empty"])
    for name in ("options", "initial_options"):
        for number, option in enumerate(node.get(name, ())):
            yield from option_problems(option, f"{path}/{name}/{number}", kind)
    for number, group in enumerate(node.get("option_groups", ())):
        yield from _text(group["label"], 75, f"{path}/option_groups/{number}/label", ("plain_text",))


def _text(text: Json, most: int, path: str, kinds: tuple[str, ...]) -> Iterator[str]:
    if text.get("type") not in kinds:
        yield f"{path} is {text.get('type')}, not {' or '.join(kinds)}"
    if not 1 <= len(text["text"]) <= most:
        yield f"{path} of {len(text['text'])} characters, not 1 to {most}"
    if text.get("type") == "mrkdwn" and text.get("verbatim") is not True:
        yield f"{path} is not verbatim, so that a plain @here in it pings"
    yield from _unseen(text["text"], path)


def _listed(node: Json, name: str, most: int, path: str) -> Iterator[str]:
    if name in node and not 1 <= len(node[name]) <= most:
        yield f"{path}/{name}: {len(node[name])} items, not 1 to {most}"


def _unseen(text: str, path: str) -> Iterator[str]:
    if found := UNSEEN.search(text):
        yield f"{path} holds an unseen U+{ord(found[0]):04X}"


def _twice(names: Iterator[Any]) -> list[str]:
    return [name for name, count in Counter(filter(None, names)).items() if count > 1]


def _strings(node: Any) -> Iterator[str]:
    """What counts to a message's weight: texts, and the addresses of rich text's links."""
    if isinstance(node, list):
        for each in node:
            yield from _strings(each)
    elif isinstance(node, Mapping):
        for name, value in node.items():
            if isinstance(value, str) and (name == "text" or (name == "url" and node.get("type") == "link")):
                yield value
            elif not isinstance(value, str):
                yield from _strings(value)
