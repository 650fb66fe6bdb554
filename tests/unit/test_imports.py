"""Imports go one way, libraries stay in their rooms, pure rooms touch no clock, network or database."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]

LEVELS = (  # a room imports from its own level and from those above it in this list
    {"model", "errors"},
    {"digests"},
    {"library", "subscriptions"},
    {"slack", "schedule", "sources", "delivery"},
    {"health"},
    {"settings", "log"},  # above this line settings arrive as arguments
    {"app"},
    {"cli", "demo", "tour", "doctor", "bench", "__main__"},
)
ONLY_IN = {
    "slack_bolt": {"slack", "app"},
    "apscheduler": {"schedule"},
    "sqlalchemy": {"library", "subscriptions", "delivery", "app"},
    "alembic": {"library"},
    "pgqueuer": {"delivery"},
    "prometheus_client": {"health"},
    "typer": {"cli"},
    "jinja2": {"sandbox"},
    "yaml": {"demo"},
    "bot.sandbox": {"cli", "demo", "tour"},
}
PURE = (
    "bot.model",
    "bot.digests",
    "bot.library.citations",
    "bot.library.query",
    "bot.library.search.acronyms",
    "bot.library.search.documents",
    "bot.library.search.preparing",
    "bot.library.search.reranking",
    "bot.library.search.rewriting",
    "bot.library.search.spelling",
    "bot.subscriptions.calendar",
    "bot.subscriptions.filters",
    "bot.subscriptions.matching",
    "bot.subscriptions.verdict",
    "bot.delivery.outlook",
    "bot.delivery.planner",
    "bot.delivery.reasons",
    "bot.delivery.revising",
    "bot.delivery.roundup",
    "bot.delivery.silence",
    "bot.delivery.why",
    "bot.slack.blocks",
)
IMPURE = {
    "aiohttp",
    "aiosqlite",
    "asyncio",
    "asyncpg",
    "slack_bolt",
    "slack_sdk",
    "socket",
    "sqlalchemy",
    "sqlite3",
}
CLOCKS = {"now", "today", "utcnow", "time.time", "time.monotonic", "time.perf_counter"}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.AST) -> Iterator[str]:
    """Dotted names; `from a import b` gives a and a.b, since b may be a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level and node.module, "imports are absolute here"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


TREES = {module_name(path): ast.parse(path.read_text("utf-8")) for path in (ROOT / "bot").rglob("*.py")}
IMPORTS = {module: set(imported(tree)) for module, tree in TREES.items()}


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def room(module: str) -> str:
    return module.split(".")[1]


def rooms_imported(module: str) -> set[str]:
    own = {room(name) for name in IMPORTS[module] if name.startswith("bot.")}
    return own - {room(module)}


ROOMS = {room(module) for module in TREES if module != "bot"} - {"sandbox"}
LEVEL = {name: level for level, names in enumerate(LEVELS) for name in names}


def reached(module: str) -> set[str]:
    """The modules of ours that run when this one is imported: packages on the way included."""
    seen: set[str] = set()
    todo = {module}
    while todo:
        name = todo.pop()
        seen.add(name)
        parents = {name.rsplit(".", 1)[0]} if "." in name else set()
        todo |= ((IMPORTS[name] | parents) & TREES.keys()) - seen
    return seen


def clocks(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            dotted = ast.unparse(node.func)
            if dotted in CLOCKS or node.func.attr in CLOCKS:
                yield f"{dotted}() in line {node.lineno}"


def test_every_room_has_its_level() -> None:
    assert LEVEL.keys() >= ROOMS, "say in LEVELS where the new room stands"


def test_imports_go_one_way() -> None:
    wrong = [
        f"{module} imports {other}"
        for module in TREES
        if module != "bot" and room(module) in ROOMS
        for other in rooms_imported(module) & ROOMS
        if LEVEL[other] > LEVEL[room(module)]
    ]
    assert not wrong


def test_no_two_rooms_need_each_other() -> None:
    graph: dict[str, set[str]] = {}
    for module in TREES.keys() - {"bot"}:
        graph.setdefault(room(module), set()).update(rooms_imported(module))
    TopologicalSorter(graph).prepare()  # CycleError names the circle


def test_each_library_stays_in_its_rooms() -> None:
    wrong = [
        f"{module} imports {library}"
        for library, rooms in ONLY_IN.items()
        for module, names in IMPORTS.items()
        if any(within(name, library) for name in names)
        and not within(module, library)
        and room(module) not in rooms
    ]
    assert not wrong


def test_the_sandbox_knows_nothing_of_the_bot() -> None:
    """A stand-in that shared the bot's idea of Slack would share its mistakes."""
    wrong = [
        f"{module} imports {other}"
        for module in TREES
        if within(module, "bot.sandbox")
        for other in rooms_imported(module)
    ]
    assert not wrong


def test_listeners_reach_no_table() -> None:
    wrong = [
        f"{module} imports {name}"
        for module, names in IMPORTS.items()
        if within(module, "bot.slack.listeners")
        for name in names
        if within(name, "sqlalchemy") or within(name, "bot.library.tables")
    ]
    assert not wrong


def test_pure_rooms_touch_no_clock_network_or_database() -> None:
    pure = [module for module in TREES if any(within(module, room_) for room_ in PURE)]
    everything = {used: module for module in pure for used in reached(module)}
    wrong = [
        f"{used}, which {module} needs, imports {name}"
        for used, module in everything.items()
        for name in IMPORTS[used]
        if name.split(".")[0] in IMPURE
    ]
    wrong += [f"{used} calls {clock}" for used in everything for clock in clocks(TREES[used])]
    assert not wrong
