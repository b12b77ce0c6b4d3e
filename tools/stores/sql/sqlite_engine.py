"""All that is particular to SQLite: how its connections are set up and what its errors mean."""

import sqlite3
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from tools.errors import StoreCorruptError, StoreError, StoreHeldError

# With an executor of its own, plus the writer's connection.
READERS = 4
_BUSY_TIMEOUT_SECONDS = 10.0
_CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_HELD = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


class SqliteEngine:
    """What `SqlDatabase` asks of a database, on a file of SQLite."""

    readers = READERS

    def __init__(self, path: Path) -> None:
        self.place = str(path)
        self.root = sqlite_engine(path)
        self.reading: Engine = self.root
        self.writing: Engine = self.root.execution_options(writes=True)
        self.patient: Engine = self.writing

    def check(self) -> None:
        """Nothing is to be asked: SQLite comes with Python."""

    def prepare(self) -> None:
        """Lets readers go on while one writes. The file remembers it. Changes the file: check its version first."""
        connection = self.root.raw_connection()
        try:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()

    def describe(self, _connection: Connection) -> str:
        """Version and place: "SQLite 3.45.1 in /home/lin/.signpost/ledger.db"."""
        return f"SQLite {sqlite3.sqlite_version} in {self.place}"

    def exclusive(self, _name: str) -> AbstractAsyncContextManager[None]:
        """No other process is to be kept out: one at a time holds the home that the file stands in."""
        return nullcontext()

    def explained(self, error: DBAPIError) -> StoreError:
        """What an error means to the user."""
        return sqlite_error(error, self.place)


def sqlite_engine(path: Path) -> Engine:
    """An engine on a file; makes its folder. Connections opened for writing take the write lock when they begin."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder {path.parent} cannot be made.",
            why=error.strerror or str(error),
            next_step="Set SIGNPOST_HOME to a folder that you may write to.",
        ) from error
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": _BUSY_TIMEOUT_SECONDS},
        pool_size=READERS + 1,
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own transactions leave DDL and reads outside; ours begin in _on_begin.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    # Survives the death of the process at any point; only a power cut can take back the last transactions.
    connection.execute("PRAGMA synchronous = NORMAL")
    # What is removed is overwritten: else its text would stand in the file until something else takes its place.
    connection.execute("PRAGMA secure_delete = ON")


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    # Taking the write lock at once: two transactions that read first and write later could not both go on.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def sqlite_error(error: DBAPIError, place: str) -> StoreError:
    """What an error of SQLite means to the user."""
    cause = error.orig
    # The low byte is the error's kind, the rest tells variants apart.
    code = (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF
    if code in _CORRUPT:
        return StoreCorruptError(
            f"The ledger {place} cannot be read.",
            why=f"SQLite says: {cause}.",
            next_step="Nothing was deleted. Restore a backup of the file, or move it away and add the documents again.",
        )
    if code in _HELD:
        return StoreHeldError(
            f"The ledger {place} is in use.",
            why="Another process writes to it.",
            next_step="Wait for it to end and try again.",
        )
    return StoreError(
        f"The ledger {place} could not be used.",
        why=f"SQLite says: {cause}.",
        next_step="Check that the folder is there, that you may write to it and that the disk has room.",
    )
