"""The log: objects for machines, lines for people, and no token, password or terminal code in either."""

from __future__ import annotations

import json

import pytest
from premises import Done, Premises
from warm import Warm

from bot.log import harmless

SECRETS = {
    "a bot's token": "xoxb-1234-5678-abcDEF",
    "a token that rotates": "xoxe.xoxb-1-Mi0yLTEyMw",
    "an app's token": "xapp-1-A012-345-6789abc",
    "a token of GitHub's": "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "another of GitHub's": "github_pat_11ABCDEFG0_abcdefghijk",
}
PROGRAM = """
import asyncio, logging, threading, warnings
import structlog
from bot import log
from bot.errors import SourceError

log.configure("{style}", "{level}")
ours, theirs = structlog.get_logger("bot.room"), logging.getLogger("slack_sdk.web")
ours.info("hello", channel="C1", papers=[1, 2], note="two\\nlines")
theirs.error("refused %s", "xoxb-1234-secret", extra={{"headers": "Bearer xoxb-1234-secret"}})
theirs.info("chatter")
try:
    raise RuntimeError("told: xapp-1-secret")
except RuntimeError:
    ours.exception("failed", token="xoxb-1234-secret", url="postgresql://me:se/cr@et@host/db")
    theirs.exception("failed too")
try:
    raise SourceError("Create the folder.", transient=False)
except SourceError:
    ours.exception("failed as expected")
warnings.warn("ghp_secret is old")
thread = threading.Thread(target=lambda: 1 / 0, name="worker")
thread.start()
thread.join()
ours.warning("seen", title="\\x1b[31mred\\x1b[0m \\u202ereversed", path="caf\\udce9")
"""


def told(premises: Premises, style: str, level: str = "INFO") -> Done:
    done = premises.paperboy_anew(code=PROGRAM.format(style=style, level=level))
    assert done.code == 0, done.err
    return done


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, warm: Warm) -> Premises:
    return Premises(tmp_path_factory.mktemp("log"), warm)


def test_json_is_an_object_a_line_whoever_speaks(place: Premises) -> None:
    lines = [json.loads(line) for line in told(place, "json").err.splitlines()]
    hello, refused, failed, failed_too, expected, warned, thread, seen = lines
    assert hello.pop("timestamp").endswith("Z")
    assert hello == {
        "event": "hello",
        "level": "info",
        "logger": "bot.room",
        "channel": "C1",
        "papers": [1, 2],
        "note": "two\nlines",
    }
    assert (refused["logger"], refused["event"]) == ("slack_sdk.web", "refused «secret»")
    for line in failed, failed_too:
        assert line["exception"].startswith("Traceback")
        assert line["exception"].endswith("RuntimeError: told: «secret»")
    assert expected["error"] == "Create the folder."
    assert "exception" not in expected
    assert warned["logger"] == "py.warnings"
    assert "ZeroDivisionError" in thread["exception"]
    assert seen["title"] == "\ufffd[31mred\ufffd[0m \ufffdreversed"


def test_people_get_a_line_and_the_traceback_below_it(place: Premises) -> None:
    lines = told(place, "console").err.splitlines()
    assert lines[0].split(" ", 1)[1].split() == [
        *("[info", "]", "hello", "[bot.room]", "channel=C1", "papers=[1,", "2]"),
        "note='two\\nlines'",
    ]
    assert "Traceback (most recent call last):" in lines
    assert "RuntimeError: told: «secret»" in lines
    assert lines[-1].endswith("title='\ufffd[31mred\ufffd[0m \ufffdreversed' path=caf\ufffd")


@pytest.mark.parametrize("style", ["json", "console"])
def test_no_secret_gets_out(place: Premises, style: str) -> None:
    done = told(place, style, "DEBUG")
    assert "chatter" in done.err
    for secret in "1234", "xapp-1", "ghp_", "cr@et", "se/cr":
        assert secret not in done.err


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
@pytest.mark.parametrize("around", ["{}", "Bearer {}.", "{{'token': '{}'}}", "?token={}&x=1", "\n{}\n"])
def test_a_secret_anywhere_in_a_text(secret: str, around: str) -> None:
    safe = harmless(around.format(secret))
    assert secret not in safe
    assert secret.rpartition("xoxb-")[2] not in safe
    assert safe.replace("«secret»", "").replace("xoxe.", "").strip(" .\n") == around.format("").strip(" .\n")


def test_secrets_that_only_their_place_tells() -> None:
    ticket = "wss://wss-primary.slack.com/link/?ticket=12ab-34&app_id=99"
    assert harmless(ticket) == "wss://wss-primary.slack.com/link/?ticket=«secret»&app_id=99"
    assert harmless("https://hooks.slack.com/commands/T1/2/abc now") == "https://hooks.slack.com/«secret» now"
    assert harmless("at postgresql://me:p:a/ss@host/db") == "at postgresql://«secret»@host/db"


@pytest.mark.parametrize(
    "text",
    ["https://arxiv.org/abs/2504.00001", "a: b@c", "ratio 1:2 @ noon", "2025-04-28 09:00", "xoxo", "é\t\n"],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert harmless(text) == text


def test_the_last_word_of_a_command_is_an_object_too(place: Premises) -> None:
    done = place.paperboy("run", PAPERBOY_LOG="json")
    (line,) = map(json.loads, done.err.splitlines())
    assert line["level"] == "error"
    assert line["event"].startswith("To reach Slack, set in .env or the environment:\n  SLACK_BOT_TOKEN")


def test_a_fault_of_our_own_is_told_without_a_secret(place: Premises) -> None:
    program = (
        "import bot.cli as cli\n"
        "@cli.app.command()\n"
        "def fail() -> None:\n"
        "    raise RuntimeError('with xoxb-1234-secret')\n"
        "cli.main()"
    )
    people = place.paperboy_anew("fail", code=program)
    assert people.code == 1
    assert "This is a fault of Paperboy's own. Please report it" in people.err
    assert "RuntimeError: with «secret»" in people.err
    (line,) = map(json.loads, place.paperboy_anew("fail", code=program, PAPERBOY_LOG="json").err.splitlines())
    assert line["exception"].endswith("RuntimeError: with «secret»")
