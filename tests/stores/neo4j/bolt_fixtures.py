"""Fixtures of a real Bolt server: `pytest_plugins = ["tests.stores.neo4j.bolt_fixtures"]`."""

from collections.abc import Iterator
from typing import Any

import neo4j
import pytest

from tests.stores.neo4j.bolt_database import BoltDatabase
from tests.stores.neo4j.bolt_server import BoltServer, installed, running


@pytest.fixture(scope="session")
def bolt_server() -> Iterator[BoltServer]:
    """One server for all tests of a process; each has a ledger id of its own in it."""
    if installed() is None:
        pytest.skip("no Bolt server is installed (pip install arcadedb-embedded)")
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def bolt_database(bolt_server: BoltServer) -> Iterator[BoltDatabase]:
    """The server's database, beside the store."""
    settings = bolt_server.settings
    with neo4j.GraphDatabase.driver(
        settings.uri, auth=(settings.username, settings.password), database=settings.database
    ) as driver:
        yield BoltDatabase(driver)


@pytest.fixture
def bolt_statements(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Every statement that the driver is given, with "read" or "write" before it."""
    given: list[tuple[str, str]] = []
    kind = "none"
    run = neo4j.AsyncManagedTransaction.run

    async def recorded(transaction: Any, query: Any, *arguments: Any, **more: Any) -> Any:
        given.append((kind, query))
        return await run(transaction, query, *arguments, **more)

    def of_kind(name: str) -> Any:
        execute = getattr(neo4j.AsyncSession, f"execute_{name}")

        async def execute_of_kind(session: Any, work: Any) -> Any:
            nonlocal kind
            kind = name
            return await execute(session, work)

        return execute_of_kind

    for name in ("read", "write"):
        monkeypatch.setattr(neo4j.AsyncSession, f"execute_{name}", of_kind(name))
    monkeypatch.setattr(neo4j.AsyncManagedTransaction, "run", recorded)
    return given
