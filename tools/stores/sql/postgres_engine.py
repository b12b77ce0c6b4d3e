"""All that is particular to PostgreSQL: how its transactions begin, what keeps writers apart, and what it must be."""

import re
import time
from contextlib import AbstractAsyncContextManager
from typing import Any

from psycopg import Error, IsolationLevel
from psycopg.errors import ConnectionTimeout
from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import DBAPIError

from tools.errors import StoreError
from tools.stores.sql.postgres_address import PostgresAddress
from tools.stores.sql.postgres_connection import BoundedConnection, UnansweredError, connect, patience
from tools.stores.sql.postgres_errors import postgres_error
from tools.stores.sql.postgres_lock import lock_key, session_lock

# The oldest with idle_session_timeout, which the connection that holds a lock switches off. Those before it get no
# more corrections from PostgreSQL's makers.
MINIMUM_VERSION = 14

_READERS = 4
# As long as SQLite's busy timeout: how long a write waits for those of other processes.
_WRITE_LOCK_SECONDS = 10.0
# A migration may rewrite large tables, as may putting a collection back into the outbox; others wait for that.
_PATIENT_SECONDS = 600.0
# Once it has not answered, what waits its turn here is told so at once and does not wait for it too, one by one.
_LEFT_ALONE_SECONDS = 1.0
_TEXT_COLUMN = re.compile(r"\bTEXT\b")


class _LeftAloneError(UnansweredError):
    """The server was not asked."""


class PostgresEngine:
    """What `SqlDatabase` asks of a database, on PostgreSQL.

    Writers of all processes go one after the other, as in SQLite: each write transaction begins by taking one lock of
    the schema, which ends with it. Readers see one state and wait for nobody.
    """

    readers = _READERS

    def __init__(self, address: PostgresAddress) -> None:
        self._address = address
        self._left_alone_until = 0.0
        self.root = create_engine(
            "postgresql+psycopg://",
            creator=self._connect,
            pool_size=_READERS + 1,
            pool_pre_ping=True,
            hide_parameters=True,
            use_native_hstore=False,
        )
        event.listen(self.root, "begin", self._on_begin)
        event.listen(self.root, "checkin", self._on_checkin)
        event.listen(self.root, "handle_error", self._on_error)
        event.listen(self.root, "before_cursor_execute", _order_text_by_bytes, retval=True)
        self.reading: Engine = self.root.execution_options(reads=True)
        self.writing: Engine = self.root.execution_options(lock_seconds=_WRITE_LOCK_SECONDS)
        self.patient: Engine = self.root.execution_options(lock_seconds=_PATIENT_SECONDS, is_patient=True)

    @property
    def place(self) -> str:
        return self._address.place

    def check(self) -> None:
        """Reads only. Raises StoreError when the server is too old or the database holds no Unicode."""
        with self.reading.connect() as connection:
            info = _driver_connection(connection).info
            encoding = info.parameter_status("server_encoding")
        if info.server_version // 10000 < MINIMUM_VERSION:
            raise StoreError(
                f"The server of the database {self.place} is too old.",
                why=f"It is PostgreSQL {_version(info.parameter_status('server_version'))}.",
                next_step=f"Use PostgreSQL {MINIMUM_VERSION} or newer.",
            )
        if encoding != "UTF8":
            raise StoreError(
                f"The database {self.place} cannot hold every text.",
                why=f"Its encoding is {encoding}.",
                next_step="Make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0, and name it in"
                " SIGNPOST_DATABASE_URL.",
            )

    def prepare(self) -> None:
        """Nothing is to be set up before the schema."""

    def describe(self, connection: Connection) -> str:
        """Version and place: "PostgreSQL 15.18 at host:5432/name"."""
        version = _driver_connection(connection).info.parameter_status("server_version")
        return f"PostgreSQL {_version(version)} at {self.place}"

    def exclusive(self, name: str) -> AbstractAsyncContextManager[None]:
        """One at a time of all processes, on whatever machine."""
        return session_lock(self._address, name)

    def explained(self, error: DBAPIError) -> StoreError:
        """What an error means to the user."""
        if isinstance(error.orig, Error):
            return postgres_error(error.orig, self._address)
        return StoreError(f"The database {self.place} could not be used.", why=type(error.orig).__name__)

    def _connect(self) -> BoundedConnection:
        if time.monotonic() < self._left_alone_until:
            raise _LeftAloneError("it has just not answered")
        connection = connect(self._address)
        connection.autocommit = False
        return connection

    def _on_error(self, context: ExceptionContext) -> None:
        error = context.original_exception
        if isinstance(error, UnansweredError | ConnectionTimeout) and not isinstance(error, _LeftAloneError):
            self._left_alone_until = time.monotonic() + _LEFT_ALONE_SECONDS
            if context.is_pre_ping:
                context.is_disconnect = False  # or it would be asked once more, over a new connection

    def _on_begin(self, connection: Connection) -> None:
        driver = _driver_connection(connection)
        options = connection.get_execution_options()
        # A writer waits for its lock and must then see what was written meanwhile; a reader sees one state.
        reads = options.get("reads", False)
        driver.isolation_level = IsolationLevel.REPEATABLE_READ if reads else IsolationLevel.READ_COMMITTED
        driver.read_only = True if reads else None
        statement_seconds = _PATIENT_SECONDS if options.get("is_patient") else self._address.timeout_seconds
        if lock_seconds := options.get("lock_seconds"):
            driver.patience_seconds = patience(lock_seconds)
            connection.exec_driver_sql(_take_write_lock(lock_seconds, statement_seconds))
        driver.patience_seconds = patience(statement_seconds)

    def _on_checkin(self, driver: BoundedConnection | None, _record: Any) -> None:
        if driver is not None:
            driver.patience_seconds = patience(self._address.timeout_seconds)  # before it is asked whether it stands


def _take_write_lock(lock_seconds: float, statement_seconds: float) -> str:
    """One round trip. The clock of the statement must not run out before that of the lock, which says what it is."""
    return "; ".join(
        (
            f"SET LOCAL lock_timeout = {round(lock_seconds * 1000)}",
            f"SET LOCAL statement_timeout = {round(lock_seconds * 1000) + 1000}",
            f"SELECT pg_advisory_xact_lock({lock_key('write')})",
            f"SET LOCAL statement_timeout = {round(statement_seconds * 1000)}",
        )
    )


def _order_text_by_bytes(
    connection: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, _executemany: bool
) -> tuple[str, Any]:
    """Columns whose text is ordered and compared by its bytes, as in SQLite, whatever the database's language is."""
    if statement.lstrip().startswith(("CREATE TABLE", "ALTER TABLE")):
        statement = _TEXT_COLUMN.sub('TEXT COLLATE "C"', statement)
    return statement, parameters


def _driver_connection(connection: Connection) -> BoundedConnection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, BoundedConnection)
    return driver


def _version(told: str | None) -> str:
    """15.18 of "15.18 (Debian 15.18-0+deb12u1)"."""
    return (told or "of an unknown version").split(" (")[0]
