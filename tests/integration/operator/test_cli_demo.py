"""`paperboy demo`: the tour, and the page beside it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import termios
import urllib.request

import pytest
from patience import PATIENCE
from premises import Premises

STEP = re.compile(r"(?m)^\S.* ─+$")  # the rule beside its title
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S*")


def test_it_says_where_the_page_is_and_ends_without_a_terminal(bare: Premises) -> None:
    done = bare.paperboy("demo", "--no-browser")
    assert (done.code, done.err) == (0, "")
    assert ADDRESS.search(done.out.splitlines()[0])
    assert "stays until" not in done.out


def test_each_step_of_the_tour_shows_what_it_tells(bare: Premises) -> None:
    first, search, follow, save, morning = STEP.split(bare.paperboy("demo", "--no-browser").out)[1:]
    assert "Thursday, 19 November 2026" in first
    assert "▎     Denoising Diffusion Probabilistic Models" in first
    assert "“attention”  5 papers" in search
    assert "You follow Robotics." in follow
    assert "Saved “Denoising Diffusion Probabilistic Models”." in save
    channel, digest = morning.split("summaries in", 1)
    assert "Friday, 20 November 2026" in channel
    assert "9:00 AM" in digest
    assert "You follow Robotics · Kevin Black" in digest
    assert not any("Paperboy is here" in step for step in (search, follow, save, morning))


def test_kept_it_serves_the_page_until_a_signal(bare: Premises) -> None:
    line = [sys.executable, "-m", "bot", "demo", "--keep"]
    for stop in (signal.SIGINT, signal.SIGTERM):
        process = subprocess.Popen(
            line,
            cwd=bare.folder,
            env=bare.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        told = next(text for text in process.stdout if "stays until Ctrl-C" in text)
        address = ADDRESS.search(told)
        assert address
        with urllib.request.urlopen(address[0]) as answer:
            page = answer.read().decode()
        assert "<h1># papers</h1>" in page
        assert "Learning Fine-Grained Bimanual Manipulation" in page
        process.send_signal(stop)
        _, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, err) == (0, "")


def test_a_port_that_is_taken(bare: Premises) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = bare.paperboy("demo", "--port", str(taken.getsockname()[1]))
    assert (done.code, done.out) == (1, "")
    assert "can't be listened on" in done.err
    assert "--port" in done.err


@pytest.mark.parametrize("options", [(), ("--no-browser",)], ids=["browser", "no-browser"])
def test_in_a_terminal_it_stays_until_ctrl_c(bare: Premises, options: tuple[str, ...]) -> None:
    browser, opened = bare.write("browser", '#!/bin/sh\necho "$1" > opened\n'), bare.folder / "opened"
    browser.chmod(0o755)
    if not options:
        os.mkfifo(opened)
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "r+b", buffering=0) as terminal:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo", *options],
            cwd=bare.folder,
            env=bare.environment | {"TERM": "xterm", "DISPLAY": ":9", "BROWSER": str(browser)},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            preexec_fn=_lead_the_terminal,
        )
        os.close(theirs)
        told = b""
        while b"stays until Ctrl-C" not in told:
            told += terminal.read(65536)
        assert options or ADDRESS.fullmatch(opened.read_text().strip())
        terminal.write(b"\x03")
        assert process.wait(timeout=PATIENCE) == 0
    assert opened.exists() == (not options)


def _lead_the_terminal() -> None:
    """So that Ctrl-C there reaches this process."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
