"""What Slack would refuse, the sandbox refuses in the same words; what Slack takes, it takes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.errors import SlackError
from bot.sandbox.limits import check_blocks, check_length, check_metadata, check_view

PLAIN = {"type": "plain_text", "text": "Save"}
BUTTON = {"type": "button", "action_id": "save", "text": PLAIN}
OPTION = {"text": PLAIN, "value": "1"}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str = "Hello", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}} | more


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def context(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "context", "elements": list(elements)}


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


REFUSED = {
    "empty text": (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    "long text": (
        section("x" * 3001),
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ),
    "long header": (
        {"type": "header", "text": plain("x" * 151)},
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    "mrkdwn in a header": (
        {"type": "header", "text": {"type": "mrkdwn", "text": "*x*"}},
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    "a section of nothing": (
        {"type": "section"},
        "must provide at least one of `text`, `fields` [json-pointer:/blocks/0]",
    ),
    "eleven fields": (
        {"type": "section", "fields": [PLAIN] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    "a long field": (
        {"type": "section", "fields": [plain("x" * 2001)]},
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    "eleven in a context": (
        context(*[PLAIN] * 11),
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    "a button in a context": (
        context(BUTTON),
        "unsupported type: button [json-pointer:/blocks/0/elements/0/type]",
    ),
    "no action": (actions(), "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
    "26 actions": (
        actions(*(BUTTON | {"action_id": str(number)} for number in range(26))),
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    "one action_id twice": (
        actions(BUTTON, BUTTON),
        "`action_id` save already exists in this block [json-pointer:/blocks/0/elements]",
    ),
    "long button": (
        actions(BUTTON | {"text": plain("x" * 76)}),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    "long value": (
        actions(BUTTON | {"value": "x" * 2001}),
        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    "script for an address": (
        actions(BUTTON | {"url": "javascript:alert(1)"}),
        "must be a valid value [json-pointer:/blocks/0/elements/0/url]",
    ),
    "mrkdwn on a button": (
        actions(BUTTON | {"text": {"type": "mrkdwn", "text": "x"}}),
        "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]",
    ),
    "six in an overflow": (
        section(accessory={"type": "overflow", "options": [OPTION] * 6}),
        "no more than 5 items allowed [json-pointer:/blocks/0/accessory/options]",
    ),
    "101 options": (
        section(accessory={"type": "static_select", "options": [OPTION] * 101}),
        "no more than 100 items allowed [json-pointer:/blocks/0/accessory/options]",
    ),
    "a select of nothing": (
        section(accessory={"type": "static_select"}),
        "must provide at least one of `options`, `option_groups` [json-pointer:/blocks/0/accessory]",
    ),
    "long option value": (
        section(accessory={"type": "static_select", "options": [OPTION | {"value": "x" * 151}]}),
        "must be less than 151 characters [json-pointer:/blocks/0/accessory/options/0/value]",
    ),
    "no alt text": (
        {"type": "image", "image_url": "https://example.org/a.png"},
        "missing required field: alt_text [json-pointer:/blocks/0]",
    ),
    "unknown block": ({"type": "carousel"}, "unsupported type: carousel [json-pointer:/blocks/0/type]"),
    "unknown field": (section(color="red"), "invalid additional property: color [json-pointer:/blocks/0]"),
    "a null": (section(accessory=None), "must be an object [json-pointer:/blocks/0/accessory]"),
    "empty rich text": (
        rich({"type": "text", "text": ""}),
        "must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]",
    ),
    "rich link without address": (
        rich({"type": "link", "text": "x"}),
        "missing required field: url [json-pointer:/blocks/0/elements/0/elements/0]",
    ),
    "long block_id": (
        section(block_id="x" * 256),
        "must be less than 256 characters [json-pointer:/blocks/0/block_id]",
    ),
}


@pytest.mark.parametrize(("block", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_block_beyond_the_limits_is_refused_with_the_place_and_the_reason(
    block: dict[str, Any], reason: str
) -> None:
    with pytest.raises(SlackError) as refusal:
        check_blocks([block])

    answer = refusal.value.answer()
    assert answer["error"] == "invalid_blocks"
    assert reason in answer["errors"]
    assert f"[ERROR] {reason}" in answer["response_metadata"]["messages"]


def test_blocks_at_the_limits_pass() -> None:
    check_blocks(
        [
            section("x" * 3000, block_id="a" * 255),
            {"type": "header", "text": plain("x" * 150)},
            {"type": "section", "fields": [plain("x" * 2000)] * 10},
            context(*[PLAIN] * 10),
            actions(*(BUTTON | {"action_id": str(n), "value": "x" * 2000} for n in range(25))),
            section(accessory={"type": "static_select", "options": [OPTION] * 100}),
            section(accessory={"type": "overflow", "options": [OPTION | {"url": "https://example.org"}] * 5}),
            rich({"type": "text", "text": "x", "style": {"bold": True}}, {"type": "emoji", "name": "tada"}),
            {"type": "divider"},
        ]
    )


def test_a_message_has_at_most_fifty_blocks_and_each_its_own_id() -> None:
    check_blocks([{"type": "divider"}] * 50)
    with pytest.raises(SlackError, match="invalid_blocks"):
        check_blocks([{"type": "divider"}] * 51)
    with pytest.raises(SlackError) as refusal:
        check_blocks([section(block_id="one"), section(block_id="one")])
    assert "`block_id` one already exists" in refusal.value.answer()["errors"][0]


def test_all_text_of_a_message_counts_together() -> None:
    check_length([section("x" * 2640)] * 5)
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        check_length([section("x" * 2640)] * 4 + [section("x" * 2641)])
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        check_length([rich({"type": "link", "url": "https://example.org/" + "x" * 2900, "text": "x"})] * 5)


def modal(**more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Follow a tag"), "blocks": [section()]} | more


def test_views_are_held_to_theirs() -> None:
    check_view(modal(submit=plain("x" * 24), private_metadata="x" * 3000), "modal")
    check_view({"type": "home", "blocks": [section()] * 100}, "home")
    box = {"type": "input", "label": PLAIN, "element": {"type": "plain_text_input", "action_id": "a"}}
    for view in (
        modal(title=plain("x" * 25)),
        modal(blocks=[section()] * 101),
        modal(private_metadata="x" * 3001),
        modal(callback_id="x" * 256),
        modal(blocks=[box]),
        {"type": "home", "blocks": []},
        "not a view",
    ):
        with pytest.raises(SlackError, match="invalid_arguments"):
            check_view(view, "modal")
    with pytest.raises(SlackError, match="view_too_large"):
        check_view(modal(blocks=[section("x" * 3000)] * 90), "modal")


def test_metadata_is_an_event_of_modest_size() -> None:
    check_metadata({"event_type": "delivery", "event_payload": {"key": "ch:1"}})
    for metadata, code in (
        ({"event_type": "delivery"}, "invalid_metadata_format"),
        ("delivery", "invalid_metadata_format"),
        ({"event_type": "d", "event_payload": {}, "extra": 1}, "invalid_metadata_schema"),
        ({"event_type": "d", "event_payload": {"key": "x" * 9000}}, "metadata_too_large"),
    ):
        with pytest.raises(SlackError, match=code):
            check_metadata(metadata)


NAMES = st.sampled_from(["type", "text", "blocks", "elements", "accessory", "fields", "url", "x"])
KINDS = st.sampled_from(
    ["section", "actions", "button", "mrkdwn", "plain_text", "rich_text", "modal", "image"]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | KINDS | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=30,
)


@given(ANYTHING)
def test_no_json_does_more_than_be_refused(value: Any) -> None:
    json.dumps(value)
    for check in (check_blocks, check_metadata, lambda view: check_view(view, "modal", "home")):
        try:
            check(value)
        except SlackError as refusal:
            assert refusal.answer()["ok"] is False
