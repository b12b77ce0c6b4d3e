"""The embedded stores in a folder, and what an `add` is given."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ingest.add import add
from ingest.add_summary import AddSummary, Progress
from ingest.budget import Budget
from ingest.discover import Patterns
from ingest.document_writer import Forget
from ingest.file_reader import Describe
from ingest.reading import Reading
from tools.access import Access
from tools.shapes import Document, Filters, Passage
from tools.stores import stores
from tools.stores.qdrant.dense_vectors import Embedder
from tools.stores.qdrant.edge_vector_store import EdgeVectorStore
from tools.stores.sql.sql_knowledge_graph import SqlKnowledgeGraph
from tools.stores.sql.sql_ledger import SqlLedger


@dataclass
class Stores:
    ledger: SqlLedger
    vector_store: EdgeVectorStore
    knowledge_graph: SqlKnowledgeGraph
    progress: list[Progress] = field(default_factory=list)

    @property
    def opened(self) -> stores.Stores:
        return stores.Stores(self.ledger, self.vector_store, self.knowledge_graph)

    async def add(
        self,
        *paths: Path,
        collection: str = "default",
        readers: tuple[str, ...] | None = None,
        describe: Describe | None = None,
        forget: Forget | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        patterns: Patterns = Patterns(),
        syncs: bool = False,
        reading: Reading = Reading(),
        budget: Budget | None = None,
        embedder: Embedder | None = None,
    ) -> AddSummary:
        return await add(
            paths,
            stores=self.opened,
            collection=collection,
            readers=readers,
            describe=describe,
            forget=forget,
            progress=on_progress or self.progress.append,
            patterns=patterns,
            syncs=syncs,
            reading=reading,
            budget=budget,
            embedder=embedder,
        )

    async def search(
        self, question: str, access: Access = Access(), collections: Sequence[str] = ("default",)
    ) -> list[Passage]:
        found = await self.vector_store.search(question, collections=collections, access=access, limit=3)
        passages = await self.ledger.passages([chunk.chunk_id for chunk in found], access)
        return [passages[chunk.chunk_id] for chunk in found if chunk.chunk_id in passages]

    async def documents(self, access: Access = Access()) -> list[Document]:
        return await self.ledger.documents(access, Filters())

    async def is_indexed(self, collection: str = "default") -> bool:
        """Whether the vector store holds what the ledger holds, and nothing more."""
        counts = await self.ledger.counts(Access("nobody"), Filters((collection,)))
        pending = await self.ledger.pending(self.vector_store.index_version)
        return not pending and await self.vector_store.count(collection) == counts.chunks


@asynccontextmanager
async def opened_stores(folder: Path) -> AsyncIterator[Stores]:
    ledger = SqlLedger.open(folder / "ledger.db")
    vector_store = EdgeVectorStore(folder / "index")
    try:
        yield Stores(ledger, vector_store, SqlKnowledgeGraph(ledger.database))
    finally:
        await vector_store.close()
        await ledger.close()
