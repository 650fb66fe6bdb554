"""The sandbox against Slack's own description of its methods."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from beside import SLACK_API, needs

from bot.sandbox import webapi
from bot.sandbox.contract import Contract, Sent
from bot.sandbox.webapi.methods import CONNECTIONS_OPEN, METHODS

pytestmark = needs(SLACK_API)


@pytest.fixture
def contract() -> Contract:
    return Contract(SLACK_API)


def test_every_method_described_is_there_but_for_the_one_of_installing(contract: Contract) -> None:
    assert set(contract.methods) - {*METHODS, CONNECTIONS_OPEN} == {"oauth.v2.access"}
    assert METHODS.keys() <= contract.methods.keys()


def test_methods_take_json_where_slack_says_so(contract: Contract) -> None:
    described = {name: bool(contract.methods[name].get("json_input_supported")) for name in METHODS}

    assert {name: method.json for name, method in METHODS.items()} == described


@pytest.mark.parametrize("module", ["chat", "conversations", "people", "views"])
def test_no_argument_is_read_that_slack_does_not_know(contract: Contract, module: str) -> None:
    family = {name: m for name, m in METHODS.items() if m.perform.__module__.endswith(f".{module}")}
    known = {argument for name in family for argument in contract.methods[name]["args"]["properties"]}
    tree = ast.parse((Path(webapi.__path__[0]) / f"{module}.py").read_text("utf-8"))
    readers = {"string", "required", "flag", "parsed", "moment", "message"}
    read = {
        argument.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in readers
        for argument in node.args[:2]
        if isinstance(argument, ast.Constant) and node.func.value.id == "call"  # type: ignore[attr-defined]
    }

    assert read
    codes = {code for name in family for code in contract.methods[name].get("errors", ())} | {
        "invalid_arguments"
    }
    assert read - known <= codes | {"invalid_attachments"}


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        (Sent("chat.postMessage", {"channel": "C1", "text": "x", "blocks": []}, "json", True), None),
        (Sent("chat.postMessage", {"channel": "C1", "blocks": "[]"}, "form", True), None),
        (
            Sent("chat.postMessage", {"channel": "C1", "colour": "red"}, "json", True),
            "unknown argument colour",
        ),
        (Sent("chat.postMessage", {"text": "x"}, "json", True), "missing argument channel"),
        (Sent("chat.postMessage", {"channel": "C1"}, "json", False), "missing argument token"),
        (Sent("chat.postMessage", {"channel": ["C1"]}, "json", True), "channel is no"),
        (Sent("chat.postMessage", {"channel": "C1", "mrkdwn": "maybe"}, "form", True), "mrkdwn is no"),
        (Sent("chat.postMessage", {"channel": "C1", "mrkdwn": 1}, "json", True), "mrkdwn is no"),
        (Sent("conversations.list", {"limit": "many"}, "form", True), "limit is no"),
        (Sent("users.info", {"user": "U1"}, "json", True), "takes no JSON body"),
        (Sent("views.open", {"trigger_id": "1", "view": {"type": "modal"}}, "json", True), None),
        (Sent("chat.sing", {}, "json", True), "no such method"),
    ],
)
def test_a_call_is_held_against_its_description(contract: Contract, sent: Sent, problem: str | None) -> None:
    found = [str(violation) for violation in contract.check(sent)]

    if problem is None:
        assert found == []
    else:
        assert any(problem in violation for violation in found)
