"""A process that has imported Paperboy once and forks for each command, which saves each its second.

What a command sees is as in a process of its own: arguments, folder, environment, streams, exit code. Only
what Python itself reads at its start (PYTHON… variables) comes too late.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

FORKING = """
import json, os, sys
from bot.cli import COMMANDS, load, main
from bot.cli.words import out

for name in COMMANDS:
    load(name)
for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if not child:
        os.chdir(asked["folder"])
        os.environ.clear()
        os.environ.update(asked["env"])
        for number, name in enumerate((os.devnull, asked["out"], asked["err"])):
            os.dup2(os.open(name, os.O_RDWR), number)
        if "COLUMNS" in os.environ:  # rich reads it when a console is made
            out.width = int(os.environ["COLUMNS"])
        sys.argv = ["paperboy", *map(os.fsdecode, map(bytes.fromhex, asked["arguments"]))]
        main()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Warm:
    def __init__(self) -> None:
        command = [sys.executable, "-c", FORKING]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._turn = threading.Lock()

    def run(
        self, arguments: tuple[str | bytes, ...], folder: Path, env: dict[str, str]
    ) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err, self._turn:
            asked = {
                "arguments": [os.fsencode(one).hex() for one in arguments],
                "folder": str(folder),
                "env": env,
                "out": out.name,
                "err": err.name,
            }
            assert self._process.stdin and self._process.stdout
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
            code = int(self._process.stdout.readline())
            return code, out.read().decode(), err.read().decode()

    def close(self) -> None:
        self._process.communicate()
