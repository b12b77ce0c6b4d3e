"""A lock in PostgreSQL that one process at a time holds, over all machines: a session's advisory lock."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import psycopg

from tools.stores.sql.postgres_address import PostgresAddress
from tools.stores.sql.postgres_connection import BoundedConnection, connect
from tools.stores.sql.postgres_errors import postgres_error

# Asked again and again instead of waited for in the server: a statement that waits there keeps CREATE INDEX
# CONCURRENTLY waiting for it, which the holder may be doing.
_ASK_AGAIN_SECONDS = 0.05
_LIVES_IDLE = "SELECT set_config('idle_session_timeout', '0', false)"


def lock_key(name: str) -> str:
    """The arguments of PostgreSQL's lock functions: `name` of Signpost in the current schema of the database."""
    number = zlib.crc32(f"signpost {name}".encode()) - 2**31
    return f"{number}, hashtext(coalesce(current_schema(), ''))"


@asynccontextmanager
async def session_lock(address: PostgresAddress, name: str) -> AsyncIterator[None]:
    """Waits for the lock and holds it, by a connection of its own: the server takes it back when the process dies.

    Raises StoreError when the server does not answer. Blocks no event loop; a wait that is cancelled holds nothing.
    """
    lock = _SessionLock(address, name)
    # One thread: what a cancelled call still does is over before the connection is closed.
    thread = ThreadPoolExecutor(1, thread_name_prefix="signpost-lock")
    loop = asyncio.get_running_loop()
    try:
        while not await loop.run_in_executor(thread, lock.acquire):  # noqa: ASYNC110 - another process gives it back
            await asyncio.sleep(_ASK_AGAIN_SECONDS)
        yield
    finally:
        released = loop.run_in_executor(thread, lock.release)
        thread.shutdown(wait=False)
        await released


class _SessionLock:
    """Its calls block."""

    def __init__(self, address: PostgresAddress, name: str) -> None:
        self._address = address
        self._statement = f"SELECT pg_try_advisory_lock({lock_key(name)})".encode()
        self._connection: BoundedConnection | None = None

    def acquire(self) -> bool:
        try:
            if self._connection is None:
                self._connection = connect(self._address)
                self._connection.execute(_LIVES_IDLE)
            row = self._connection.execute(self._statement).fetchone()
        except psycopg.Error as error:
            raise postgres_error(error, self._address) from error
        return row is not None and bool(row[0])

    def release(self) -> None:
        if self._connection is not None:
            self._connection.close()
