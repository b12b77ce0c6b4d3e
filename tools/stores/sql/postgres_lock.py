"""A lock in PostgreSQL that one process at a time holds, over all machines: a session's advisory lock."""

import asyncio
import time
import zlib
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import psycopg
from psycopg.rows import TupleRow

from tools.errors import StoreHeldError
from tools.stores.sql.postgres_address import PostgresAddress
from tools.stores.sql.postgres_connection import BoundedConnection, connect
from tools.stores.sql.postgres_errors import postgres_error

# Asked again and again instead of waited for in the server: a statement that waits there keeps CREATE INDEX
# CONCURRENTLY waiting for it, which the holder may be doing.
_ASK_AGAIN_SECONDS = 0.05
_LIVES_IDLE = "SELECT set_config('idle_session_timeout', '0', false)"
# Nobody holds it for longer who is well: one batch, or emptying what is built again.
_LONGEST_HOLD_SECONDS = 300.0
_LOOK_AT_HOLDER_SECONDS = 1.0
# The holder's connection says nothing while it holds the lock. Of another role's it is not told since when that is so.
_HOLDER = """
SELECT pid, application_name, host(client_addr), extract(epoch FROM clock_timestamp() - state_change)::float8
FROM pg_locks JOIN pg_stat_activity USING (pid), (SELECT {key}) AS held (name, place)
WHERE locktype = 'advisory' AND granted AND objsubid = 2
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND classid::bigint = name::bigint & 4294967295 AND objid::bigint = place::bigint & 4294967295
"""


def lock_key(name: str) -> str:
    """The arguments of PostgreSQL's lock functions: `name` of Signpost in the current schema of the database."""
    number = zlib.crc32(f"signpost {name}".encode()) - 2**31
    return f"{number}, hashtext(coalesce(current_schema(), ''))"


@asynccontextmanager
async def session_lock(address: PostgresAddress, name: str) -> AsyncIterator[None]:
    """Waits for the lock and holds it, by a connection of its own: the server takes it back when the process dies.

    Raises StoreError when the server does not answer, and StoreHeldError when another has held the lock for minutes,
    as a stopped process does. Blocks no event loop; a wait that is cancelled holds nothing.
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
        self._holder = _HOLDER.format(key=lock_key(name)).encode()
        self._begun = time.monotonic()
        self._look_at = self._begun
        self._connection: BoundedConnection | None = None

    def acquire(self) -> bool:
        """Whether the lock is held now. Raises StoreError."""
        try:
            if self._connection is None:
                self._connection = connect(self._address)
                self._connection.execute(_LIVES_IDLE)
            row = self._connection.execute(self._statement).fetchone()
            if row is not None and row[0]:
                return True
            if time.monotonic() >= self._look_at:
                self._look_at = time.monotonic() + _LOOK_AT_HOLDER_SECONDS
                self._refuse_stuck(self._connection.execute(self._holder).fetchone())
        except psycopg.Error as error:
            raise postgres_error(error, self._address) from error
        return False

    def _refuse_stuck(self, holder: TupleRow | None) -> None:
        if holder is None:
            return  # it has just given it back
        pid, program, client, held = holder
        seconds = time.monotonic() - self._begun if held is None else held
        if seconds > _LONGEST_HOLD_SECONDS:
            at = f" at {client}" if client else ""
            raise StoreHeldError(
                f"What is stored in {self._address.place} could not be indexed: another process is at it, and stuck.",
                why=f"'{program}'{at} has kept its turn for {seconds:,.0f} seconds, by connection {pid} of the server.",
                next_step="Let that process go on (fg, where it was stopped by Ctrl-Z) or end it; from afar:"
                f" SELECT pg_terminate_backend({pid}). Then try again; what was added is kept.",
            )

    def release(self) -> None:
        if self._connection is not None:
            self._connection.close()
