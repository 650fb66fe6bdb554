"""A plugin: the sandboxes of every test record what the bot sends, and the end of the run judges all of it.

Left out are the sandbox's own tests, and those marked `sends_refused`: they send what Slack must refuse.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest
from payloads.judge import judge, recorded
from payloads.schema import NoSchemaError, Schema, load

from bot.sandbox.recorder import VARIABLE

FOLDER = "PAPERBOY_TEST_PAYLOADS"  # in the environment, which xdist's workers get from the controller
SAID = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sends_refused: the bot sends, on purpose, what Slack refuses")
    if not hasattr(config, "workerinput"):
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="paperboy-payloads-")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A file a test; a sandbox in a process of its own finds it too."""
    file = item.nodeid.partition("::")[0]
    if "/sandbox/" not in file and not item.get_closest_marker("sends_refused"):
        name = re.sub(r"[^\w.\[\]-]+", "_", item.nodeid.removeprefix("tests/"))[-200:]
        os.environ[VARIABLE] = str(Path(os.environ[FOLDER]) / f"{name}.jsonl")
    try:
        return (yield)
    finally:
        os.environ.pop(VARIABLE, None)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):
        return
    records = list(recorded(Path(os.environ[FOLDER])))
    if not records:
        return
    said = session.config.stash[SAID] = []
    try:
        schema = Schema(load())
    except NoSchemaError as lacking:
        schema = None
        said.append(f"not held against @slack/types: {lacking}")
    found = judge(records, schema)
    said += [f"{problem}  (first in {test})" for problem, test in found.items()]
    said.append(f"{len(records)} payloads judged, {len(found)} problems")
    if found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if said := config.stash.get(SAID, None):
        terminalreporter.section("payloads")
        for line in said:
            terminalreporter.write_line(line)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(FOLDER), ignore_errors=True)
