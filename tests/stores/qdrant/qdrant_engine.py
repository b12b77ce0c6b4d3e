"""The Qdrant client's in-memory engine as tests need it."""

import threading
from collections.abc import Callable
from typing import Any, cast

from qdrant_client import QdrantClient

from tools.stores.qdrant.dense_vectors import Embedder
from tools.stores.qdrant.qdrant_vector_store import QdrantVectorStore
from tools.stores.store_settings import QdrantSettings


class LockedClient:
    """One call at a time: several threads at once lose writes there."""

    def __init__(self) -> None:
        self._client = QdrantClient(":memory:")
        self._lock = threading.Lock()
        self.indexed: list[tuple[str, str]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._client, name)

        def locked(*arguments: Any, **named: Any) -> Any:
            with self._lock:
                return method(*arguments, **named)

        return locked

    def create_payload_index(self, collection_name: str, field_name: str, *_: Any, **__: Any) -> None:
        """The engine has none, and warns."""
        self.indexed.append((collection_name, field_name))


def store_over(client: LockedClient, ledger_id: str = "test", embedder: Embedder | None = None) -> QdrantVectorStore:
    return QdrantVectorStore(
        QdrantSettings("http://localhost:6333"),
        ledger_id=ledger_id,
        timeout_seconds=60,
        client=cast(QdrantClient, client),
        embedder=embedder,
    )
