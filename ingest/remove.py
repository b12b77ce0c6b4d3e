"""Removes a document from all stores."""

from tools.stores.index_replay import replay
from tools.stores.protocols import KnowledgeGraph, Ledger, VectorStore


async def remove(
    document_id: str, *, ledger: Ledger, vector_store: VectorStore, knowledge_graph: KnowledgeGraph
) -> None:
    """Forgets a document, its chunks and its facts; an unknown id is fine.

    The ledger is first: what it no longer knows is not shown, and its outbox brings the index after.
    """
    await ledger.remove_document(document_id)
    await knowledge_graph.remove(document_id)
    await replay(ledger, vector_store)
