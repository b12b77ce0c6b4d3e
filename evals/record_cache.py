"""Rows that were run already, so that a repeat costs nothing and what was stopped goes on."""

import json
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.errors import StoreError

_MAKE = "CREATE TABLE IF NOT EXISTS outcomes (key TEXT PRIMARY KEY, outcome TEXT NOT NULL, used_at REAL NOT NULL)"
_DAY = 24 * 3600.0
_KEPT_DAYS = 30


class RecordCache:
    """JSON values by key, in a file of their own. What is put is there at once, also after kill -9.

    What nobody has asked for in 30 days is forgotten: it is of code that has changed since.
    """

    def __init__(self, file: Path) -> None:
        """Raises StoreError when the file cannot be used."""
        self._file = file
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute(_MAKE)
            self._connection.execute("DELETE FROM outcomes WHERE used_at < ?", (time.time() - _KEPT_DAYS * _DAY,))
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from error

    def get(self, key: str) -> dict[str, Any] | None:
        """What was put under `key`. Raises StoreError."""
        now = time.time()
        try:
            found = self._connection.execute("SELECT outcome, used_at FROM outcomes WHERE key = ?", (key,)).fetchone()
            if found and found[1] < now - _DAY:
                self._connection.execute("UPDATE outcomes SET used_at = ? WHERE key = ?", (now, key))
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        return json.loads(found[0]) if found else None

    def put(self, key: str, outcome: Mapping[str, Any]) -> None:
        """Replaces what was there. Raises StoreError."""
        values = (key, json.dumps(outcome), time.time())  # in ASCII: text of documents need be no Unicode
        try:
            self._connection.execute("INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?)", values)
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def forget(self, text: str) -> None:
        """Deletes what holds this very text as one of its values, without a trace in the file. Raises StoreError."""
        try:
            self._connection.execute("PRAGMA secure_delete = ON")
            # As JSON, between its quotes: it is then one whole text and no part of another.
            self._connection.execute("DELETE FROM outcomes WHERE instr(outcome, ?)", (json.dumps(text),))
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def close(self) -> None:
        """Releases the file."""
        self._connection.close()

    def _unusable(self, error: Exception) -> StoreError:
        return StoreError(
            f"The results kept in {self._file} cannot be used.",
            why=str(error),
            next_step="Move the file away: what it held is run again.",
        )
