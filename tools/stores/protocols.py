"""The seams to storage. Every implementation passes the contract suite of the same name in tests/stores/.

All methods are coroutines: the embedded stores run their blocking work in executors of their own.
Access is part of every read: what an identity may not read does not exist for it, in counts too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from tools.access import Access
from tools.shapes import (
    Chunk,
    Counts,
    Document,
    Extraction,
    Fact,
    Filters,
    Passage,
    SparseVector,
    WebPage,
)


@dataclass(frozen=True, slots=True)
class IndexedChunk:
    """A chunk as the vector store keeps it: no text, only what search and filters need."""

    chunk_id: str
    document_id: str
    readers: tuple[str, ...]
    vector: SparseVector


@dataclass(frozen=True, slots=True)
class ScoredChunk:
    """A chunk found by the vector store. `score`: higher is better, comparable within one search."""

    chunk_id: str
    score: float


@dataclass(frozen=True, slots=True)
class PendingIndex:
    """Outbox of one collection: what the vector store does not hold yet, and what it must forget."""

    collection: str
    chunks: tuple[tuple[Document, Chunk], ...]
    removed_chunk_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexState:
    """How many chunks of a collection the ledger believes to be in the vector store, how many are not yet, and how
    many it has removed that the vector store may still hold."""

    collection: str
    indexed: int
    pending: int
    pending_removals: int


class Ledger(Protocol):
    """The truth: documents, chunks, facts and web pages. Vectors and graphs can be rebuilt from it."""

    async def replace_document(
        self,
        document: Document,
        chunks: Sequence[Chunk],
        extraction: Extraction,
        vocabulary: Mapping[int, str],
    ) -> None:
        """Writes a document with all that belongs to it, in one transaction.

        Chunks whose id stays keep their index version (unless the readers changed); chunks that are gone
        enter the outbox of removals. `vocabulary` maps sparse token ids to their tokens.
        Raises InputError when a document of another uri or collection has the id, whoever may read that one, and
        says nothing about it. It is checked in the same transaction: of two writers the second is refused.
        """
        ...

    async def remove_document(self, document_id: str) -> None:
        """Deletes a document, its chunks and its facts in one transaction; chunk ids enter the outbox."""
        ...

    async def document(self, document_id: str, access: Access) -> Document | None:
        """One document, or None when there is none that `access` may read."""
        ...

    async def documents(self, access: Access, filters: Filters = Filters()) -> list[Document]:
        """All readable documents, by collection and title."""
        ...

    async def find_documents(self, reference: str, access: Access) -> list[Document]:
        """Documents whose id, uri, file name or title is `reference`."""
        ...

    async def documents_held(self, collection: str | None, uri: str) -> list[Document]:
        """All documents of one file in a collection (None: in every one), by id, whoever may read them.

        For ingestion alone, which must know what it replaces. Nothing of it may reach a search, an answer or a list.
        """
        ...

    async def collections(self, access: Access) -> list[str]:
        """Names of the collections that hold a readable document, sorted."""
        ...

    async def passages(self, ids: Iterable[str], access: Access) -> dict[str, Passage]:
        """Chunks and unexpired web pages by id. Unknown and unreadable ids are left out."""
        ...

    async def facts(self, ids: Iterable[str], access: Access) -> dict[str, Fact]:
        """Facts by id. Unknown and unreadable ids are left out."""
        ...

    async def counts(self, access: Access, filters: Filters = Filters()) -> Counts:
        """How much is readable."""
        ...

    async def save_web_pages(self, pages: Sequence[WebPage], access: Access, lifetime_seconds: float) -> list[Passage]:
        """Stores pages for this user alone and returns them as passages; expired ones are deleted."""
        ...

    async def pending(self, index_version: str, limit: int = 1000) -> list[PendingIndex]:
        """What the vector store of this version must still add or forget, at most `limit` chunks."""
        ...

    async def index_states(self, index_version: str) -> list[IndexState]:
        """Every collection that holds chunks, sorted; for the replay, so whoever may read it."""
        ...

    async def mark_indexed(self, chunk_ids: Sequence[str], index_version: str) -> None:
        """Records that the vector store of this version holds these chunks.

        Those that have changed since `pending` listed them stay pending.
        """
        ...

    async def mark_removed(self, chunk_ids: Sequence[str]) -> None:
        """Records that the vector store has forgotten these chunks."""
        ...

    async def mark_all_pending(self, collection: str) -> None:
        """Puts a collection back into the outbox, after its index was lost."""
        ...

    async def close(self) -> None:
        """Releases files and threads."""
        ...


class VectorStore(Protocol):
    """Sparse vectors with IDF, one index a collection."""

    @property
    def index_version(self) -> str:
        """Engine, its version and the tokenizer's: an index of another version is rebuilt."""
        ...

    async def upsert(self, collection: str, chunks: Sequence[IndexedChunk]) -> None:
        """Adds or replaces chunks by id."""
        ...

    async def remove(self, collection: str, chunk_ids: Sequence[str]) -> None:
        """Removes chunks by id; unknown ids are fine."""
        ...

    async def clear(self, collection: str) -> None:
        """Leaves an empty index, also in place of one that was lost or cannot be loaded."""
        ...

    async def search(
        self, vector: SparseVector, *, collections: Sequence[str], access: Access, limit: int
    ) -> list[ScoredChunk]:
        """The best readable chunks, best first; several collections are joined by reciprocal rank fusion.

        A collection without an index holds nothing; that is no error.
        """
        ...

    async def count(self, collection: str) -> int:
        """How many chunks the index holds, whoever may read them."""
        ...

    async def lost_collections(self, collections: Sequence[str]) -> list[str]:
        """Those of `collections` that have no usable index of this version (lost, or of another engine)."""
        ...

    async def close(self) -> None:
        """Flushes and releases files and threads."""
        ...


@dataclass(frozen=True, slots=True)
class EntityMatch:
    """An entity whose name stands in a text. `name` as stored, `mentions` = chunks that name it."""

    name: str
    kind: str
    mentions: int


class KnowledgeGraph(Protocol):
    """Entities and the facts between them."""

    async def write(self, document: Document, extraction: Extraction) -> None:
        """Replaces what this document says. In the embedded graph the ledger's transaction has done it."""
        ...

    async def remove(self, document_id: str) -> None:
        """Forgets what only this document said."""
        ...

    async def entities_in(self, text: str, *, access: Access, filters: Filters, limit: int) -> list[EntityMatch]:
        """Known entities named in `text`, longest names first; a name inside a longer match is left out."""
        ...

    async def neighbourhood(
        self, names: Sequence[str], *, hops: int, access: Access, filters: Filters, limit: int
    ) -> list[Fact]:
        """Facts within `hops` steps of the named entities, nearest first."""
        ...

    async def paths(
        self, head: str, tail: str, *, max_hops: int, access: Access, filters: Filters, limit: int
    ) -> list[list[Fact]]:
        """Shortest chains of facts between two entities, read in either direction."""
        ...

    async def close(self) -> None:
        """Releases connections."""
        ...
