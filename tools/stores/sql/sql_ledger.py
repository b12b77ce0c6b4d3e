"""The ledger on a SQL database: SQLite in a file, or PostgreSQL."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Literal

from tools.access import Access
from tools.shapes import Chunk, Counts, Document, Extraction, Fact, Filters, Passage, Section, WebPage
from tools.stores.protocols import (
    Finding,
    GraphState,
    IndexState,
    PendingChunk,
    PendingFacts,
    PendingGraph,
    PendingIndex,
    SavedPages,
    StoredDocument,
)
from tools.stores.sql import findings, graph_outbox, ledger_held, ledger_outbox, ledger_reads, ledger_writes
from tools.stores.sql.sql_database import DEFAULT_TIMEOUT_SECONDS, SqlDatabase


class SqlLedger:
    """Implements `Ledger`. Holds no event loop: every loop of the process may use it.

    `database` is shared with the embedded knowledge graph and closed by the ledger.
    """

    def __init__(self, database: SqlDatabase, id: str) -> None:
        self.database = database
        self._id = id

    @classmethod
    def open(cls, url_or_path: str | Path, *, timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS) -> "SqlLedger":
        """Opens or makes a ledger. Blocks; raises what `SqlDatabase.open` raises."""
        database = SqlDatabase.open(url_or_path, timeout_seconds=timeout_seconds)
        try:
            # Read first: to write would be to wait for every writer.
            known = database.read_blocking(ledger_held.ledger_id)
            return cls(database, known or database.write_blocking(ledger_writes.make_ledger_id))
        except BaseException:
            database.close_blocking()
            raise

    @property
    def id(self) -> str:
        return self._id

    async def replace_document(
        self,
        document: Document,
        chunks: Sequence[Chunk],
        extraction: Extraction,
    ) -> None:
        await self.database.write(
            partial(
                ledger_writes.replace_document,
                document=document,
                new_chunks=chunks,
                extraction=extraction,
            )
        )

    async def finding(self, key: str) -> str | None:
        return await self.database.read(partial(findings.finding, key=key))

    async def findings_of(self, document_ids: Sequence[str]) -> list[Finding]:
        return await self.database.read(partial(findings.findings_of, ids=document_ids))

    async def findings_of_none(self) -> list[Finding]:
        return await self.database.read(findings.findings_of_none)

    async def keep_findings(self, kept: Sequence[Finding]) -> None:
        await self.database.write(partial(findings.keep_findings, kept=kept))

    async def forget_findings(self, gone: Sequence[Finding]) -> None:
        await self.database.write(partial(findings.forget_findings, gone=gone))

    async def remove_document(self, document_id: str, *, if_stored: StoredDocument | None = None) -> bool:
        return await self.database.write(
            partial(ledger_writes.remove_document, document_id=document_id, if_stored=if_stored)
        )

    async def document(self, document_id: str, access: Access) -> Document | None:
        return await self.database.read(partial(ledger_reads.document_by_id, document_id=document_id, access=access))

    async def documents(self, access: Access, filters: Filters = Filters()) -> list[Document]:
        return await self.database.read(partial(ledger_reads.every_document, access=access, filters=filters))

    async def find_documents(self, reference: str, access: Access) -> list[Document]:
        return await self.database.read(partial(ledger_reads.find_documents, reference=reference, access=access))

    async def documents_held(self, collection: str | None, uris: Sequence[str]) -> list[Document]:
        return await self.database.read(partial(ledger_held.documents_held, collection=collection, uris=uris))

    async def documents_below(self, collection: str, folder_uri: str) -> list[Document]:
        return await self.database.read(
            partial(ledger_held.documents_below, collection=collection, folder_uri=folder_uri)
        )

    async def documents_called(self, reference: str) -> list[Document]:
        return await self.database.read(partial(ledger_held.documents_called, reference=reference))

    async def document_ids(self, after: str = "", limit: int = 1000) -> list[str]:
        return await self.database.read(partial(ledger_held.document_ids, after=after, limit=limit))

    async def stored(self, document_ids: Sequence[str]) -> dict[str, StoredDocument]:
        return await self.database.read(partial(ledger_held.stored, ids=document_ids))

    async def collections(self, access: Access) -> list[str]:
        return await self.database.read(partial(ledger_reads.collections, access=access))

    async def passages(self, ids: Iterable[str], access: Access) -> dict[str, Passage]:
        wanted = list(ids)
        if not wanted:
            return {}
        return await self.database.read(partial(ledger_reads.passages, ids=wanted, access=access))

    async def sections(self, ids: Iterable[str], access: Access) -> dict[str, Section]:
        wanted = list(ids)
        if not wanted:
            return {}
        return await self.database.read(partial(ledger_reads.sections, ids=wanted, access=access))

    async def facts(self, ids: Iterable[str], access: Access) -> dict[str, Fact]:
        wanted = list(ids)
        if not wanted:
            return {}
        return await self.database.read(partial(ledger_reads.facts_by_id, ids=wanted, access=access))

    async def counts(self, access: Access, filters: Filters = Filters()) -> Counts:
        return await self.database.read(partial(ledger_reads.counts, access=access, filters=filters))

    async def save_web_pages(self, pages: Sequence[WebPage], access: Access, lifetime_seconds: float) -> SavedPages:
        return await self.database.write(
            partial(ledger_writes.save_web_pages, pages=pages, access=access, lifetime_seconds=lifetime_seconds)
        )

    async def pending(self, index_version: str, limit: int = 1000) -> list[PendingIndex]:
        return await self.database.read(partial(ledger_outbox.pending, index_version=index_version, limit=limit))

    async def index_states(self, index_version: str) -> list[IndexState]:
        return await self.database.read(partial(ledger_outbox.index_states, index_version=index_version))

    async def mark_indexed(self, chunks: Sequence[PendingChunk], index_version: str) -> None:
        await self.database.write(partial(ledger_outbox.mark_indexed, indexed=chunks, index_version=index_version))

    async def mark_removed(self, chunk_ids: Sequence[str]) -> None:
        await self.database.write(partial(ledger_outbox.mark_removed, chunk_ids=chunk_ids))

    async def mark_all_pending(self, collection: str) -> None:
        await self.database.write(partial(ledger_outbox.mark_all_pending, collection=collection), patiently=True)

    async def pending_graph(self, graph_version: str, limit: int = 100) -> PendingGraph:
        return await self.database.write(partial(graph_outbox.pending_graph, graph_version=graph_version, limit=limit))

    async def graph_state(self, graph_version: str) -> GraphState:
        return await self.database.read(partial(graph_outbox.graph_state, graph_version=graph_version))

    async def mark_in_graph(self, documents: Sequence[PendingFacts], graph_version: str) -> None:
        await self.database.write(partial(graph_outbox.mark_in_graph, written=documents, graph_version=graph_version))

    async def mark_out_of_graph(self, document_ids: Sequence[str]) -> None:
        await self.database.write(partial(graph_outbox.mark_out_of_graph, document_ids=document_ids))

    async def mark_graph_pending(self) -> None:
        await self.database.write(graph_outbox.mark_graph_pending, patiently=True)

    def replaying(self, outbox: Literal["index", "graph"]) -> AbstractAsyncContextManager[None]:
        return self.database.exclusive(outbox)

    async def check(self) -> str:
        return await self.database.check()

    async def close(self) -> None:
        await self.database.close()
