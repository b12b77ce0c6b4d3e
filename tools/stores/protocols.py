"""The seams to storage. Every implementation passes the contract suite of the same name in tests/stores/.

All methods are coroutines, and every event loop of the process may call them: stores run their work in executors or on
a loop of their own. Access is part of every read: what an identity may not read does not exist for it, in counts too.
A server that does not answer in time, refuses or is not there raises StoreError, which says what to do.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from tools.access import Access
from tools.shapes import (
    Chunk,
    Counts,
    Document,
    Extraction,
    Fact,
    Filters,
    Passage,
    Section,
    SourceStatus,
    WebPage,
)


@dataclass(frozen=True, slots=True)
class IndexedChunk:
    """A chunk as the vector store is given it. `text`: what it is found by."""

    chunk_id: str
    document_id: str
    readers: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class ScoredChunk:
    """A chunk found by the vector store. `score`: higher is better, comparable within one search."""

    chunk_id: str
    score: float


@dataclass(frozen=True, slots=True)
class PendingChunk:
    """A chunk that the vector store does not hold yet. `revision`: of its document, which each writing raises."""

    document: Document
    chunk: Chunk
    revision: int


@dataclass(frozen=True, slots=True)
class PendingIndex:
    """Outbox of one collection: what the vector store does not hold yet, and what it must forget."""

    collection: str
    chunks: tuple[PendingChunk, ...]
    removed_chunk_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PendingFacts:
    """What a document says, which the graph database does not hold yet. `revision`: of the document."""

    document: Document
    extraction: Extraction
    revision: int


@dataclass(frozen=True, slots=True)
class PendingGraph:
    """The outbox to the graph database: documents whose facts it does not hold yet, and those it must forget."""

    documents: tuple[PendingFacts, ...]
    removed_document_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GraphState:
    """How many documents the ledger believes to be in the graph database, how many are not yet, and how many it has
    removed that the graph database may still hold."""

    written: int
    pending: int
    pending_removals: int


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """All that a ledger holds of a document: its chunks in their order, its entities and facts by chunk and name."""

    document: Document
    chunks: tuple[Chunk, ...]
    extraction: Extraction


@dataclass(frozen=True, slots=True)
class Finding:
    """What a model found in a part of a document. key: a hash of the part and of how the model was asked."""

    key: str
    document_id: str
    text: str


@dataclass(frozen=True, slots=True)
class IndexState:
    """How many chunks of a collection the ledger believes to be in the vector store, how many are not yet, and how
    many it has removed that the vector store may still hold."""

    collection: str
    indexed: int
    pending: int
    pending_removals: int


@dataclass(frozen=True, slots=True)
class SavedPages:
    """Web pages as passages. `ledger`: ok, or how the ledger failed, so that they are kept in memory alone."""

    passages: tuple[Passage, ...]
    ledger: SourceStatus = "ok"


class EvidenceStore(Protocol):
    """What a question reads of the ledger, and the web pages that it finds."""

    async def collections(self, access: Access) -> list[str]:
        """Names of the collections that hold a readable document, sorted."""
        ...

    async def passages(self, ids: Iterable[str], access: Access) -> dict[str, Passage]:
        """Chunks and unexpired web pages by id. Unknown and unreadable ids are left out."""
        ...

    async def sections(self, ids: Iterable[str], access: Access) -> dict[str, Section]:
        """What each of these chunks is to be read with: its section, of a long one the 24 chunks on either side.

        By the chunk's id. Unknown and unreadable ids, and those of web pages, are left out.
        """
        ...

    async def facts(self, ids: Iterable[str], access: Access) -> dict[str, Fact]:
        """Facts by id. Unknown and unreadable ids are left out."""
        ...

    async def save_web_pages(self, pages: Sequence[WebPage], access: Access, lifetime_seconds: float) -> SavedPages:
        """Stores pages for this user alone, each once, in their order; expired ones are deleted."""
        ...


class Ledger(EvidenceStore, Protocol):
    """The truth: documents, chunks, facts and web pages. Vectors and graphs can be rebuilt from it."""

    @property
    def id(self) -> str:
        """Made with the ledger and never changed: it tells what is this ledger's on a server that others use too."""
        ...

    async def replace_document(self, document: Document, chunks: Sequence[Chunk], extraction: Extraction) -> None:
        """Writes a document with all that belongs to it, in one transaction.

        Chunks whose id stays keep their index version (unless the readers changed); chunks that are gone
        enter the outbox of removals.
        Entities and facts with a name of more than 1,000 bytes are left out.
        Raises InputError when a document of another uri or collection has the id, whoever may read that one, and
        says nothing about it. It is checked in the same transaction: of two writers the second is refused.
        """
        ...

    async def finding(self, key: str) -> str | None:
        """What a model found that was asked the same before, for any document; None where there is nothing."""
        ...

    async def findings_of(self, document_ids: Sequence[str]) -> list[Finding]:
        """What is kept for these documents, stored yet or not, by document and key. For ingestion and moving alone."""
        ...

    async def findings_of_none(self) -> list[Finding]:
        """What is kept for documents that are not stored yet, by document and key. For moving alone."""
        ...

    async def keep_findings(self, kept: Sequence[Finding]) -> None:
        """Keeps what a model found, so that it is paid for once, for documents that are stored yet or not.

        What was kept under the same key for the same document is replaced. It goes with that document.
        """
        ...

    async def forget_findings(self, gone: Sequence[Finding]) -> None:
        """Deletes these, whatever their text; those that are not kept are fine."""
        ...

    async def remove_document(self, document_id: str, *, if_stored: StoredDocument | None = None) -> bool:
        """Deletes a document, its chunks, facts and findings in one transaction; chunk ids enter the outbox.

        With `if_stored` only where `stored` would still give that, which is checked in the same transaction: what
        another process has written meanwhile stays. Returns whether it was deleted; an unknown id is fine.
        """
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

    async def documents_held(self, collection: str | None, uris: Sequence[str]) -> list[Document]:
        """All documents of these files in a collection (None: in every one), by id, whoever may read them.

        For ingestion alone, which must know what it replaces. Nothing of it may reach a search, an answer or a list.
        """
        ...

    async def documents_below(self, collection: str, folder_uri: str) -> list[Document]:
        """All documents of files in this folder and the folders in it, by uri and id, whoever may read them.

        For ingestion alone, as `documents_held` is.
        """
        ...

    async def documents_called(self, reference: str) -> list[Document]:
        """Documents whose id, uri, file name or title is `reference`, whoever may read them.

        For removing alone, by whoever owns the home.
        """
        ...

    async def document_ids(self, after: str = "", limit: int = 1000) -> list[str]:
        """The first ids behind `after`, sorted: all of them, whoever may read the documents. For moving alone."""
        ...

    async def stored(self, document_ids: Sequence[str]) -> dict[str, StoredDocument]:
        """All of these documents, whoever may read them; unknown ids are left out. For moving alone."""
        ...

    async def counts(self, access: Access, filters: Filters = Filters()) -> Counts:
        """How much is readable."""
        ...

    async def pending(self, index_version: str, limit: int = 1000) -> list[PendingIndex]:
        """What the vector store of this version must still add or forget, at most `limit` chunks."""
        ...

    async def index_states(self, index_version: str) -> list[IndexState]:
        """Every collection that holds chunks, sorted; for the replay, so whoever may read it."""
        ...

    async def mark_indexed(self, chunks: Sequence[PendingChunk], index_version: str) -> None:
        """Records that the vector store of this version holds these chunks.

        Those whose document was written again since `pending` listed them stay pending.
        """
        ...

    async def mark_removed(self, chunk_ids: Sequence[str]) -> None:
        """Records that the vector store has forgotten these chunks."""
        ...

    async def mark_all_pending(self, collection: str) -> None:
        """Puts a collection back into the outbox, after its index was lost."""
        ...

    async def pending_graph(self, graph_version: str, limit: int = 100) -> PendingGraph:
        """What the graph database of this version must still add or forget, at most `limit` documents of each.

        From then on the ledger knows that the graph database may hold something of them.
        """
        ...

    async def graph_state(self, graph_version: str) -> GraphState:
        """All documents; for the replay, so whoever may read them."""
        ...

    async def mark_in_graph(self, documents: Sequence[PendingFacts], graph_version: str) -> None:
        """Records that the graph database of this version holds what these documents say.

        Those that were written again since `pending_graph` listed them stay pending.
        """
        ...

    async def mark_out_of_graph(self, document_ids: Sequence[str]) -> None:
        """Records that the graph database has forgotten these documents."""
        ...

    async def mark_graph_pending(self) -> None:
        """Puts every document back into the outbox, after the graph database has lost something."""
        ...

    def replaying(self, outbox: Literal["index", "graph"]) -> AbstractAsyncContextManager[None]:
        """One at a time for each outbox, over all event loops and all processes that use this ledger.

        Two that apply an outbox at once could undo each other's changes.
        """
        ...

    async def check(self) -> str:
        """Asks the database who it is, and whether it can be written: "PostgreSQL 15.18 at host:5432/name"."""
        ...

    async def close(self) -> None:
        """Releases files and threads."""
        ...


class VectorStore(Protocol):
    """Finds chunks by their text, one index a collection."""

    @property
    def index_version(self) -> str:
        """Engine and place, the tokenizer's version and the embedder's: an index of another version is rebuilt."""
        ...

    async def upsert(self, collection: str, chunks: Sequence[IndexedChunk], *, removing: Sequence[str] = ()) -> None:
        """Adds or replaces chunks by id. `removing`: ids that are removed before, for less than `remove` costs."""
        ...

    async def remove(self, collection: str, chunk_ids: Sequence[str]) -> None:
        """Removes chunks by id; unknown ids are fine."""
        ...

    async def clear(self, collection: str) -> None:
        """Leaves an empty index, also in place of one that was lost or cannot be loaded."""
        ...

    async def search(self, query: str, *, collections: Sequence[str], access: Access, limit: int) -> list[ScoredChunk]:
        """The best readable chunks, best first.

        Several collections are joined by reciprocal rank fusion, of equal ranks by the score in each.

        A collection without an index holds nothing; that is no error.
        """
        ...

    async def count(self, collection: str) -> int:
        """How many chunks the index holds, whoever may read them."""
        ...

    async def lost_collections(self, collections: Sequence[str]) -> list[str]:
        """Those of `collections` that have no usable index of this version (lost, or of another engine)."""
        ...

    async def check(self) -> str:
        """Asks the engine who it is, and whether it can be written: "Qdrant 1.18.0 at http://localhost:6333"."""
        ...

    async def close(self) -> None:
        """Flushes and releases files, threads and connections. May be called twice."""
        ...


@dataclass(frozen=True, slots=True)
class EntityMatch:
    """An entity whose name stands in a text. `name` as stored, `mentions` = chunks that name it."""

    name: str
    kind: str
    mentions: int


class KnowledgeGraph(Protocol):
    """Entities and the facts between them."""

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

    async def check(self) -> str:
        """Asks the store who it is, and whether it can be written: "Neo4j 5.26.0 at bolt://localhost:7687"."""
        ...

    async def close(self) -> None:
        """Releases connections. May be called twice."""
        ...


class GraphDatabase(KnowledgeGraph, Protocol):
    """A knowledge graph outside of the ledger's own database: what the ledger says, written there by the replay."""

    @property
    def graph_version(self) -> str:
        """Place and layout: a graph of another version is written anew."""
        ...

    async def write(self, documents: Sequence[PendingFacts]) -> None:
        """Replaces what these documents say, all of them or none. Writing the same again changes nothing."""
        ...

    async def remove(self, document_ids: Sequence[str]) -> None:
        """Forgets what only these documents said; unknown ids are fine."""
        ...

    async def clear(self) -> None:
        """Forgets everything of this ledger, and nothing else that the database holds."""
        ...

    async def document_count(self) -> int:
        """How many documents of this ledger it holds, those without facts included."""
        ...
