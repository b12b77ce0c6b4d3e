"""A file of SQLite copied while others write to it."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tools.errors import StoreCorruptError, StoreError
from tools.stores.sql.sqlite_copy import copy_database

ROWS = 30_000


def unheard(done: int, total: int) -> None:
    """Progress that nobody looks at."""


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Path]:
    """A database of some 30 MB whose log is not yet taken in."""
    file = tmp_path / "source.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE notes (number INTEGER PRIMARY KEY, text TEXT, pair INTEGER)")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO notes VALUES (?, ?, 0)", [(number, "n" * 1000) for number in range(ROWS)])
        connection.execute("COMMIT")
        yield file


def rows(file: Path) -> list[tuple[int, int]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT pair, count(*) FROM notes GROUP BY pair ORDER BY pair").fetchall()


def test_the_copy_is_of_one_moment_and_ends_while_another_writes(source: Path, tmp_path: Path) -> None:
    ended = threading.Event()
    written = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(source, isolation_level=None, timeout=10)) as connection:
            pair = 0
            while not ended.is_set():
                pair += 1
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany("INSERT INTO notes (text, pair) VALUES ('x', ?)", [(pair,)] * 2)
                connection.execute("COMMIT")
                written.set()

    writer = threading.Thread(target=write)
    writer.start()
    told: list[tuple[int, int]] = []
    try:
        assert written.wait(10)
        copy_database(source, tmp_path / "copy.db", lambda done, total: told.append((done, total)))
    finally:
        ended.set()
        writer.join()
    counted = rows(tmp_path / "copy.db")
    assert counted[0] == (0, ROWS)
    assert {count for pair, count in counted if pair} == {2}, "a transaction is in it wholly or not at all"
    assert len(counted) <= len(rows(source))
    assert told[-1][0] == told[-1][1] > 0
    assert [path.name for path in tmp_path.glob("copy.db*")] == ["copy.db"]


def test_what_is_no_database_or_damaged_is_said(source: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("not a database at all, however long " * 100)
    with pytest.raises(StoreCorruptError, match=r"text\.db"):
        copy_database(text, tmp_path / "copy.db", unheard)
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with source.open("r+b") as file:
        file.seek(5 * 4096)
        file.write(b"\xff" * 4096 * 20)
    with pytest.raises(StoreCorruptError, match=r"source\.db"):
        copy_database(source, tmp_path / "other.db", unheard)


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"none\.db"):
        copy_database(tmp_path / "none.db", tmp_path / "copy.db", unheard)
    assert not (tmp_path / "none.db").exists()
