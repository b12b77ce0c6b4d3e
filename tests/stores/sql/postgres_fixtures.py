"""Fixtures of a real PostgreSQL server: `pytest_plugins = ["tests.stores.sql.postgres_fixtures"]`."""

import asyncio
import os
from collections.abc import Iterator

import pytest

from tests.stores.sql.postgres_server import PostgresServer, empty, running, server_programs
from tools.stores.sql.sql_ledger import SqlLedger


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server for all tests of a process."""
    if os.name != "posix":
        pytest.skip("the server is run as a POSIX process")
    programs = server_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    with running(programs) as server:
        yield server


@pytest.fixture
def stoppable_postgres(postgres: PostgresServer) -> Iterator[PostgresServer]:
    """The same server, which runs again after a test that has stopped it."""
    yield postgres
    postgres.stop()
    postgres.start()


@pytest.fixture(scope="session")
def _shared_ledger(postgres: PostgresServer) -> Iterator[SqlLedger]:
    opened = SqlLedger.open(postgres.new_schema())
    yield opened
    asyncio.run(opened.close())


@pytest.fixture
def emptied_ledger(_shared_ledger: SqlLedger) -> SqlLedger:
    """The same open ledger for many tests, with nothing in it: that is faster than another."""
    empty(_shared_ledger)
    return _shared_ledger


@pytest.fixture
def database_url(postgres: PostgresServer) -> str:
    """A schema of its own: faster than a database, and kept apart by Signpost all the same."""
    return postgres.new_schema()
