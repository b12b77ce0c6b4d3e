"""Opens the stores that the settings name: on servers, and for the rest in the home folder."""

import asyncio
from collections.abc import Callable

from tools.errors import LedgerAwayError, StoreError
from tools.stores.home import Home
from tools.stores.protocols import GraphDatabase, KnowledgeGraph, Ledger, VectorStore
from tools.stores.qdrant.dense_vectors import Embedder
from tools.stores.sql.sql_knowledge_graph import SqlKnowledgeGraph
from tools.stores.sql.sql_ledger import SqlLedger
from tools.stores.store_settings import StoreSettings
from tools.stores.stores import Stores


def open_stores(home: Home, settings: StoreSettings, embedder: Embedder | None = None) -> Stores:
    """The stores, the ledger's schema up to date. Blocks; whoever calls holds the home if `settings.needs_home`.

    The ledger must answer; search index and graph database are first asked when they are used. With an embedder what
    passages mean is searched too. Raises StoreError, LedgerAwayError where only the ledger's server is the cause.
    """
    ledger = _ledger(home, settings)
    graph = SqlKnowledgeGraph(ledger.database)
    return _derived(ledger, graph, settings, lambda: _vector_store(home, ledger.id, settings, embedder))


def open_beside(home: Home, settings: StoreSettings, embedded: Stores, embedder: Embedder | None = None) -> Stores:
    """The stores that the settings name, beside the embedded ones of the same home, which is held.

    What the settings leave in the home is shared with those; but each ledger has a search index of its own. Blocks.
    Raises StoreError.
    """
    ledger: Ledger = embedded.ledger
    graph: KnowledgeGraph = embedded.knowledge_graph
    if settings.database_url:
        opened = _ledger(home, settings)
        ledger, graph = opened, SqlKnowledgeGraph(opened.database)

    def vector_store() -> VectorStore:
        shared = settings.qdrant is None and ledger is embedded.ledger
        return embedded.vector_store if shared else _vector_store(home, ledger.id, settings, embedder)

    return _derived(ledger, graph, settings, vector_store)


def _ledger(home: Home, settings: StoreSettings) -> SqlLedger:
    if not settings.database_url:
        return SqlLedger.open(home.ledger_file, timeout_seconds=settings.timeout_seconds)
    try:
        return SqlLedger.open(settings.database_url, timeout_seconds=settings.timeout_seconds)
    except StoreError as error:
        raise LedgerAwayError(error.what, why=error.why, next_step=error.next_step) from error


def _derived(
    ledger: Ledger, own_graph: KnowledgeGraph, settings: StoreSettings, vector_store: Callable[[], VectorStore]
) -> Stores:
    """The ledger with what is derived from it; closed where that fails."""
    try:
        graph_database = _graph_database(ledger.id, settings)
        return Stores(ledger, vector_store(), graph_database or own_graph, graph_database)
    except BaseException:
        asyncio.run(ledger.close())
        raise


# What only a server needs is imported where it is one: these packages take a second or more.


def _vector_store(home: Home, ledger_id: str, settings: StoreSettings, embedder: Embedder | None) -> VectorStore:
    if settings.qdrant is None:
        from tools.stores.qdrant.edge_vector_store import EdgeVectorStore

        folder = home.index_folder_of(ledger_id) if settings.database_url else home.index_folder
        return EdgeVectorStore(folder, embedder)
    from tools.stores.qdrant.qdrant_vector_store import QdrantVectorStore

    return QdrantVectorStore(
        settings.qdrant, ledger_id=ledger_id, timeout_seconds=settings.timeout_seconds, embedder=embedder
    )


def _graph_database(ledger_id: str, settings: StoreSettings) -> GraphDatabase | None:
    if settings.neo4j is None:
        return None
    from tools.stores.neo4j.knowledge_graph import Neo4jKnowledgeGraph

    return Neo4jKnowledgeGraph(settings.neo4j, ledger_id=ledger_id, timeout_seconds=settings.timeout_seconds)
