from typing import Any

import pytest
from sqlalchemy import Connection, event

from tests.stores.examples import EVERYTHING, LIN, make_chunks, make_document, make_extraction
from tests.stores.knowledge_graph_contract import KnowledgeGraphContract, Put, Remove
from tools.shapes import Chunk, Document, Extraction, Fact
from tools.stores.sql.fact_reads import neighbourhood
from tools.stores.sql.sql_knowledge_graph import SqlKnowledgeGraph
from tools.stores.sql.sql_ledger import SqlLedger

pytest_plugins = ["tests.stores.sql.postgres_fixtures"]


@pytest.fixture
def ledger(emptied_ledger: SqlLedger) -> SqlLedger:
    return emptied_ledger


class TestPostgresKnowledgeGraph(KnowledgeGraphContract):
    """The contract, on PostgreSQL, in the ledger's own tables."""

    @pytest.fixture
    def graph(self, ledger: SqlLedger) -> SqlKnowledgeGraph:
        return SqlKnowledgeGraph(ledger.database)

    @pytest.fixture
    def put(self, ledger: SqlLedger) -> Put:
        async def put(document: Document, chunks: list[Chunk], extraction: Extraction) -> None:
            await ledger.replace_document(document, chunks, extraction)

        return put

    @pytest.fixture
    def remove(self, ledger: SqlLedger) -> Remove:
        async def remove(document_id: str) -> None:
            await ledger.remove_document(document_id)

        return remove


async def test_facts_around_a_name_are_looked_up_and_not_tried_one_by_one(ledger: SqlLedger) -> None:
    document = make_document("a")
    chunks = make_chunks(document, "text")
    await ledger.replace_document(document, chunks, make_extraction(chunks[0], ("A", "r", "B")))
    plans: list[str] = []

    def explain(connection: Connection, _: Any, statement: str, parameters: Any, *__: Any) -> None:
        if statement.startswith("SELECT facts"):
            rows = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars()
            plans.append("\n".join(rows))

    def walk(connection: Connection) -> list[Fact]:
        event.listen(connection, "before_cursor_execute", explain)
        return neighbourhood(connection, ["a"], 2, LIN, EVERYTHING, 10)

    assert len(await ledger.database.read(walk)) == 1
    assert len(plans) == 4
    for plan in plans:
        assert "Join Filter: (SubPlan" not in plan, plan
