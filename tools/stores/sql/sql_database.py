"""One SQL database with threads of its own: any number of event loops may use it at once."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, Insert, Table, event, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from tools.errors import InputError, StoreError
from tools.stores.invalid_text import not_unicode
from tools.stores.sql.migrations import MIGRATIONS, check_version, migrate
from tools.stores.sql.sqlite_engine import SqliteEngine
from tools.stores.sql.tables import schema_version

DEFAULT_TIMEOUT_SECONDS = 5.0
_WAIT_SECONDS = 0.01

Result = TypeVar("Result")


class SqlEngine(Protocol):
    """What SQLite and PostgreSQL do each in its own way. All but `exclusive` blocks."""

    readers: int
    """How many may read at once."""
    root: Engine
    """Of which the next three are variants: they share its connections."""
    reading: Engine
    """Each transaction sees one state of the database."""
    writing: Engine
    """Each transaction first waits for those of all processes that write; after a while that is an error."""
    patient: Engine
    """The same, with time for long statements."""

    @property
    def place(self) -> str:
        """The name that messages give it; no password."""
        ...

    def check(self) -> None:
        """Reads only. Raises StoreError when it is not fit to be used."""
        ...

    def prepare(self) -> None:
        """Sets up what the schema does not."""
        ...

    def describe(self, connection: Connection) -> str:
        """Kind, version and place."""
        ...

    def exclusive(self, name: str) -> AbstractAsyncContextManager[None]:
        """Keeps other processes out of the section of this name."""
        ...

    def explained(self, error: DBAPIError) -> StoreError:
        """What an error means to the user."""
        ...


class SqlDatabase:
    """Runs functions on a connection: readers beside each other, writers one after the other.

    A function is one transaction. Cancelling the await leaves it whole: it is done or was never begun.
    """

    def __init__(self, engine: SqlEngine) -> None:
        self._engine = engine
        self._sections: dict[str, threading.Lock] = {}
        self._readers = ThreadPoolExecutor(engine.readers, thread_name_prefix="signpost-ledger-read")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="signpost-ledger-write")
        event.listen(engine.root, "before_cursor_execute", _refuse_nul)

    @classmethod
    def open(cls, url_or_path: str | Path, *, timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS) -> "SqlDatabase":
        """Opens a file (a Path) or a database (its URL) and brings its schema up to date. Blocks.

        timeout_seconds: how long a server may take for one answer; a migration may take longer.
        Raises InputError for a URL of another kind, and StoreCorruptError, StoreNewerError, StoreHeldError or
        StoreError when the database cannot be used; then it is as it was.
        """
        engine = _engine(url_or_path, timeout_seconds)
        try:
            engine.check()
            version = check_version(engine.reading, engine.place)
            engine.prepare()
            if version < len(MIGRATIONS):  # or it would wait for every writer, and need the right to write
                migrate(engine.patient, engine.place)
        except BaseException as error:
            engine.root.dispose()
            if isinstance(error, DBAPIError):
                raise engine.explained(error) from error
            raise
        return cls(engine)

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """`work` in a read transaction: it sees one state of the database."""
        return await self._submit(self._readers, self._engine.reading, work)

    async def write(self, work: Callable[[Connection], Result], *, patiently: bool = False) -> Result:
        """`work` in a write transaction, in the order of the calls. patiently: one statement of it may take minutes."""
        engine = self._engine.patient if patiently else self._engine.writing
        return await self._submit(self._writer, engine, work)

    def read_blocking(self, work: Callable[[Connection], Result]) -> Result:
        """`work` in a read transaction, in this thread: while the stores open."""
        return self._run(self._engine.reading, work)

    def write_blocking(self, work: Callable[[Connection], Result]) -> Result:
        """The same in a write transaction."""
        return self._run(self._engine.writing, work)

    @asynccontextmanager
    async def exclusive(self, name: str) -> AsyncIterator[None]:
        """One at a time in the section of this name, over all event loops and processes. Raises StoreError."""
        section = self._sections.setdefault(name, threading.Lock())
        while not section.acquire(blocking=False):  # noqa: ASYNC110 - an asyncio.Event belongs to one loop
            await asyncio.sleep(_WAIT_SECONDS)
        try:
            async with self._engine.exclusive(name):
                yield
        finally:
            section.release()

    async def check(self) -> str:
        """Kind, version and place of the database. Raises StoreError when it does not answer or cannot be written."""
        return await self.write(self._described)

    async def close(self) -> None:
        """Lets running transactions end, then releases files and threads. May be called twice."""
        await asyncio.to_thread(self.close_blocking)

    def close_blocking(self) -> None:
        """The same in this thread: while the stores open."""
        self._readers.shutdown()
        self._writer.shutdown()
        self._engine.root.dispose()

    def _described(self, connection: Connection) -> str:
        # Written, because only that tells: rights, a standby, a full disk.
        connection.execute(update(schema_version).values(version=schema_version.c.version))
        return self._engine.describe(connection)

    async def _submit(self, executor: Executor, engine: Engine, work: Callable[[Connection], Result]) -> Result:
        loop = asyncio.get_running_loop()
        try:
            future = loop.run_in_executor(executor, self._run, engine, work)
        except RuntimeError as error:
            raise StoreError(f"The ledger {self._engine.place} is closed.") from error
        return await future

    def _run(self, engine: Engine, work: Callable[[Connection], Result]) -> Result:
        try:
            with engine.begin() as connection:
                return work(connection)
        except DBAPIError as error:
            raise self._engine.explained(error) from error
        except UnicodeEncodeError as error:
            raise not_unicode() from error


def _engine(url_or_path: str | Path, timeout_seconds: float) -> SqlEngine:
    if isinstance(url_or_path, Path):
        return SqliteEngine(url_or_path)
    from tools.stores.sql.postgres_address import PostgresAddress  # a driver that only a server needs
    from tools.stores.sql.postgres_engine import PostgresEngine

    return PostgresEngine(PostgresAddress.parse(url_or_path, timeout_seconds))


def _refuse_nul(
    _connection: Connection, _cursor: Any, _statement: str, parameters: Any, _context: Any, executemany: bool
) -> None:
    """PostgreSQL cannot store the character, and what one database refuses the other does not take either."""
    for row in parameters if executemany else (parameters,):
        for value in row.values() if isinstance(row, dict) else row:
            if isinstance(value, str) and "\0" in value:
                raise InputError(
                    "A text cannot be stored or looked up.",
                    why="It holds the character NUL, which no text has.",
                    next_step="Take it out and try again.",
                )


def insert_new(connection: Connection, table: Table) -> Insert:
    """INSERT that passes over rows whose primary key is there already."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
