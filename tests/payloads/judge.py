"""All that was recorded, held against the three: the walk over limits, slack_sdk's models, Slack's types."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from payloads import roundtrip, walk
from payloads.schema import Schema

Json = Mapping[str, Any]
MESSAGES = ("chat.postMessage", "chat.update", "chat.postEphemeral", "response_url")
# Refusals of a payload for what it is; other codes are about tokens, places and times.
MALFORMED = {"invalid_blocks", "invalid_blocks_format", "invalid_attachments", "invalid_arguments", "no_text"}
MALFORMED |= {"msg_too_long", "msg_blocks_too_long", "view_too_large", "invalid_metadata_format"}
MALFORMED |= {"invalid_metadata_schema", "metadata_too_large", "invalid_unfurls_format", "invalid_payload"}
MALFORMED |= {
    "invalid_response_action",
    "cannot_unfurl_message",
    "cannot_unfurl_url",
    "duplicate_external_id",
}


def judge(records: Iterable[tuple[str, str]], schema: Schema | None) -> dict[str, str]:
    """Each problem with the test it first came up in; `records`: tests with lines of the recorder's."""
    seen: set[str] = set()
    found: dict[str, str] = {}
    for test, line in records:
        if line in seen:
            continue
        seen.add(line)
        record = json.loads(line)
        for problem in problems(record, schema):
            found.setdefault(f"{record['via']}: {problem}", test)
    return found


def recorded(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.glob("*.jsonl")):
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                yield file.stem, line


def problems(record: Json, schema: Schema | None) -> Iterator[str]:
    payload, via = record["payload"], record["via"]
    if record["error"] in MALFORMED:
        yield f"refused with {record['error']}"
        return
    if via in MESSAGES or (via == "ack" and "view" not in payload):
        yield from walk.message_problems(payload)
    for blocks in _lists_of_blocks(payload):
        yield from roundtrip.block_problems(blocks)
        yield from schema.block_problems(blocks) if schema else ()
    for attachment in _attachments(payload):
        yield from walk.blocks_problems(attachment.get("blocks", []))
        yield from schema.attachment_problems(attachment) if schema else ()
    if view := payload.get("view"):
        yield from walk.view_problems(view)
        yield from roundtrip.view_problems(view)
        yield from schema.view_problems(view) if schema else ()
    for number, option in enumerate(payload.get("options") or ()):
        yield from walk.option_problems(option, f"options/{number}")


def _lists_of_blocks(payload: Json) -> Iterator[list[Json]]:
    for part in (payload, *_attachments(payload)):
        if part.get("blocks"):
            yield part["blocks"]


def _attachments(payload: Json) -> list[Json]:
    return [*(payload.get("attachments") or ()), *(payload.get("unfurls") or {}).values()]
