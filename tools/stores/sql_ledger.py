"""The ledger on a SQL database: SQLite in a file by default."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from tools.access import Access
from tools.shapes import Chunk, Counts, Document, Extraction, Fact, Filters, Passage, WebPage
from tools.stores import ledger_held, ledger_outbox, ledger_reads, ledger_writes
from tools.stores.protocols import IndexState, PendingIndex
from tools.stores.sql_database import SqlDatabase


class SqlLedger:
    """Implements `Ledger`. Holds no event loop: every loop of the process may use it.

    `database` is shared with the embedded knowledge graph and closed by the ledger.
    """

    def __init__(self, database: SqlDatabase) -> None:
        self.database = database
        # What `pending` listed last, and what of it has changed since: the vector store was given an outdated state.
        # Touched in write transactions only, which run one after the other.
        self._listed: frozenset[str] = frozenset()
        self._outdated: set[str] = set()

    @classmethod
    def open(cls, url_or_path: str | Path) -> "SqlLedger":
        """Opens or makes a ledger. Blocks; raises what `SqlDatabase.open` raises."""
        return cls(SqlDatabase.open(url_or_path))

    async def replace_document(
        self,
        document: Document,
        chunks: Sequence[Chunk],
        extraction: Extraction,
        vocabulary: Mapping[int, str],
    ) -> None:
        def write(connection: Connection) -> None:
            changed = ledger_writes.replace_document(connection, document, chunks, extraction, vocabulary)
            self._outdated.update(self._listed.intersection(changed))

        await self.database.write(write)

    async def remove_document(self, document_id: str) -> None:
        await self.database.write(partial(ledger_writes.remove_document, document_id=document_id))

    async def document(self, document_id: str, access: Access) -> Document | None:
        return await self.database.read(partial(ledger_reads.document_by_id, document_id=document_id, access=access))

    async def documents(self, access: Access, filters: Filters = Filters()) -> list[Document]:
        return await self.database.read(partial(ledger_reads.every_document, access=access, filters=filters))

    async def find_documents(self, reference: str, access: Access) -> list[Document]:
        return await self.database.read(partial(ledger_reads.find_documents, reference=reference, access=access))

    async def documents_held(self, collection: str | None, uri: str) -> list[Document]:
        return await self.database.read(partial(ledger_held.documents_held, collection=collection, uri=uri))

    async def collections(self, access: Access) -> list[str]:
        return await self.database.read(partial(ledger_reads.collections, access=access))

    async def passages(self, ids: Iterable[str], access: Access) -> dict[str, Passage]:
        wanted = list(ids)
        if not wanted:
            return {}
        return await self.database.read(partial(ledger_reads.passages, ids=wanted, access=access))

    async def facts(self, ids: Iterable[str], access: Access) -> dict[str, Fact]:
        wanted = list(ids)
        if not wanted:
            return {}
        return await self.database.read(partial(ledger_reads.facts_by_id, ids=wanted, access=access))

    async def counts(self, access: Access, filters: Filters = Filters()) -> Counts:
        return await self.database.read(partial(ledger_reads.counts, access=access, filters=filters))

    async def save_web_pages(self, pages: Sequence[WebPage], access: Access, lifetime_seconds: float) -> list[Passage]:
        return await self.database.write(
            partial(ledger_writes.save_web_pages, pages=pages, access=access, lifetime_seconds=lifetime_seconds)
        )

    async def pending(self, index_version: str, limit: int = 1000) -> list[PendingIndex]:
        def read(connection: Connection) -> list[PendingIndex]:
            listed = ledger_outbox.pending(connection, index_version, limit)
            self._listed = frozenset(chunk.id for batch in listed for _, chunk in batch.chunks)
            self._outdated.clear()
            return listed

        # As a write: no other write may come between reading and noting what was read.
        return await self.database.write(read)

    async def index_states(self, index_version: str) -> list[IndexState]:
        return await self.database.read(partial(ledger_outbox.index_states, index_version=index_version))

    async def mark_indexed(self, chunk_ids: Sequence[str], index_version: str) -> None:
        def write(connection: Connection) -> None:
            unchanged = [chunk_id for chunk_id in chunk_ids if chunk_id not in self._outdated]
            ledger_outbox.mark_indexed(connection, unchanged, index_version)

        await self.database.write(write)

    async def mark_removed(self, chunk_ids: Sequence[str]) -> None:
        await self.database.write(partial(ledger_outbox.mark_removed, chunk_ids=chunk_ids))

    async def mark_all_pending(self, collection: str) -> None:
        await self.database.write(partial(ledger_outbox.mark_all_pending, collection=collection))

    async def close(self) -> None:
        await self.database.close()
