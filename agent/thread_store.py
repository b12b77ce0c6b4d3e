"""Where conversations are kept between two calls: in a file of the home, or in the database that the settings name."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver

from tools.errors import StoreCorruptError, StoreError
from tools.stores.store_settings import StoreSettings


@dataclass(frozen=True, slots=True)
class ThreadStore:
    """`file` holds the threads unless `settings` name a database."""

    file: Path
    settings: StoreSettings = field(default_factory=StoreSettings)

    @property
    def place(self) -> str:
        """The file or database, without a password. Raises InputError when the database's address cannot be read."""
        if not self.settings.database_url:
            return str(self.file)
        from tools.stores.sql.postgres_address import PostgresAddress

        return PostgresAddress.parse(self.settings.database_url, self.settings.timeout_seconds).place

    def open(self) -> AbstractAsyncContextManager[BaseCheckpointSaver[Any]]:
        """The checkpointer, its tables made. For the event loop it is opened on. Raises StoreError and its kin."""
        if not self.settings.database_url:
            return _open_file(self.file)
        # Packages that only a server needs: they take a while.
        from agent.postgres_threads import open_postgres_threads

        return open_postgres_threads(self.settings.database_url, self.settings.timeout_seconds)

    def count(self) -> int:
        """How many conversations are kept. Blocks. Raises StoreError and its kin; makes nothing."""
        if not self.settings.database_url:
            return _count_in_file(self.file)
        from agent.postgres_threads import count_postgres_threads

        return count_postgres_threads(self.settings.database_url, self.settings.timeout_seconds)


@asynccontextmanager
async def open_both(file: Path, settings: StoreSettings) -> AsyncIterator[tuple[Any, Any]]:
    """The checkpointers of a file and of the database that the settings name. Raises StoreError and its kin."""
    async with ThreadStore(file).open() as in_file, ThreadStore(file, settings).open() as in_database:
        yield in_file, in_database


@asynccontextmanager
async def _open_file(file: Path) -> AsyncIterator[BaseCheckpointSaver[Any]]:
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

    async with AsyncSqliteSaver.from_conn_string(str(file)) as saver:
        try:
            await saver.setup()
        except sqlite3.DatabaseError as error:
            raise _unreadable(file, error) from error
        yield saver


def _count_in_file(file: Path) -> int:
    if not file.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            counted = connection.execute("SELECT count(DISTINCT thread_id) FROM checkpoints").fetchone()
    except sqlite3.Error as error:
        raise _unreadable(file, error) from error
    return int(counted[0])


def _unreadable(file: Path, error: sqlite3.Error) -> StoreError:
    return StoreCorruptError(
        f"The conversations in {file} cannot be read.",
        why=str(error),
        next_step="Move the file away; documents are not affected. Without --thread it is not needed.",
    )
