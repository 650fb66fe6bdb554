"""What is kept on this side: the database, its disk, the sources, the library and its index, the ledger."""

from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator

from bot.app.core import Core, folder_of
from bot.delivery import desk
from bot.delivery.silence import Silence
from bot.delivery.silence_watch import silent
from bot.doctor.finding import Finding, Health
from bot.errors import BotError, SettingsError
from bot.library import digests, engines, sources
from bot.library.database import Database
from bot.library.sources import SourceState
from bot.model import State
from bot.settings import FolderSettings, Settings, SourceSettings

SILENT = "It is read without error, and has nothing new: look there, or at `path` in the settings."
ROOM = 100 * 2**20  # bytes; years of digests


async def database(settings: Settings) -> Finding:
    try:
        folder_of(settings.data)
        file = engines.file_of(engines.understood(settings.database_url))
        if file and engines.is_absent(file):
            return Finding("database", Health.NOTE, f"there is no {file} yet", "`paperboy run` makes it.")
        place = await _sound(Database(settings.database_url))
    except BotError as error:
        return Finding("database", Health.WRONG, error.user_message)
    return Finding("database", Health.FINE, f"{place} is up to date and can be written")


async def _sound(database: Database) -> str:
    try:
        await database.require_current()
        await database.require_writable()
        return database.place
    finally:
        await database.close()


def disk(settings: Settings, room: int = ROOM) -> Finding:
    """Of PAPERBOY_DATA, or of the folder that it will be made in."""
    try:
        free = shutil.disk_usage(folder_of(settings.data)).free
    except SettingsError as error:
        return Finding("disk", Health.WRONG, error.user_message)
    found = f"{free / 2**30:.1f} GB free for {settings.data}"
    if free < room:
        return Finding("disk", Health.WRONG, found, "Free some space: soon nothing can be stored any more.")
    return Finding("disk", Health.FINE, found)


async def examine(settings: Settings, core: Core | None) -> AsyncGenerator[Finding, None]:
    """The sources; and where the database can be asked, what came of them."""
    states: dict[str, SourceState] = {}
    quiet: dict[str, Silence] = {}
    if core:
        async with core.database.read() as conn:
            states = {state.name: state for state in await sources.states(conn)}
            held = await digests.counts(conn)
            posts = await desk.counts(conn)
            quiet = await silent(conn, states.keys())
    for source in settings.sources:
        yield _source(source, states.get(source.name), quiet.get(source.name))
    if core is None:
        return
    yield _library(held)
    yield await _index(core)
    yield _ledger(posts)


def _source(settings: SourceSettings, state: SourceState | None, quiet: Silence | None) -> Finding:
    check = f"source {settings.name}"
    if isinstance(settings, FolderSettings) and not settings.path.is_dir():
        found = f"there is no folder {settings.path}"
        return Finding(check, Health.WRONG, found, "Create it, or mend `path` in the settings.")
    if state is None or state.attempted_at is None:
        advice = "`paperboy run` reads it, and so does `paperboy ingest`."
        return Finding(check, Health.NOTE, "never read yet", advice)
    if state.error:
        found = f"failing since {state.failing_since:%Y-%m-%d %H:%M} UTC"
        return Finding(check, Health.WRONG, found, state.error)
    if quiet:
        found = f"silent for {quiet.days} days, and never before for more than {quiet.longest} days"
        return Finding(check, Health.NOTE, found, SILENT)
    return Finding(check, Health.FINE, f"last read {state.attempted_at:%Y-%m-%d %H:%M} UTC")


def _library(held: digests.Counts) -> Finding:
    if held.newest is None:
        return Finding("library", Health.NOTE, "no digest yet", "`paperboy ingest PATH` takes some in.")
    found = f"papers: {held.papers}, digests: {held.digests}, the newest of {held.newest}"
    return Finding("library", Health.FINE, found)


async def _index(core: Core) -> Finding:
    try:
        taken = await core.library.catch_up()
    except BotError as error:
        return Finding("search index", Health.WRONG, error.user_message)
    return Finding("search index", Health.FINE, f"in step; it lacked {taken} papers" if taken else "in step")


def _ledger(posts: dict[str, int]) -> Finding:
    found = ", ".join(f"{number} {state}" for state, number in sorted(posts.items())) or "none yet"
    if posts.get(State.PARKED):
        advice = "`paperboy deliveries --state parked` says why each was given up."
        return Finding("deliveries", Health.NOTE, found, advice)
    return Finding("deliveries", Health.FINE, found)
