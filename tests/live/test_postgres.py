"""A PostgreSQL server, for whoever has one: SIGNPOST_DATABASE_URL in the environment. Works in a schema of its own."""

import asyncio
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from agent.thread_store import ThreadStore
from tests.stores.ledger_contract import LedgerContract
from tests.stores.sql.postgres_server import empty
from tools.stores.sql.postgres_address import PostgresAddress
from tools.stores.sql.sql_ledger import SqlLedger
from tools.stores.store_settings import StoreSettings

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif("SIGNPOST_DATABASE_URL" not in os.environ, reason="SIGNPOST_DATABASE_URL is not set"),
]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Of an empty schema, which is dropped at the end with all that is in it."""
    given = os.environ["SIGNPOST_DATABASE_URL"]
    schema = f"signpost_test_{uuid.uuid4().hex}"
    parameters = dict(PostgresAddress.parse(given, 30).parameters)
    with psycopg.connect(**parameters, autocommit=True) as connection:  # type: ignore[arg-type]
        connection.execute(f"CREATE SCHEMA {schema}")
        try:
            yield f"{given}{'&' if '?' in given else '?'}options=-csearch_path%3D{schema}"
        finally:
            connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture(scope="module")
def opened(url: str) -> Iterator[SqlLedger]:
    ledger = SqlLedger.open(url, timeout_seconds=30)
    yield ledger
    asyncio.run(ledger.close())


class TestLivePostgres(LedgerContract):
    """The contract, on that server."""

    @pytest.fixture
    def ledger(self, opened: SqlLedger) -> SqlLedger:
        empty(opened)
        return opened


async def test_it_says_what_it_is_and_lets_one_in_at_a_time(opened: SqlLedger) -> None:
    assert (await opened.check()).startswith("PostgreSQL ")
    async with opened.replaying("index"):
        pass


async def test_conversations_are_kept(url: str) -> None:
    threads = ThreadStore(Path("/nowhere/threads.db"), StoreSettings(database_url=url, timeout_seconds=30))
    async with threads.open() as saver:
        assert await saver.aget_tuple({"configurable": {"thread_id": "one"}}) is None
    assert await asyncio.to_thread(threads.count) == 0
