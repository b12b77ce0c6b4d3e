"""Transactions on one Neo4j server, from any event loop, each answered or given up in bounded time."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from neo4j import (
    READ_ACCESS,
    WRITE_ACCESS,
    AsyncDriver,
    AsyncGraphDatabase,
    AsyncManagedTransaction,
    NotificationMinimumSeverity,
    unit_of_work,
)

from tools.stores.neo4j.address import Neo4jAddress, check_uri
from tools.stores.neo4j.errors import RAISED, explained, is_lost_connection, is_passing
from tools.stores.neo4j.loop_thread import LoopThread
from tools.stores.neo4j.reads import Ask
from tools.stores.store_settings import Neo4jSettings

# Waited before each further attempt when another writer was in the way, more or less by half: they would meet again.
_PAUSES_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
# A write is answered often. Whole, it may take so many times as long as one answer before the server ends it.
_LONGEST_WRITE = 100

Result = TypeVar("Result")
Work = Callable[[Ask], Awaitable[Result]]


class Neo4jConnection:
    """Connects when it is first used. Every method raises StoreError."""

    def __init__(self, settings: Neo4jSettings, timeout_seconds: float) -> None:
        self.address = Neo4jAddress.of(settings)
        self._settings = settings
        self._timeout_seconds = timeout_seconds
        self._loop = LoopThread("signpost-neo4j", last_work=self._close_driver)
        self._driver: AsyncDriver | None = None

    async def read(self, work: Work[Result]) -> Result:
        """`work` in a transaction that reads: all of it within the timeout."""
        return await self._on_loop(lambda: self._attempts(work, READ_ACCESS))

    async def write(self, work: Work[Result]) -> Result:
        """`work` in a transaction on the server that is written: each answer within the timeout.

        It may be run again from its beginning, and must come to the same then.
        """
        return await self._on_loop(lambda: self._attempts(work, WRITE_ACCESS))

    async def agent(self) -> str:
        """What the server calls itself: "Neo4j/5.26.0"."""

        async def ask() -> str:
            async with asyncio.timeout(self._timeout_seconds):
                info = await self._opened().get_server_info()
                return info.agent

        return await self._on_loop(ask)

    async def close(self) -> None:
        """Ends what is under way and closes all connections. May be called twice."""
        await self._loop.close()

    async def _on_loop(self, work: Callable[[], Awaitable[Result]]) -> Result:
        try:
            return await self._loop.run(work)
        except RAISED as error:
            raise explained(error, self.address, self._timeout_seconds) from error

    async def _attempts(self, work: Work[Result], access: str) -> Result:
        now = asyncio.get_running_loop().time
        async with asyncio.timeout(self._timeout_seconds) as patience:

            def answered(pause_seconds: float = 0.0) -> None:
                if access == WRITE_ACCESS:
                    patience.reschedule(now() + pause_seconds + self._timeout_seconds)

            pauses = iter(_PAUSES_SECONDS)
            may_reconnect = True
            while True:
                try:
                    return await self._transaction(work, access, answered)
                except RAISED as error:
                    if is_lost_connection(error) and may_reconnect:
                        may_reconnect = False
                        continue
                    pause = next(pauses, 0.0) * random.uniform(0.5, 1.5)
                    answered(pause)
                    if not pause or not is_passing(error) or now() + pause > (patience.when() or 0.0):
                        raise
                await asyncio.sleep(pause)

    async def _transaction(self, work: Work[Result], access: str, answered: Callable[[], None]) -> Result:
        is_read = access == READ_ACCESS

        @unit_of_work(timeout=self._timeout_seconds * (1 if is_read else _LONGEST_WRITE))
        async def all_of_it(transaction: AsyncManagedTransaction) -> Result:
            async def ask(statement: str, parameters: Mapping[str, Any]) -> list[list[Any]]:
                result = await transaction.run(statement, dict(parameters))
                rows = await result.values()
                answered()
                return rows

            return await work(ask)

        # All rows come in one answer: the statements have limits of their own.
        async with self._opened().session(
            database=self._settings.database or None, default_access_mode=access, fetch_size=-1
        ) as session:
            execute = session.execute_read if is_read else session.execute_write
            return await execute(all_of_it)

    async def _close_driver(self) -> None:
        if self._driver is not None:
            with suppress(*RAISED):
                async with asyncio.timeout(self._timeout_seconds):
                    await self._driver.close()

    def _opened(self) -> AsyncDriver:
        """The driver, on its own loop alone."""
        if self._driver is None:
            check_uri(self._settings.uri)
            _silence_driver()
            self._driver = AsyncGraphDatabase.driver(
                self._settings.uri,
                auth=(self._settings.username, self._settings.password),
                # Whoever reads sees what was written through this driver before, on any server of a cluster.
                bookmark_manager=AsyncGraphDatabase.bookmark_manager(),
                notifications_min_severity=NotificationMinimumSeverity.OFF,
                telemetry_disabled=True,
                # What is begun again, when and how often is decided here, and time runs out here first.
                max_transaction_retry_time=-1,
                connection_timeout=2 * self._timeout_seconds,
                connection_acquisition_timeout=2 * self._timeout_seconds,
            )
        return self._driver


def _silence_driver() -> None:
    """What goes wrong is raised: it need not be printed too. A level that somebody has set stays."""
    logger = logging.getLogger("neo4j")
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.CRITICAL)
