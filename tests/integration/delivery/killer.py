"""Processes that deliver, and die (SIGKILL) at a step of our choice: before or after a line that awaits.

Run as a program it is a process that has imported everything, and forks a victim for each order it reads.
"""

from __future__ import annotations

import ast
import asyncio
import datetime as dt
import dis
import gc
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import aiohttp
from office import Clock, Office

import bot
from bot import log
from bot.library.database import Database
from bot.sandbox import Sandbox

ROOT = Path(bot.__file__).parent
# Whom the courier does not call.
OTHERS = {
    *("planning", "roundups", "inquiry", "silence_watch", "channels", "withdrawing"),
    *("runner", "line", "queue", "desk", "backlog"),
}
ROOMS = [path for path in (ROOT / "delivery").glob("*.py") if path.stem not in OTHERS]
FILES = (*ROOMS, ROOT / "slack" / "client.py")


class Line(NamedTuple):
    """A statement that awaits: where it begins, in which function, and what stands there."""

    file: str
    number: int
    function: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.number} ({self.function}): {self.text}"


class Step(NamedTuple):
    """The moment before the line awaits, or after it has, on so many a visit."""

    line: Line
    moment: str
    visit: int

    def __str__(self) -> str:
        return f"{self.moment} {self.line}, visit {self.visit}"


def lines_that_await(path: Path) -> dict[int, Line]:
    """By each number that the statement's own text covers: of `async with`, its first lines only."""
    found = {}
    source = path.read_text("utf-8")
    for function, statement in _statements(ast.parse(source), ""):
        if isinstance(statement, ast.AsyncWith | ast.AsyncFor) or any(
            isinstance(node, ast.Await) for part in _head(statement) for node in ast.walk(part)
        ):
            last = max(part.end_lineno or 0 for part in _head(statement))
            text = source.splitlines()[statement.lineno - 1].strip()
            line = Line(path.name, statement.lineno, function, text)
            found.update(dict.fromkeys(range(statement.lineno, last + 1), line))
    return found


def _statements(node: ast.AST, function: str) -> Iterator[tuple[str, ast.stmt]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield function, child
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _statements(child, f"{function}.{child.name}".strip("."))
        else:
            yield from _statements(child, function)


def _head(statement: ast.stmt) -> list[Any]:
    """A statement's expressions, and not the statements in it."""
    if isinstance(statement, ast.AsyncWith):
        return [item.context_expr for item in statement.items]
    return [part for part in ast.iter_child_nodes(statement) if isinstance(part, ast.expr)]


LINES = {str(path): lines_that_await(path) for path in FILES}


class Steps:
    """A trace function that calls `at` for each step of the main thread."""

    def __init__(self, at: Callable[[Step], None]) -> None:
        self._at = at
        self._visits: Counter[tuple[Line, str]] = Counter()
        self._inside: dict[FrameType, Line] = {}

    def __call__(self, frame: FrameType, event: str, arg: object) -> Any:
        return self._follow if frame.f_code.co_filename in LINES else None

    def _follow(self, frame: FrameType, event: str, arg: object) -> Any:
        if event == "line":
            here = LINES[frame.f_code.co_filename].get(frame.f_lineno)
            if here is not self._inside.get(frame):
                self._leave(frame)
                self._enter(frame, here)
        elif event == "return":
            # Also where it waits, or an error passes through: then the line has not finished.
            instruction = dis.opname[frame.f_code.co_code[frame.f_lasti]]
            if instruction.startswith("RETURN"):
                self._leave(frame)
            elif instruction != "YIELD_VALUE":
                self._inside.pop(frame, None)
        return self._follow

    def _enter(self, frame: FrameType, line: Line | None) -> None:
        if line:
            self._inside[frame] = line
            self._tell(line, "before")

    def _leave(self, frame: FrameType) -> None:
        if line := self._inside.pop(frame, None):
            self._tell(line, "after")

    def _tell(self, line: Line, moment: str) -> None:
        self._visits[line, moment] += 1
        self._at(Step(line, moment, self._visits[line, moment]))


# --- the victim ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slack:
    """Of the sandbox, what a bot knows."""

    api_url: str
    bot_token: str
    team: str
    bot_id: str

    @property
    def workspace(self) -> Slack:
        return self

    @property
    def id(self) -> str:
        return self.team


@dataclass(frozen=True)
class Order:
    slack: Slack
    now: str
    die: Step | None  # None: live, and tell the steps


async def deliver(database: Database, order: Order, steps: Steps) -> None:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        clock = Clock(dt.datetime.fromisoformat(order.now))
        office = Office(database, order.slack, clock, session)  # type: ignore[arg-type]
        sys.settrace(steps)
        await office.drain(office.courier("victim"))
        sys.settrace(None)
    await database.close()


def live(database: Database, order: Order) -> list[Step]:
    seen: list[Step] = []

    def at(step: Step) -> None:
        seen.append(step)
        if step == order.die:
            os.kill(os.getpid(), signal.SIGKILL)

    asyncio.run(deliver(database, order, Steps(at)))
    return seen


def serve(database: Database, orders: Iterable[str]) -> None:
    log.configure("json", "ERROR")
    for line in orders:
        given = json.loads(line)
        die = given["die"] and Step(Line(*given["die"][0]), *given["die"][1:])
        order = Order(**{**given, "slack": Slack(**given["slack"]), "die": die})
        if die is None:
            print(json.dumps(live(database, order)), flush=True)  # noqa: T201
            continue
        gc.freeze()
        gc.disable()  # else each victim copies what it only counts
        victim = os.fork()
        if not victim:
            live(database, order)
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(victim, 0)[1]), flush=True)  # noqa: T201


# --- the one who orders it ----------------------------------------------------------------------


@dataclass
class Killer:
    process: asyncio.subprocess.Process

    async def run(self, office: Office, die: Step | None = None) -> list[Step] | None:
        """What a victim in this office did; None where it died, as it was to."""
        sandbox: Sandbox = office.sandbox
        workspace = sandbox.workspace
        slack = Slack(sandbox.api_url, sandbox.bot_token, workspace.id, workspace.bot_id)
        order = Order(slack, office.clock().isoformat(), die)
        assert self.process.stdin
        self.process.stdin.write(json.dumps(asdict(order)).encode() + b"\n")
        answer = await self._answer()
        if die is None:
            return [Step(Line(*line), moment, visit) for line, moment, visit in answer]
        assert answer in (0, -signal.SIGKILL), f"it ended with {answer}"
        return None if answer else []

    async def _answer(self) -> Any:
        assert self.process.stdout
        return json.loads(await self.process.stdout.readline())


@asynccontextmanager
async def killer(database_url: str) -> AsyncIterator[Killer]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, database_url, stdin=pipe, stdout=pipe, limit=2**24
    )
    try:
        yield Killer(process)
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()


if __name__ == "__main__":
    serve(Database(sys.argv[1]), sys.stdin)
