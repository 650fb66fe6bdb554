"""The checks on payloads find what they are there for, and a run with such a payload fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from payloads import roundtrip, walk
from payloads.judge import judge, problems, recorded
from payloads.schema import NoSchemaError, Schema, load
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox

TESTS = Path(__file__).parents[1]


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


BUTTON = {"type": "button", "action_id": "save", "text": plain("Save"), "value": "1"}
OPTION = {"text": plain("One"), "value": "1"}
SELECT = {"type": "static_select", "action_id": "pick", "options": [OPTION]}
LINK = {"type": "link", "url": "https://arxiv.org", "text": "x", "style": {"bold": True}}
PICTURE = {"type": "image", "image_url": "https://x.org", "alt_text": "x"}
GOOD: list[dict[str, Any]] = [
    {"type": "header", "text": plain("Today")},
    {"type": "section", "text": {"type": "mrkdwn", "text": "*x*", "verbatim": True}, "accessory": SELECT},
    {"type": "context", "elements": [plain("x"), PICTURE]},
    {"type": "actions", "elements": [BUTTON]},
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [LINK]}]},
    {"type": "divider"},
]
MODAL = {"type": "modal", "title": plain("x"), "submit": plain("Save"), "private_metadata": "1"}
INPUT = {"type": "input", "block_id": "a", "label": plain("A"), "dispatch_action": True}
INPUTS = [
    INPUT | {"element": {"type": "plain_text_input", "action_id": "a", "multiline": True}},
    INPUT | {"block_id": "b", "element": {"type": "checkboxes", "action_id": "b", "options": [OPTION]}},
    INPUT | {"block_id": "c", "element": {"type": "external_select", "action_id": "c"}},
]


def section(**more: Any) -> dict[str, Any]:
    return {"type": "section", "text": plain("x")} | more


@pytest.fixture(scope="module")
def schema() -> Schema:
    try:
        return Schema(load())
    except NoSchemaError as lacking:
        pytest.skip(str(lacking))


def test_good_payloads_pass_all_three(schema: Schema) -> None:
    sent = [
        {"via": "chat.postMessage", "error": None, "payload": {"text": "Today", "blocks": GOOD}},
        {"via": "views.open", "error": None, "payload": {"view": MODAL | {"blocks": INPUTS}}},
        {"via": "views.publish", "error": None, "payload": {"view": {"type": "home", "blocks": GOOD}}},
        {"via": "chat.unfurl", "error": None, "payload": {"unfurls": {"https://x.org": {"blocks": GOOD}}}},
        {"via": "ack", "error": None, "payload": {"options": [OPTION]}},
        {"via": "chat.postMessage", "error": "not_in_channel", "payload": {"text": "Today"}},
    ]

    assert [list(problems(record, schema)) for record in sent] == [[]] * len(sent)


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ({"type": "header", "text": plain("x" * 151)}, "blocks/0/text of 151 characters, not 1 to 150"),
        ({"type": "header", "text": {"type": "mrkdwn", "text": "x", "verbatim": True}}, "is mrkdwn, not"),
        (section(text=plain("")), "blocks/0/text of 0 characters"),
        (section(text={"type": "mrkdwn", "text": "@here"}), "not verbatim"),
        (section(text=plain("a\u202eb")), "unseen U+202E"),
        (section(fields=[plain("x" * 2001)]), "fields/0 of 2001 characters"),
        (section(block_id="x" * 256), "blocks/0/block_id of 256"),
        (section(accessory=SELECT | {"options": [OPTION] * 101}), "options: 101 items"),
        (section(accessory=SELECT | {"options": [OPTION | {"value": "x" * 151}]}), "value of 151"),
        ({"type": "context", "elements": [plain("x")] * 11}, "elements: 11 items"),
        ({"type": "actions", "elements": [BUTTON, BUTTON]}, "action_id save twice"),
        ({"type": "actions", "elements": [BUTTON | {"value": "x" * 2001}]}, "value of 2001"),
        ({"type": "actions", "elements": [BUTTON | {"url": "javascript:x"}]}, "no web address"),
        ({"type": "image", "image_url": "https://x.org"}, "without alt_text"),
    ],
)
def test_the_walk_finds(block: dict[str, Any], said: str) -> None:
    assert any(said in problem for problem in walk.blocks_problems([block]))


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"text": "x" * 4001}, "text of 4001"),
        ({"text": "x", "blocks": [{"type": "divider"}] * 51}, "51 blocks"),
        ({"blocks": [section()]}, "without the text"),
        ({"text": "x", "blocks": [section(text=plain("x" * 2600))] * 4}, "10400 characters"),
        ({"text": "x", "link_names": True}, "link_names"),
        ({"text": "x", "blocks": [section(block_id="a")] * 2}, "block_id a twice"),
    ],
)
def test_the_walk_finds_in_a_message(message: dict[str, Any], said: str) -> None:
    assert any(said in problem for problem in walk.message_problems(message))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"title": plain("x" * 25)}, "view/title of 25"),
        ({"blocks": [{"type": "divider"}] * 101}, "blocks: 101 items"),
        ({"private_metadata": "x" * 3001}, "private_metadata of 3001"),
        ({"blocks": INPUTS, "submit": None}, "without a submit"),
        ({"blocks": [section(text=plain("x" * 3000))] * 90}, "bytes"),
    ],
)
def test_the_walk_finds_in_a_view(more: dict[str, Any], said: str) -> None:
    view = {key: value for key, value in (MODAL | {"blocks": GOOD} | more).items() if value is not None}
    assert any(said in problem for problem in walk.view_problems(view))


@pytest.mark.parametrize(
    "block", [{"type": "carrousel"}, section(colour="red"), {"type": "actions", "elements": [{"type": "x"}]}]
)
def test_neither_slack_sdk_nor_slack_s_types_know(block: dict[str, Any], schema: Schema) -> None:
    assert list(roundtrip.block_problems([block]))
    assert list(schema.block_problems([block]))


@pytest.mark.parametrize(
    "block",
    [
        section(text="x"),
        section(accessory=BUTTON | {"style": "blue"}),
        {"type": "context", "elements": [BUTTON]},
        {"type": "rich_text", "elements": [LINK]},
        {"type": "input", "label": plain("x"), "element": BUTTON},
    ],
)
def test_slack_s_types_refuse(block: dict[str, Any], schema: Schema) -> None:
    assert list(schema.block_problems([block]))


def test_the_place_of_a_problem_is_told(schema: Schema) -> None:
    wrong = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [LINK | {"url": 1}]}],
    }
    assert list(schema.block_problems([wrong])) == [
        "@slack/types on blocks/0 (rich_text): $.elements[0].elements[0].url: 1 is not of type 'string'"
    ]


def test_slack_s_types_refuse_views_and_attachments(schema: Schema) -> None:
    assert list(schema.view_problems(MODAL | {"blocks": [], "title": "x"}))
    assert list(schema.view_problems({"type": "home", "blocks": [], "title": plain("x")}))
    assert list(schema.attachment_problems({"blocks": [{"type": "carrousel"}]}))


async def test_everything_that_an_app_sends_is_recorded(tmp_path: Path) -> None:
    async with Sandbox(record=tmp_path / "one.jsonl") as sandbox:
        client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
        await client.chat_postMessage(channel="papers", text="x", blocks=GOOD)
        with pytest.raises(SlackApiError):
            await client.api_call("chat.postMessage", data={"channel": "papers", "blocks": "[{"})
    records = list(recorded(tmp_path))

    assert [test for test, _ in records] == ["one", "one"]
    assert judge(records, None) == {"chat.postMessage: refused with invalid_blocks_format": "one"}


BAD_RUN = """
from slack_sdk.web.async_client import AsyncWebClient
from bot.sandbox import Sandbox

async def test_a_bot_that_forgets_the_text():
    async with Sandbox() as sandbox:
        client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
        await client.chat_postMessage(channel="papers", text="", blocks=[{"type": "divider"}])
"""


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_with_a_bad_payload_fails(tmp_path: Path, workers: str) -> None:
    (tmp_path / "test_bad.py").write_text(BAD_RUN, "utf-8")
    asked = ("-p", "payloads.recording", "-n", workers, "-o", "asyncio_mode=auto", "--rootdir", str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *asked, "test_bad.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": f"{TESTS}:{TESTS.parent}"},
        capture_output=True,
        text=True,
    )

    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "blocks without the text" in done.stdout
    assert "test_bad.py_test_a_bot_that_forgets_the_text" in done.stdout
