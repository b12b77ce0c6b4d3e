"""The contract of a graph database: that of a knowledge graph, filled by the replay of a ledger."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stores.knowledge_graph_contract import KnowledgeGraphContract, Put, Remove
from tools.shapes import Chunk, Document, Extraction
from tools.stores.graph_replay import replay_graph
from tools.stores.protocols import GraphDatabase
from tools.stores.sql.sql_ledger import SqlLedger


class ReplayedGraphContract(KnowledgeGraphContract):
    """A test class inherits this and gives a `graph` fixture: the graph database of `ledger`, empty."""

    @pytest.fixture
    async def ledger(self, tmp_path: Path) -> AsyncIterator[SqlLedger]:
        opened = SqlLedger.open(tmp_path / "ledger.db")
        yield opened
        await opened.close()

    @pytest.fixture
    def put(self, ledger: SqlLedger, graph: GraphDatabase) -> Put:
        async def put(document: Document, chunks: list[Chunk], extraction: Extraction) -> None:
            await ledger.replace_document(document, chunks, extraction)
            await replay_graph(ledger, graph)

        return put

    @pytest.fixture
    def remove(self, ledger: SqlLedger, graph: GraphDatabase) -> Remove:
        async def remove(document_id: str) -> None:
            await ledger.remove_document(document_id)
            await replay_graph(ledger, graph)

        return remove
