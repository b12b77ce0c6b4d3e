"""Connections to PostgreSQL on which nothing waits for ever."""

import logging
import time
from collections.abc import Generator
from typing import Any, TypeVar

from psycopg import AsyncConnection, Connection, OperationalError
from psycopg.abc import PQGen
from psycopg.rows import DictRow, TupleRow, dict_row

from tools.stores.sql.postgres_address import PostgresAddress

# The server is to end a statement itself and say so, before the wait for it ends here.
_SERVER_FIRST_SECONDS = 1.0
# Neither a process that was stopped in the middle of a transaction may keep all others waiting, nor a lost machine.
_IDLE_IN_TRANSACTION_SECONDS = 60
_PEER_IS_ASKED = "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"

# It warns of what follows from an error that it raises as well, in the middle of the user's screen.
logging.getLogger("psycopg").setLevel(logging.ERROR)

Result = TypeVar("Result")


class UnansweredError(OperationalError):
    """The server has not said anything for too long. The connection is closed."""


class BoundedConnection(Connection[TupleRow]):
    """A connection that is given up once nothing has come from the server for `patience_seconds`.

    A server that is frozen or behind a dead network ends no statement by itself: statement_timeout is its own clock.
    """

    patience_seconds = 60.0

    def wait(self, gen: PQGen[Result], *arguments: Any, **more: Any) -> Result:
        try:
            return super().wait(_answered(gen, self.patience_seconds), *arguments, **more)
        except UnansweredError:
            self.pgconn.finish()
            raise


class BoundedAsyncConnection(AsyncConnection[DictRow]):
    """The same on an event loop. Its rows are dicts."""

    patience_seconds = 60.0

    async def wait(self, gen: PQGen[Result], *arguments: Any, **more: Any) -> Result:
        try:
            return await super().wait(_answered(gen, self.patience_seconds), *arguments, **more)
        except UnansweredError:
            self.pgconn.finish()
            raise


def connect(address: PostgresAddress) -> BoundedConnection:
    """Blocks. Raises psycopg.Error. Each statement is a transaction until `autocommit` is switched off."""
    connection = BoundedConnection.connect(**_given(address), autocommit=True)
    connection.patience_seconds = patience(address.timeout_seconds)
    try:
        connection.execute(_session(address))
    except BaseException:
        connection.close()
        raise
    return connection


async def connect_async(address: PostgresAddress) -> BoundedAsyncConnection:
    """Raises psycopg.Error. Each statement is a transaction, as LangGraph's checkpointer expects."""
    connection = await BoundedAsyncConnection.connect(
        **_given(address), autocommit=True, prepare_threshold=0, row_factory=dict_row
    )
    connection.patience_seconds = patience(address.timeout_seconds)
    try:
        await connection.execute(_session(address), prepare=False)  # several statements cannot be prepared
    except BaseException:
        await connection.close()
        raise
    return connection


def patience(statement_seconds: float) -> float:
    """How long to wait for the answer to a statement that the server itself ends after `statement_seconds`."""
    return statement_seconds + _SERVER_FIRST_SECONDS


def _given(address: PostgresAddress) -> dict[str, Any]:
    return dict(address.parameters)


def _session(address: PostgresAddress) -> bytes:
    # Not by the parameter `options`, which poolers between us and the server refuse.
    statements = (
        f"SET statement_timeout = {round(address.timeout_seconds * 1000)}",
        f"SET idle_in_transaction_session_timeout = {_IDLE_IN_TRANSACTION_SECONDS * 1000}",
        _PEER_IS_ASKED,
    )
    return "; ".join(statements).encode()


def _answered(exchange: PQGen[Result], patience_seconds: float) -> Generator[Any, Any, Result]:
    """`exchange`, which psycopg resumes whenever its socket is ready, and every tenth of a second if it is not."""
    try:
        state = next(exchange)
        heard = time.monotonic()
        while True:
            ready = yield state
            if ready:
                heard = time.monotonic()
            elif time.monotonic() - heard >= patience_seconds:
                raise UnansweredError(f"the server has not answered for {patience_seconds:g} seconds")
            state = exchange.send(ready)
    except StopIteration as end:
        result: Result = end.value
        return result
