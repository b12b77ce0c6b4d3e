"""A ledger of its own for each test, and the graph that it has in the Bolt server."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stores.neo4j.bolt_server import BoltServer
from tools.stores.neo4j.knowledge_graph import Neo4jKnowledgeGraph
from tools.stores.sql.sql_ledger import SqlLedger


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[SqlLedger]:
    opened = SqlLedger.open(tmp_path / "ledger.db")
    yield opened
    await opened.close()


@pytest.fixture
async def graph(bolt_server: BoltServer, ledger: SqlLedger) -> AsyncIterator[Neo4jKnowledgeGraph]:
    opened = Neo4jKnowledgeGraph(bolt_server.settings, ledger_id=ledger.id, timeout_seconds=20)
    yield opened
    await opened.close()
