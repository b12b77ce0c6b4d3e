from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.stores.examples import make_chunks, make_document, make_extraction
from tests.stores.knowledge_graph_contract import KnowledgeGraphContract, Put, Remove
from tools.shapes import Chunk, Document, Extraction
from tools.stores.sql.sql_knowledge_graph import SqlKnowledgeGraph
from tools.stores.sql.sql_ledger import SqlLedger
from tools.stores.sql.tables import entities


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[SqlLedger]:
    opened = SqlLedger.open(tmp_path / "ledger.db")
    yield opened
    await opened.close()


class TestSqlKnowledgeGraph(KnowledgeGraphContract):
    """The contract, on the ledger's own file."""

    @pytest.fixture
    def graph(self, ledger: SqlLedger) -> SqlKnowledgeGraph:
        return SqlKnowledgeGraph(ledger.database)

    @pytest.fixture
    def put(self, ledger: SqlLedger, graph: SqlKnowledgeGraph) -> Put:
        async def put(document: Document, chunks: list[Chunk], extraction: Extraction) -> None:
            await ledger.replace_document(document, chunks, extraction)

        return put

    @pytest.fixture
    def remove(self, ledger: SqlLedger, graph: SqlKnowledgeGraph) -> Remove:
        async def remove(document_id: str) -> None:
            await ledger.remove_document(document_id)

        return remove


async def test_no_name_stays_in_the_file_that_nothing_says_any_more(ledger: SqlLedger) -> None:
    async def stored_names() -> set[str]:
        return set(await ledger.database.read(lambda connection: connection.execute(select(entities)).scalars().all()))

    document, other = make_document("a"), make_document("b")
    chunks, other_chunks = make_chunks(document, "a"), make_chunks(other, "b")
    await ledger.replace_document(document, chunks, make_extraction(chunks[0], ("A", "r", "B"), ("B", "r", "C")))
    await ledger.replace_document(other, other_chunks, make_extraction(other_chunks[0], ("C", "r", "D")))
    await ledger.replace_document(document, chunks, make_extraction(chunks[0], ("B", "r", "E")))
    assert await stored_names() == {"b", "c", "d", "e"}
    await ledger.remove_document(document.id)
    assert await stored_names() == {"c", "d"}
    await ledger.remove_document(other.id)
    assert await stored_names() == set()
