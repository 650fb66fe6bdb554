"""What an idle `paperboy run` uses: its share of a core and its memory, against a Slack on loopback.

An archive lies in a watched folder, polled every two seconds; a channel has its post, and all is quiet.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
from ingest import add_archive, write_archive

CHANNEL = "C001000002"  # the sandbox's #papers
CONFIG = """
[[sources]]
name = "archive"
kind = "folder"
path = {archive}

[[feeds]]
channel = {channel}
layout = "compact"
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60, help="how long to watch (%(default)s)")
    parser.add_argument("--settle", type=float, default=15, help="seconds of silence before (%(default)s)")
    add_archive(parser)
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="paperboy-idle-")))
        write_archive(folder / "archive", asked.corpus, asked.digests)
        slack = start(stack, [sys.executable, "-m", "bot.sandbox"], stdout=subprocess.PIPE)
        known = json.loads(slack.stdout.readline())
        env = environment(folder, known)
        log = stack.enter_context((folder / "log").open("wb"))
        process = start(stack, [sys.executable, "-m", "bot", "run"], env=env, stderr=log)
        wait_until_quiet(folder / "log", asked.settle)
        watch(psutil.Process(process.pid), asked.seconds)
        print(f"{len((folder / 'log').read_text().splitlines())} lines of log")


def start(stack: ExitStack, command: list[str], **how: Any) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(command, **how)
    stack.callback(process.wait)
    stack.callback(process.terminate)
    return process


def environment(folder: Path, slack: dict[str, Any]) -> dict[str, str]:
    text = CONFIG.format(archive=json.dumps(str(folder / "archive")), channel=json.dumps(CHANNEL))
    (folder / "paperboy.toml").write_text(text, "utf-8")
    return os.environ | {
        "SLACK_BOT_TOKEN": next(iter(slack["workspaces"].values())),
        "SLACK_APP_TOKEN": slack["app_token"],
        "SLACK_API_URL": slack["api_url"],
        "PAPERBOY_CONFIG": str(folder / "paperboy.toml"),
        "PAPERBOY_DATA": str(folder / "data"),
    }


def wait_until_quiet(log: Path, seconds: float) -> None:
    while not (log.stat().st_size and time.time() - log.stat().st_mtime > seconds):
        time.sleep(0.5)


def watch(bot: psutil.Process, seconds: float) -> None:
    before, begun = bot.cpu_times(), time.perf_counter()
    wakes = bot.num_ctx_switches().voluntary
    highest = 0
    while (passed := time.perf_counter() - begun) < seconds:
        highest = max(highest, bot.memory_info().rss)
        time.sleep(min(1.0, seconds - passed))
    after = bot.cpu_times()
    used = after.user + after.system - before.user - before.system
    print(f"{used / passed:.2%} of a core over {passed:.0f} s")
    print(f"{highest / 2**20:.0f} MB of memory (RSS), {bot.num_threads()} threads")
    print(f"{(bot.num_ctx_switches().voluntary - wakes) / passed:.0f} wake-ups a second")


if __name__ == "__main__":
    main()
