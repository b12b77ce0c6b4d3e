"""A copy of a SQLite file as it is at one moment, while any process reads and writes it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tools.errors import StoreCorruptError, StoreError
from tools.stores.progress import Progress

_PAGES = 4096
_BUSY_SECONDS = 10.0


def copy_database(source: Path, target: Path, progress: Progress) -> None:
    """Copies all that was committed when it begins, what still stands in the write-ahead log included. Blocks.

    The copy is one file, and checked. `progress` is called with the pages done, and due. Raises StoreCorruptError for a
    damaged source, StoreError where it cannot be read or the copy not be written.
    """
    try:
        with closing(_connect(source)) as read, closing(sqlite3.connect(target, isolation_level=None)) as written:
            # Held until the end: without it the copy would begin anew whenever somebody writes, perhaps for ever.
            read.execute("BEGIN")
            read.execute("SELECT count(*) FROM sqlite_master").fetchone()
            read.backup(written, pages=_PAGES, progress=lambda _, left, total: progress(total - left, total))
            written.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
            (found,) = written.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        raise _explained(error, source) from error
    if found != "ok":
        raise _damaged(source, found)


def _connect(file: Path) -> sqlite3.Connection:
    """Not made where it is missing. It may be written: who comes first after a crash takes in the log."""
    return sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=_BUSY_SECONDS)


def _explained(error: sqlite3.DatabaseError, source: Path) -> StoreError:
    if (getattr(error, "sqlite_errorcode", 0) & 0xFF) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return _damaged(source, str(error))
    return StoreError(
        f"{source} could not be copied.",
        why=f"SQLite says: {error}.",
        next_step="Check that you may read it, and that there is room where the copy is to stand.",
    )


def _damaged(source: Path, why: str) -> StoreCorruptError:
    return StoreCorruptError(
        f"{source} is damaged.",
        why=f"SQLite says: {why}.",
        next_step="Restore an earlier backup: signpost restore FILE",
    )
