"""A real Neo4j server, for whoever has one: NEO4J_URI (with NEO4J_USERNAME, NEO4J_PASSWORD, NEO4J_DATABASE)."""

import os
from collections.abc import AsyncIterator

import pytest

from tests.stores.examples import make_chunks, make_document, make_extraction
from tests.stores.neo4j.replayed_graph_contract import ReplayedGraphContract
from tools.errors import StoreError
from tools.stores.neo4j.knowledge_graph import Neo4jKnowledgeGraph
from tools.stores.protocols import PendingFacts
from tools.stores.sql.sql_ledger import SqlLedger
from tools.stores.store_settings import Neo4jSettings

pytestmark = [
    pytest.mark.live,
    pytest.mark.timeout(600),
    pytest.mark.skipif("NEO4J_URI" not in os.environ, reason="NEO4J_URI is not set"),
]


def settings(**changed: str) -> Neo4jSettings:
    names = {"username": "neo4j", "password": "", "database": ""}
    given = {name: os.environ.get(f"NEO4J_{name.upper()}", default) for name, default in names.items()}
    return Neo4jSettings(**{"uri": os.environ["NEO4J_URI"], **given, **changed})


class TestNeo4jServer(ReplayedGraphContract):
    """Under a ledger id of its own, which is cleared afterwards."""

    @pytest.fixture
    async def graph(self, ledger: SqlLedger) -> AsyncIterator[Neo4jKnowledgeGraph]:
        graph = Neo4jKnowledgeGraph(settings(), ledger_id=ledger.id, timeout_seconds=60)
        yield graph
        await graph.clear()
        await graph.close()

    async def test_it_says_who_it_is(self, graph: Neo4jKnowledgeGraph) -> None:
        assert "Neo4j" in await graph.check()

    async def test_many_documents_are_held_whole(self, graph: Neo4jKnowledgeGraph) -> None:
        documents = []
        for number in range(300):
            document = make_document(f"{number}")
            (chunk,) = make_chunks(document, "text")
            triples = [(f"N{number}", f"r{n}", f"N{number + n}") for n in range(20)]
            documents.append(PendingFacts(document, make_extraction(chunk, *triples), 1))
        for start in range(0, 300, 100):
            await graph.write(documents[start : start + 100])
        await graph.write(documents[:100])
        assert await graph.document_count() == 300
        await graph.remove([each.document.id for each in documents[:299]])
        assert await graph.document_count() == 1

    async def test_a_wrong_password_is_told(self, ledger: SqlLedger) -> None:
        graph = Neo4jKnowledgeGraph(settings(password="wrong-one"), ledger_id=ledger.id, timeout_seconds=60)
        with pytest.raises(StoreError) as raised:
            await graph.check()
        assert "NEO4J_PASSWORD" in raised.value.next_step
        await graph.close()
