"""The stores as one: the ledger, and what is derived from it."""

import asyncio
from dataclasses import dataclass
from functools import partial

from tools.stores.graph_replay import replay_graph
from tools.stores.index_replay import replay_index
from tools.stores.progress import ReplayProgress
from tools.stores.protocols import GraphDatabase, KnowledgeGraph, Ledger, VectorStore


@dataclass(frozen=True, slots=True)
class Stores:
    """The open stores. `graph_database`: the knowledge graph, where it does not stand in the ledger's own database."""

    ledger: Ledger
    vector_store: VectorStore
    knowledge_graph: KnowledgeGraph
    graph_database: GraphDatabase | None = None

    async def replay(self, progress: ReplayProgress | None = None) -> int:
        """Brings search index and graph database up to what the ledger says; returns the number of chunks added.

        `progress` is called for each of the two as far as it has something to do. Where one of them cannot be written
        the other is all the same. Raises StoreError and its kin.
        """
        indexing = replay_index(self.ledger, self.vector_store, progress and partial(progress, "indexing"))
        if self.graph_database is None:
            return await indexing
        writing = replay_graph(self.ledger, self.graph_database, progress and partial(progress, "writing"))
        added, written = await asyncio.gather(indexing, writing, return_exceptions=True)
        for ended in (added, written):
            if isinstance(ended, BaseException):
                raise ended
        return added if isinstance(added, int) else 0

    async def close(self) -> None:
        """Closes all of them, the ledger last."""
        await self.vector_store.close()
        await self.knowledge_graph.close()
        await self.ledger.close()
