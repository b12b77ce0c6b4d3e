"""Conversations in PostgreSQL: LangGraph's checkpointer over a connection that nothing waits on for ever."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from psycopg import Error

from tools.stores.sql.postgres_address import PostgresAddress
from tools.stores.sql.postgres_connection import BoundedAsyncConnection, UnansweredError, connect, connect_async
from tools.stores.sql.postgres_errors import postgres_error
from tools.stores.sql.postgres_lock import session_lock

# Its tables are made with indexes, which may wait for others that write.
_SETUP_SECONDS = 600.0

Result = TypeVar("Result")


@asynccontextmanager
async def open_postgres_threads(url: str, timeout_seconds: float) -> AsyncIterator["PostgresThreads"]:
    """The checkpointer, its tables made. For the event loop it is opened on. Raises InputError or StoreError."""
    address = PostgresAddress.parse(url, timeout_seconds)
    try:
        threads = PostgresThreads(await connect_async(address), address)
    except Error as error:
        raise postgres_error(error, address) from error
    try:
        await threads.setup()
        yield threads
    finally:
        await threads.close()


def count_postgres_threads(url: str, timeout_seconds: float) -> int:
    """How many threads are kept. Blocks. Raises InputError or StoreError; makes nothing."""
    address = PostgresAddress.parse(url, timeout_seconds)
    try:
        with connect(address) as connection:
            if connection.execute("SELECT to_regclass('checkpoints')").fetchone() == (None,):
                return 0
            counted = connection.execute("SELECT count(DISTINCT thread_id) FROM checkpoints").fetchone()
    except Error as error:
        raise postgres_error(error, address) from error
    return int(counted[0]) if counted else 0


class PostgresThreads(AsyncPostgresSaver):
    """The checkpointer over one connection, which is made anew when the server has ended it.

    Its errors are StoreErrors. What is put is put under its own id: putting it twice changes nothing.
    """

    def __init__(self, connection: BoundedAsyncConnection, address: PostgresAddress) -> None:
        super().__init__(connection)
        self._connection = connection
        self._address = address
        self._connecting = asyncio.Lock()

    async def setup(self) -> None:
        """Makes or changes the tables unless they are as they must be. Of two processes the second waits."""
        if await self._asked(self._is_set_up):
            return
        async with session_lock(self._address, "threads"):
            await self._asked(self._set_up)

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        return await self._asked(partial(super().aget_tuple, config))

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        await self._asked(self._is_set_up)  # over a connection that stands
        try:
            async for kept in super().alist(config, filter=filter, before=before, limit=limit):
                yield kept
        except Error as error:
            raise postgres_error(error, self._address) from error

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        return await self._asked(partial(super().aput, config, checkpoint, metadata, new_versions))

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        await self._asked(partial(super().aput_writes, config, writes, task_id, task_path))

    async def adelete_thread(self, thread_id: str) -> None:
        await self._asked(partial(super().adelete_thread, thread_id))

    async def thread_ids(self) -> list[str]:
        """All of them, sorted."""
        return await self._asked(self._thread_ids)

    async def close(self) -> None:
        """Ends the connection."""
        await self._connection.close()

    async def _thread_ids(self) -> list[str]:
        kept = await self._connection.execute("SELECT DISTINCT thread_id FROM checkpoints ORDER BY thread_id")
        return [row["thread_id"] for row in await kept.fetchall()]

    async def _is_set_up(self) -> bool:
        made = await self._connection.execute("SELECT to_regclass('checkpoint_migrations') AS name")
        row = await made.fetchone()
        if row is None or row["name"] is None:
            return False
        newest = await self._connection.execute("SELECT max(v) AS version FROM checkpoint_migrations")
        row = await newest.fetchone()
        return row is not None and row["version"] is not None and row["version"] >= len(self.MIGRATIONS) - 1

    async def _set_up(self) -> None:
        patient = replace(self._address, timeout_seconds=_SETUP_SECONDS)
        async with await connect_async(patient) as connection:
            await AsyncPostgresSaver(connection).setup()

    async def _asked(self, ask: Callable[[], Awaitable[Result]]) -> Result:
        """The answer; asked once more over a new connection when the server has ended this one, as a restart does."""
        try:
            try:
                return await ask()
            except Error as error:
                if not self._connection.closed or isinstance(error, UnansweredError):
                    raise
                await self._reconnect()
                return await ask()
        except Error as error:
            raise postgres_error(error, self._address) from error

    async def _reconnect(self) -> None:
        async with self._connecting:
            if self._connection.closed:
                self._connection = await connect_async(self._address)
                self.conn = self._connection
