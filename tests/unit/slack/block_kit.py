"""Slack's rules for a message, written down a second time: what a test holds every message against."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block

from bot.model import Message

# Of ours beside links: the channel and the member that only our own tests are about.
MRKDWN_LINK = re.compile(r"<https?://[^\s|<>]+\|[^|<>]+>|<#CHERE1>|<@UHERE1>")
MOMENT = re.compile(r"<!date\^\d+\^[^\^|<>]+\|[\w :/()+-]+>")
UNSEEN = {"Cc", "Cf", "Cs"}


def check_message(message: Message) -> None:
    """Limits, shape, round trip through slack_sdk, and nothing live from outside."""
    assert 1 <= len(message.text) <= 4_000
    check_inert(message.text)
    assert len(message.blocks) <= 50
    assert sum(map(len, strings(message.blocks, {"text", "url"}))) <= 10_000
    check_blocks(message.blocks)


def check_view(view: Mapping[str, Any]) -> None:
    assert view["type"] == "home"
    assert 1 <= len(view["blocks"]) <= 100
    assert len(str(view)) < 250_000
    check_blocks(view["blocks"])


def check_blocks(blocks: Sequence[Mapping[str, Any]]) -> None:
    assert blocks
    for block in blocks:
        BLOCKS[block["type"]](block)
    assert [parsed.to_dict() for parsed in Block.parse_all([dict(block) for block in blocks])] == list(blocks)


def check_inert(mrkdwn: str) -> None:
    """Nothing but our own links: no mention, no channel, no command, no bare address, nothing unseen."""
    rest = MOMENT.sub("", MRKDWN_LINK.sub("", mrkdwn))
    assert "<" not in rest and ">" not in rest
    assert not re.search(r"&(?!amp;|lt;|gt;)", rest)
    assert not re.search(r"[@#]\w|://", rest)
    assert_seen(mrkdwn.replace("\u2060", ""))


def assert_seen(text: str) -> None:
    assert not [char for char in text if unicodedata.category(char) in UNSEEN and char != "\n"]


def strings(node: Any, keys: set[str]) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key in keys and isinstance(value, str):
                yield value
            else:
                yield from strings(value, keys)
    elif isinstance(node, list | tuple):
        for item in node:
            yield from strings(item, keys)


def every(node: Any) -> Iterator[Mapping[str, Any]]:
    """Each object of the blocks, the outer ones first."""
    if isinstance(node, Mapping):
        yield node
        node = tuple(node.values())
    if isinstance(node, list | tuple):
        for item in node:
            yield from every(item)


def buttons(message: Message) -> dict[str, str]:
    """The value of each button, by its text; of several with one text, the first's."""
    found: dict[str, str] = {}
    for node in every(message.blocks):
        if node.get("type") == "button":
            found.setdefault(node["text"]["text"], node["value"])
    return found


def shown(message: Message) -> list[str]:
    return list(strings(message.blocks, {"text"}))


def links(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    """Addresses that rich_text links lead to."""
    return list(strings(blocks, {"url"}))


def text_object(text: Mapping[str, Any], limit: int, *, kinds: tuple[str, ...] = ("plain_text",)) -> None:
    assert text["type"] in kinds
    assert 1 <= len(text["text"]) <= limit
    if text["type"] == "mrkdwn":
        assert set(text) == {"type", "text", "verbatim"} and text["verbatim"] is True
        check_inert(text["text"])
    else:
        assert set(text) <= {"type", "text", "emoji"}
        assert_seen(text["text"])


def section(block: Mapping[str, Any]) -> None:
    assert set(block) <= {"type", "text", "accessory"}
    text_object(block["text"], 3_000, kinds=("plain_text", "mrkdwn"))
    if "accessory" in block:
        element(block["accessory"])


def header(block: Mapping[str, Any]) -> None:
    assert set(block) == {"type", "text"}
    text_object(block["text"], 150)


def context(block: Mapping[str, Any]) -> None:
    assert set(block) == {"type", "elements"} and 1 <= len(block["elements"]) <= 10
    for text in block["elements"]:
        text_object(text, 3_000, kinds=("plain_text", "mrkdwn"))


def actions(block: Mapping[str, Any]) -> None:
    assert set(block) == {"type", "elements"} and 1 <= len(block["elements"]) <= 25
    for each in block["elements"]:
        element(each)
    ids = [each["action_id"] for each in block["elements"]]
    assert len(ids) == len(set(ids))


def divider(block: Mapping[str, Any]) -> None:
    assert set(block) == {"type"}


def element(shape: Mapping[str, Any]) -> None:
    assert 1 <= len(shape["action_id"]) <= 255
    if shape["type"] == "timepicker":
        assert set(shape) == {"type", "action_id", "placeholder", "initial_time"}
        assert re.fullmatch(r"[0-2]\d:[0-5]\d", shape["initial_time"])
        return
    if shape["type"] == "static_select":
        assert set(shape) - {"initial_option"} <= {
            "type",
            "action_id",
            "placeholder",
            "options",
            "option_groups",
        }
        assert "initial_option" not in shape or shape["initial_option"] in shape["options"]
        text_object(shape["placeholder"], 150)
        assert ("options" in shape) != ("option_groups" in shape)
        for group in shape.get("option_groups", ()):
            text_object(group["label"], 75)
            options(group["options"], 100)
        if "options" in shape:
            options(shape["options"], 100)
        return
    if shape["type"] == "overflow":
        assert set(shape) == {"type", "action_id", "options"}
        options(shape["options"], 5)
        return
    assert shape["type"] == "button"
    assert set(shape) <= {"type", "text", "action_id", "value", "accessibility_label", "style", "confirm"}
    if dialog := shape.get("confirm"):
        for part, limit in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
            text_object(dialog[part], limit)
    text_object(shape["text"], 75)
    assert 1 <= len(shape["value"]) <= 2_000
    assert len(shape.get("accessibility_label", "-")) in range(1, 76)


def options(listed: Sequence[Mapping[str, Any]], most: int) -> None:
    assert 1 <= len(listed) <= most
    for option in listed:
        text_object(option["text"], 75)
        assert 1 <= len(option["value"]) <= 150


def rich_text(block: Mapping[str, Any]) -> None:
    assert set(block) == {"type", "elements"} and block["elements"]
    for part in block["elements"]:
        if part["type"] == "rich_text_list":
            assert part["style"] in ("bullet", "ordered") and part["elements"]
            for item in part["elements"]:
                rich_text_section(item)
        else:
            rich_text_section(part)


def rich_text_section(part: Mapping[str, Any]) -> None:
    assert part["type"] == "rich_text_section" and part["elements"]
    for run in part["elements"]:
        if run["type"] == "channel":
            assert re.fullmatch(r"[CDG][A-Z0-9]+", run["channel_id"])
            continue
        if run["type"] == "user":
            assert re.fullmatch(r"[UW][A-Z0-9]+", run["user_id"])
            continue
        assert run["type"] in ("text", "link") and run["text"]
        assert_seen(run["text"])
        if run["type"] == "link":
            assert re.fullmatch(r"https?://[!-~]{1,2990}", run["url"])


BLOCKS = {
    "section": section,
    "header": header,
    "context": context,
    "actions": actions,
    "divider": divider,
    "rich_text": rich_text,
}
