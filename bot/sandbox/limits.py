"""Slack's limits on blocks, views and messages, refused in Slack's own words.

Written from Slack's reference, knowing nothing of the bot's own limits on purpose: it is the check on them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from bot.sandbox.checks import (
    Check,
    at_least_one,
    by_type,
    complaint,
    listed,
    of_type,
    one_of,
    record,
    string,
)
from bot.sandbox.errors import SlackError, invalid
from bot.sandbox.messages import Json

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_CHARACTERS = 13_200  # undocumented: the text of a message's blocks together
POST_TEXT, SHORT_TEXT = 40_000, 4_000  # of chat.postMessage; of chat.update and chat.postEphemeral
METADATA_BYTES = 8_000  # undocumented: on the safe side
VIEW_BYTES = 250_000

ID = string(1, 255)
URL = string(1, 3000, r"https?://[^\s<>|]+")
FLAG = of_type(bool)
COUNT = of_type(int)
FREE = of_type(dict)
NAMES = listed(string(1, 255), 0, 100)


def plain(limit: int) -> Check:
    return by_type({"plain_text": record({"text": string(1, limit)}, {"emoji": FLAG})})


def text(limit: int) -> Check:
    mrkdwn = record({"text": string(1, limit)}, {"verbatim": FLAG})
    return by_type({"plain_text": record({"text": string(1, limit)}, {"emoji": FLAG}), "mrkdwn": mrkdwn})


STYLE = one_of("primary", "danger")
CONFIRM = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)}, {"style": STYLE}
)
OPTION = record({"text": plain(75), "value": string(1, 150)}, {"description": plain(75)})
OPTIONS = listed(OPTION, 1, 100)
OVERFLOW_OPTION = record({"text": plain(75), "value": string(1, 150)}, {"description": plain(75), "url": URL})
CHOICE = record({"text": text(75), "value": string(1, 150)}, {"description": text(75)})
CHOICES = listed(CHOICE, 1, 10)
OPTION_GROUPS = listed(record({"label": plain(75), "options": OPTIONS}), 1, 100)
IMAGE = record({"image_url": URL, "alt_text": string(1, 2000)})


def element(required: dict[str, Check], **optional: Check) -> Check:
    """Something a member acts on, with the fields that all of them may have."""
    shared = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": FLAG}
    return record(required, shared | optional)


def select(*sources: str, **initial: Check) -> Check:
    chosen = element(
        {},
        placeholder=plain(150),
        options=OPTIONS,
        option_groups=OPTION_GROUPS,
        max_selected_items=COUNT,
        filter=FREE,
        default_to_current_conversation=FLAG,
        response_url_enabled=FLAG,
        **initial,
    )
    return at_least_one(chosen, *sources) if sources else chosen


BUTTON = element(
    {"text": plain(75)},
    value=string(0, 2000),
    url=URL,
    style=STYLE,
    accessibility_label=string(1, 75),
)
SELECTS = {
    "static_select": select("options", "option_groups", initial_option=OPTION),
    "users_select": select(initial_user=ID),
    "conversations_select": select(initial_conversation=ID),
    "channels_select": select(initial_channel=ID),
    "external_select": element({}, placeholder=plain(150), initial_option=OPTION, min_query_length=COUNT),
}
PICKERS = {
    "datepicker": element({}, placeholder=plain(150), initial_date=string(10, 10, r"\d{4}-\d\d-\d\d")),
    "timepicker": element(
        {}, placeholder=plain(150), initial_time=string(5, 5, r"[0-2]\d:[0-5]\d"), timezone=string(1, 100)
    ),
    "datetimepicker": element({}, initial_date_time=COUNT),
    "checkboxes": element({"options": CHOICES}, initial_options=CHOICES),
    "radio_buttons": element({"options": CHOICES}, initial_option=CHOICE),
}
MULTI_SELECTS = {
    "multi_static_select": select("options", "option_groups", initial_options=OPTIONS),
    "multi_users_select": select(initial_users=NAMES),
    "multi_conversations_select": select(initial_conversations=NAMES),
    "multi_channels_select": select(initial_channels=NAMES),
    "multi_external_select": element(
        {}, placeholder=plain(150), initial_options=OPTIONS, min_query_length=COUNT, max_selected_items=COUNT
    ),
}
WRITTEN = element(
    {},
    placeholder=plain(150),
    initial_value=string(0, 3000),
    multiline=FLAG,
    min_length=COUNT,
    max_length=COUNT,
    is_decimal_allowed=FLAG,
    min_value=string(1, 100),
    max_value=string(1, 100),
    dispatch_action_config=FREE,
)
WRITTEN_INPUTS = dict.fromkeys(
    ("plain_text_input", "email_text_input", "url_text_input", "number_input"), WRITTEN
)
OVERFLOW = element({"options": listed(OVERFLOW_OPTION, 1, 5)})
PRESSED = SELECTS | PICKERS | {"button": BUTTON, "overflow": OVERFLOW}

RICH_STYLE = {"style": record({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), FLAG))}
RICH = by_type(
    {
        "text": record({"text": string(1, 3000)}, RICH_STYLE),
        "link": record({"url": URL}, {"text": string(1, 3000), "unsafe": FLAG} | RICH_STYLE),
        "emoji": record({"name": ID}, {"unicode": ID} | RICH_STYLE),
        "user": record({"user_id": ID}, RICH_STYLE),
        "channel": record({"channel_id": ID}, RICH_STYLE),
        "broadcast": record({"range": one_of("here", "channel", "everyone")}, RICH_STYLE),
        "date": record({"timestamp": COUNT, "format": ID}, {"url": URL, "fallback": ID} | RICH_STYLE),
    }
)
RICH_TEXTS = listed(RICH, 1, 1000)
RICH_SECTION = record({"elements": RICH_TEXTS})
RICH_FRAMED = record({"elements": RICH_TEXTS}, {"border": COUNT})
RICH_LIST = record(
    {
        "style": one_of("bullet", "ordered"),
        "elements": listed(by_type({"rich_text_section": RICH_SECTION}), 1, 1000),
    },
    {"indent": COUNT, "offset": COUNT, "border": COUNT},
)
RICH_PARTS = {
    "rich_text_section": RICH_SECTION,
    "rich_text_quote": RICH_FRAMED,
    "rich_text_preformatted": RICH_FRAMED,
    "rich_text_list": RICH_LIST,
}


def block(required: dict[str, Check], **optional: Check) -> Check:
    return record(required, {"block_id": ID} | optional)


BLOCK = by_type(
    {
        "section": at_least_one(
            block(
                {},
                text=text(3000),
                fields=listed(text(2000), 1, 10),
                accessory=by_type(PRESSED | MULTI_SELECTS | {"image": IMAGE}),
                expand=FLAG,
            ),
            "text",
            "fields",
        ),
        "header": block({"text": plain(150)}),
        "context": block(
            {
                "elements": listed(
                    by_type({"mrkdwn": text(3000), "plain_text": plain(3000), "image": IMAGE}), 1, 10
                )
            }
        ),
        "divider": block({}),
        "actions": block({"elements": listed(by_type(PRESSED), 1, 25)}),
        "image": block({"image_url": URL, "alt_text": string(1, 2000)}, title=plain(2000)),
        "input": block(
            {"label": plain(2000), "element": by_type(WRITTEN_INPUTS | SELECTS | MULTI_SELECTS | PICKERS)},
            hint=plain(2000),
            optional=FLAG,
            dispatch_action=FLAG,
        ),
        "rich_text": block({"elements": listed(by_type(RICH_PARTS), 1, 100)}),
    }
)
SUGGESTIONS = at_least_one(
    record({}, {"options": listed(OPTION, 0, 100), "option_groups": OPTION_GROUPS}),
    "options",
    "option_groups",
)
MESSAGE = record({"blocks": listed(BLOCK, 0, MESSAGE_BLOCKS)})
SHOWN = {"callback_id": string(0, 255), "private_metadata": string(0, 3000), "external_id": string(0, 255)}
VIEW_CHECKS = {
    "home": record({"blocks": listed(BLOCK, 0, VIEW_BLOCKS)}, SHOWN),
    "modal": record(
        {"title": plain(24), "blocks": listed(BLOCK, 0, VIEW_BLOCKS)},
        {"submit": plain(24), "close": plain(24), "clear_on_close": FLAG, "notify_on_close": FLAG} | SHOWN,
    ),
}


def check_blocks(blocks: Any) -> None:
    """Refuses blocks that no message may carry."""
    said = [*MESSAGE({"blocks": blocks}, ""), *_repeated_ids(blocks, "/blocks")]
    if said:
        raise invalid("invalid_blocks", *said)


def check_length(blocks: Any) -> None:
    """Refuses blocks that say too much together; only chat.* minds, a response_url does not."""
    if sum(_characters(blocks)) > MESSAGE_CHARACTERS:
        raise SlackError("msg_blocks_too_long")


def check_view(view: Any, *surfaces: str) -> None:
    """Refuses a view of another kind than `surfaces`, or one that Slack would not show."""
    if len(json.dumps(view)) > VIEW_BYTES:
        raise SlackError("view_too_large")
    kinds = {kind: check for kind, check in VIEW_CHECKS.items() if kind in surfaces}
    said = list(by_type(kinds)(view, "/view"))
    if not said:
        said = [*_repeated_ids(view["blocks"], "/view/blocks"), *_unsubmittable(view)]
    if said:
        raise invalid("invalid_arguments", *said)


def check_suggestions(body: Any) -> list[Json]:
    """The options that an app answered an external select with; refused as views are."""
    answer = body if isinstance(body, dict) else {}
    said = [*SUGGESTIONS(answer, "")]
    if said:
        raise invalid("invalid_arguments", *said)
    groups = answer.get("option_groups") or [{"options": answer.get("options", [])}]
    return [option for group in groups for option in group["options"]]


def check_metadata(metadata: Any) -> None:
    """Refuses message metadata that is no event_type with an event_payload, or too much of it."""
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if set(metadata) - {"event_type", "event_payload", "entities"}:
        raise SlackError("invalid_metadata_schema")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(metadata)) > METADATA_BYTES:
        raise SlackError("metadata_too_large")


def _characters(part: Any) -> Iterator[int]:
    """The lengths of every text in the blocks, and of the addresses that rich text links to."""
    if isinstance(part, list):
        for each in part:
            yield from _characters(each)
    elif isinstance(part, dict):
        for name, value in part.items():
            if isinstance(value, str):
                yield len(value) if name == "text" or (name == "url" and part.get("type") == "link") else 0
            else:
                yield from _characters(value)


def _repeated_ids(blocks: Any, pointer: str) -> Iterator[str]:
    whole = [each for each in blocks if isinstance(each, dict)] if isinstance(blocks, list) else []
    for name in _twice(each.get("block_id") for each in whole):
        yield complaint(f"`block_id` {name} already exists", pointer)
    for number, each in enumerate(whole):
        elements = each.get("elements", []) if each.get("type") == "actions" else []
        inside = elements if isinstance(elements, list) else []
        for name in _twice(part.get("action_id") for part in inside if isinstance(part, dict)):
            yield complaint(
                f"`action_id` {name} already exists in this block", f"{pointer}/{number}/elements"
            )


def _twice(names: Iterable[Any]) -> list[str]:
    counts = Counter(name for name in names if isinstance(name, str))
    return [name for name, count in counts.items() if count > 1]


def _unsubmittable(view: Json) -> Iterator[str]:
    if view["type"] == "modal" and "submit" not in view and any(b["type"] == "input" for b in view["blocks"]):
        yield complaint("missing required field: submit", "/view")
