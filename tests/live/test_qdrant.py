"""A real Qdrant server, for whoever has one: QDRANT_URL (and QDRANT_API_KEY) in the environment."""

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from qdrant_client import QdrantClient

from tests.stores.qdrant.hybrid_contract import HybridContract
from tests.stores.qdrant.word_embedder import WordEmbedder
from tests.stores.vector_store_contract import VectorStoreContract, index_of
from tools.stores.qdrant.address import parse_address
from tools.stores.qdrant.qdrant_vector_store import QdrantVectorStore
from tools.stores.store_settings import QdrantSettings

pytestmark = [
    pytest.mark.live,
    pytest.mark.timeout(600),
    pytest.mark.skipif("QDRANT_URL" not in os.environ, reason="QDRANT_URL is not set"),
]


def settings() -> QdrantSettings:
    return QdrantSettings(os.environ["QDRANT_URL"], os.environ.get("QDRANT_API_KEY", ""))


@asynccontextmanager
async def opened(embedder: WordEmbedder | None = None) -> AsyncIterator[QdrantVectorStore]:
    """Under a ledger id of its own, whose collections are deleted afterwards."""
    ledger_id = f"test-{uuid.uuid4()}"
    store = QdrantVectorStore(settings(), ledger_id=ledger_id, timeout_seconds=60, embedder=embedder)
    yield store
    await store.close()
    headers = {"api-key": settings().api_key} if settings().api_key else None
    client = QdrantClient(url=parse_address(settings().url).url, headers=headers, timeout=60)
    for collection in client.get_collections().collections:
        if collection.name.startswith(f"signpost-{ledger_id}-"):
            client.delete_collection(collection.name)
    client.close()


@pytest.fixture
async def store() -> AsyncIterator[QdrantVectorStore]:
    async with opened() as by_words:
        yield by_words


class TestQdrantServer(VectorStoreContract):
    """The contract, on the server."""


class TestQdrantServerWithAnEmbedder(HybridContract):
    """The same with dense vectors."""

    @pytest.fixture
    async def store(self) -> AsyncIterator[QdrantVectorStore]:
        async with opened(WordEmbedder()) as by_both:
            yield by_both


async def test_the_server_may_be_written(store: QdrantVectorStore) -> None:
    assert (await store.check()).startswith("Qdrant 1.")
    await store.upsert("c", index_of("apple"))
    assert await store.lost_collections(["c", "d"]) == ["d"]
