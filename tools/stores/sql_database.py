"""One SQL database with threads of its own: any number of event loops may use it at once."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, Insert, Table, create_engine, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from tools.errors import InputError, StoreError
from tools.stores.migrations import check_version, migrate
from tools.stores.sqlite_engine import READERS, sqlite_engine, sqlite_error, use_write_ahead_log

Result = TypeVar("Result")


class SqlDatabase:
    """Runs functions on a connection: readers beside each other, writers one after the other.

    A function is one transaction. Cancelling the await leaves it whole: it is done or was never begun.
    """

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine = engine
        self._writing_engine = engine.execution_options(writes=True)
        self._place = place
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="signpost-ledger-read")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="signpost-ledger-write")

    @classmethod
    def open(cls, url_or_path: str | Path) -> "SqlDatabase":
        """Opens a file or a database URL and brings its schema up to date. Blocks.

        Raises StoreCorruptError, StoreNewerError, StoreHeldError or StoreError; then the file is as it was.
        """
        engine, place = _engine(url_or_path)
        database = cls(engine, place)
        try:
            check_version(engine, place)
            if engine.dialect.name == "sqlite":
                use_write_ahead_log(engine)
            migrate(database._writing_engine, place)
        except BaseException as error:
            engine.dispose()
            if isinstance(error, DBAPIError):
                raise database._explained(error) from error
            raise
        return database

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """`work` in a read transaction: it sees one state of the database."""
        return await self._submit(self._readers, self._engine, work)

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """`work` in a write transaction, in the order of the calls."""
        return await self._submit(self._writer, self._writing_engine, work)

    async def close(self) -> None:
        """Lets running transactions end, then releases files and threads. May be called twice."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._readers.shutdown()
        self._writer.shutdown()
        self._engine.dispose()

    async def _submit(self, executor: Executor, engine: Engine, work: Callable[[Connection], Result]) -> Result:
        loop = asyncio.get_running_loop()
        try:
            future = loop.run_in_executor(executor, self._run, engine, work)
        except RuntimeError as error:
            raise StoreError(f"The ledger {self._place} is closed.") from error
        return await future

    def _run(self, engine: Engine, work: Callable[[Connection], Result]) -> Result:
        try:
            with engine.begin() as connection:
                return work(connection)
        except DBAPIError as error:
            raise self._explained(error) from error
        except UnicodeEncodeError as error:
            raise InputError(
                "A text is not valid Unicode and cannot be stored or looked up.",
                why="It holds half of a surrogate pair, as a file name in another encoding does.",
                next_step="Rename the file or save the text as UTF-8.",
            ) from error

    def _explained(self, error: DBAPIError) -> StoreError:
        if self._engine.dialect.name == "sqlite":
            return sqlite_error(error, self._place)
        return StoreError(f"The ledger {self._place} could not be used.", why=type(error.orig).__name__)


def _engine(url_or_path: str | Path) -> tuple[Engine, str]:
    """The engine with the name that messages give it, without a password."""
    if isinstance(url_or_path, Path) or "://" not in url_or_path:
        path = Path(url_or_path)
        return sqlite_engine(path), str(path)
    url = make_url(url_or_path)
    if url.get_backend_name() == "sqlite" and url.database:
        return sqlite_engine(Path(url.database)), url.database
    return create_engine(url), url.render_as_string(hide_password=True)


def insert_new(connection: Connection, table: Table) -> Insert:
    """INSERT that passes over rows whose primary key is there already."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
