"""The search index as a file: derived from the library, so what goes wrong is mended by making it anew."""

from __future__ import annotations

import fcntl
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import structlog

from bot.errors import LibraryError
from bot.library.search import torn
from bot.library.search.documents import Torn

log = structlog.get_logger(__name__)

T = TypeVar("T")

SCHEMA = 4  # with any other number, older or newer, the file is made anew
PATIENCE = 10.0  # seconds that a writer waits for another
CACHE = 16_000  # kB a connection

# Words come here as stems that words.py folded and split, so that the index knows the very words that
# filters know: to the `ascii` tokenizer whatever is not ASCII is part of a word. The text itself is in
# `paper.words`, once.
TABLES = (
    """CREATE VIRTUAL TABLE text USING fts5(
        title, authors, summary, tags, code, flags, title_alias, summary_alias,
        content = '', columnsize = 0, tokenize = 'ascii')""",
    # Titles once more: a word is in few titles, however many papers have it, so that these are soon read.
    """CREATE VIRTUAL TABLE heading USING fts5(
        words, content = '', columnsize = 0, detail = none, tokenize = 'ascii')""",
    """CREATE TABLE paper (
        id INTEGER PRIMARY KEY, paper_id INTEGER NOT NULL UNIQUE,
        arxiv_id TEXT, title TEXT NOT NULL, url TEXT, words TEXT NOT NULL)""",
    "CREATE INDEX paper_arxiv_id ON paper (arxiv_id)",
    # Words as they are written, with their stems where these are others, how many papers have them, and how
    # many in the title. By words alone: of a million papers there are ten million, and each costs a page.
    """CREATE TABLE term (
        term TEXT PRIMARY KEY, stem TEXT, papers INTEGER NOT NULL, titles INTEGER NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX term_stem ON term (stem) WHERE stem IS NOT NULL",
    # Words that many papers have; an index of these would be written at each count.
    "CREATE TABLE common (term TEXT PRIMARY KEY) WITHOUT ROWID",
    # How words start, and what is left of these starts after deletions: see spelling.py.
    "CREATE TABLE start (id INTEGER PRIMARY KEY)",
    """CREATE VIRTUAL TABLE leftover USING fts5(
        tokens, content = '', columnsize = 0, detail = none, tokenize = 'ascii')""",
    """CREATE TABLE acronym (
        short TEXT NOT NULL, long TEXT NOT NULL, papers INTEGER NOT NULL, PRIMARY KEY (long, short))""",
    "CREATE TABLE tag (name TEXT PRIMARY KEY) WITHOUT ROWID",
    # The last paper that was taken in, and how many there are.
    "CREATE TABLE progress (seq INTEGER NOT NULL, paper_id INTEGER, title TEXT, papers INTEGER NOT NULL)",
    "INSERT INTO progress (seq, papers) VALUES (0, 0)",
)


@dataclass(frozen=True)
class _Held:
    connection: sqlite3.Connection
    inode: int  # not given to another file while this one is open


class IndexFile:
    """A connection a thread, each to the file that is at the path now."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._doubted: set[torn.Place] = set()

    def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """A file that is torn, or was taken away meanwhile, costs a second try on an empty one.

        `work` has to be about what the file says: what goes wrong with it is taken for the file's fault.
        """
        try:
            try:
                return work(self._connection())
            except Exception as error:
                if not self._mend(error):
                    raise
            return work(self._connection())
        except (sqlite3.Error, OSError, Torn) as error:
            raise LibraryError(
                f"The search index {self.path} can't be used ({error}). See that the disk has room and that "
                "Paperboy may write there. The file may be deleted: it is made anew from the library."
            ) from error

    def close(self) -> None:
        """Once no thread uses it any more."""
        while self._open:
            self._open.pop().close()

    def _connection(self) -> sqlite3.Connection:
        held = self._held()
        if held and held.inode == self._inode():
            return held.connection
        self._let_go()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._alone():
            if not self.path.exists():
                self._remove()  # its log, which must not be taken for the new file's
            connection = sqlite3.connect(
                self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
            )
            self._open.append(connection)
            self._local.held = _Held(connection, self._inode())
            _prepare(connection)
        return connection

    def _held(self) -> _Held | None:
        return getattr(self._local, "held", None)

    def _let_go(self) -> None:
        if held := self._held():
            self._local.held = None
            self._open.remove(held.connection)
            held.connection.close()

    def _mend(self, error: Exception) -> bool:
        """Whether another try makes sense."""
        with self._alone():
            held = self._held()
            moved = held is not None and held.inode != self._inode()
            self._let_go()
            if moved:
                return True
            if not self._is_torn(error):
                return False
            log.warning("the search index is damaged, and is made anew", exc_info=error)
            self._remove()
            return True

    def _is_torn(self, error: Exception) -> bool:
        """What may as well be a mistake of ours costs the file once: it would not be gone with it."""
        if torn.is_outside(error):
            return False
        if torn.is_certain(error):
            return True
        place = torn.place(error)
        known = place in self._doubted
        self._doubted.add(place)
        return not known

    def _inode(self) -> int:
        try:
            return self.path.stat().st_ino
        except FileNotFoundError:
            return 0

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While a file comes or goes, no other thread or process may take it for the one before."""
        with Path(f"{self.path}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _remove(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)


@contextmanager
def transaction(connection: sqlite3.Connection, kind: str = "IMMEDIATE") -> Iterator[None]:
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def empty(connection: sqlite3.Connection) -> None:
    """Make every table anew, within the caller's transaction."""
    # A virtual table takes its shadow tables with it, so those are asked for afterwards.
    for kind in ("sql LIKE 'CREATE VIRTUAL%'", "name NOT LIKE 'sqlite_%'"):
        tables = connection.execute(f"SELECT name FROM sqlite_master WHERE type = 'table' AND {kind}")  # noqa: S608
        for (name,) in tables.fetchall():
            connection.execute(f'DROP TABLE "{name}"')
    for statement in TABLES:
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {SCHEMA}")


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA cache_size = -{CACHE}")
    connection.execute("PRAGMA wal_autocheckpoint = 4000")
    if _schema(connection) == SCHEMA:
        return
    with transaction(connection):
        if _schema(connection) != SCHEMA:  # nobody made it while we waited
            empty(connection)


def _schema(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version
