"""Both vector stores with an embedder: words and meaning in one search."""

import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.stores.examples import LIN, NOTHING, STRANGER, make_chunks, make_document
from tests.stores.qdrant import qdrant_http
from tests.stores.qdrant.hybrid_contract import HybridContract
from tests.stores.qdrant.passages import QUERIES, passages
from tests.stores.qdrant.qdrant_engine import LockedClient, store_over
from tests.stores.qdrant.word_embedder import WordEmbedder
from tests.stores.vector_store_contract import found, index_of
from tools.access import Access
from tools.errors import StoreError
from tools.stores.index_replay import replay_index
from tools.stores.protocols import VectorStore
from tools.stores.qdrant.dense_vectors import Embedder
from tools.stores.qdrant.edge_vector_store import EdgeVectorStore
from tools.stores.qdrant.qdrant_vector_store import QdrantVectorStore
from tools.stores.sql.sql_ledger import SqlLedger
from tools.stores.store_settings import QdrantSettings, Quantization

Opening = Callable[[Embedder | None], VectorStore]


@pytest.fixture(params=["edge", "qdrant"])
def opening(request: pytest.FixtureRequest, tmp_path: Path) -> Opening:
    """Opens a store with an embedder, each time over the same index."""
    engine = LockedClient()

    def opened(embedder: Embedder | None) -> VectorStore:
        if request.param == "edge":
            return EdgeVectorStore(tmp_path / "index", embedder)
        return store_over(engine, embedder=embedder)

    return opened


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
async def store(opening: Opening, embedder: WordEmbedder) -> AsyncIterator[VectorStore]:
    opened = opening(embedder)
    yield opened
    await opened.close()


class TestWithAnEmbedder(HybridContract):
    """The contract, on both."""


async def test_what_means_the_same_is_found_without_a_word_in_common(opening: Opening) -> None:
    store = opening(WordEmbedder(same={"automobil": "car"}))
    chunks = index_of("the automobile", "the bicycle")
    secret = index_of("a secret automobile", readers=("user:lin",), key="secret")
    await store.upsert("c", [*chunks, *secret])
    assert await found(store, "car", STRANGER) == [chunks[0].chunk_id]
    assert set(await found(store, "car", LIN)) == {chunks[0].chunk_id, secret[0].chunk_id}
    await store.close()


async def test_words_decide_where_each_knows_another_best_passage(opening: Opening) -> None:
    store = opening(WordEmbedder(same={"norm": "rule", "50378": ""}))
    by_meaning, by_words = index_of("the rule", "number 50378")
    for chunks in ([by_meaning, by_words], [by_words, by_meaning]):
        await store.clear("c")
        await store.upsert("c", chunks)
        assert await found(store, "norm 50378") == [by_words.chunk_id, by_meaning.chunk_id]
    await store.close()


async def test_both_stores_find_the_same(tmp_path: Path) -> None:
    """But for what is alike in one of the two rankings: each engine orders that its own way before they are joined."""
    chunks = passages(300)
    edge, qdrant = EdgeVectorStore(tmp_path, WordEmbedder()), store_over(LockedClient(), embedder=WordEmbedder())
    for store in (edge, qdrant):
        await store.upsert("c", chunks)
    for query in QUERIES:
        for access in (LIN, STRANGER, Access("wang")):
            ours, theirs = [
                [hit.chunk_id for hit in await store.search(query, collections=("c",), access=access, limit=10)]
                for store in (edge, qdrant)
            ]
            assert ours[:2] == theirs[:2]
            assert len(set(ours) & set(theirs)) >= 9
    await edge.close()
    await qdrant.close()


# When the embedder does not answer


async def test_a_search_goes_on_by_words_and_says_so_once(
    opening: Opening, store: VectorStore, embedder: WordEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    chunks = index_of("apple pie", "apple")
    await store.upsert("c", chunks)
    embedder.is_away = True
    with caplog.at_level(logging.WARNING):
        by_words = await store.search("apple", collections=("c",), access=LIN, limit=5)
        assert await store.search("apple", collections=("c", "d"), access=LIN, limit=5)
    (record,) = [record for record in caplog.records if record.name.startswith("tools.")]
    assert "tests:words" in record.getMessage()
    assert "apple" not in record.getMessage()
    embedder.is_away = False
    by_both = await store.search("apple", collections=("c",), access=LIN, limit=5)
    assert {hit.chunk_id for hit in by_words} == {hit.chunk_id for hit in by_both}
    assert by_words != by_both
    assert await store.search("\udcff apple", collections=("c",), access=LIN, limit=5) == by_both


async def test_a_question_is_embedded_once(store: VectorStore, embedder: WordEmbedder) -> None:
    await store.upsert("c", index_of("apple pie"))
    before = len(embedder.asked)
    for limit in (1, 2):
        await store.search("apple", collections=("c",), access=LIN, limit=limit)
    assert len(embedder.asked) == before + 1


async def test_a_store_that_opens_without_the_embedder_searches_by_words(
    opening: Opening, store: VectorStore, embedder: WordEmbedder
) -> None:
    chunks = index_of("apple")
    await store.upsert("c", chunks)
    await store.close()
    embedder.is_away = True
    reopened = opening(embedder)
    assert await reopened.lost_collections(["c"]) == []
    assert await found(reopened, "apple") == [chunks[0].chunk_id]
    assert await reopened.count("c") == 1
    await reopened.remove("c", [chunks[0].chunk_id])
    assert await reopened.count("c") == 0
    await reopened.close()


async def test_what_cannot_be_embedded_waits_in_the_outbox(
    store: VectorStore, embedder: WordEmbedder, tmp_path: Path
) -> None:
    ledger = SqlLedger.open(tmp_path / "ledger.db")
    document = make_document("a.md")
    chunks = make_chunks(document, "apple", "pear")
    await ledger.replace_document(document, chunks, NOTHING)
    embedder.is_away = True
    with pytest.raises(StoreError, match="cannot be embedded by tests:words"):
        await replay_index(ledger, store)
    assert await found(store, "apple", collections=("default",)) == []
    embedder.is_away = False
    assert await replay_index(ledger, store) == 2
    assert await found(store, "apple", collections=("default",)) == [chunks[0].id]
    await ledger.close()


# Another embedder


@pytest.mark.parametrize(
    "other", [None, WordEmbedder("tests:others"), WordEmbedder(dimension=512)], ids=["none", "name", "length"]
)
async def test_the_index_of_another_embedder_is_lost(
    opening: Opening, store: VectorStore, other: WordEmbedder | None
) -> None:
    chunks = index_of("apple")
    await store.upsert("c", chunks)
    await store.close()
    changed = opening(other)
    assert (changed.index_version == store.index_version) == (other is not None and other.name == "tests:words")
    assert await changed.lost_collections(["c"]) == ["c"]
    assert await found(changed, "apple") == []
    await changed.clear("c")
    assert await changed.lost_collections(["c"]) == []
    await changed.upsert("c", chunks)
    assert await found(changed, "apple") == [chunks[0].chunk_id]
    await changed.close()


async def test_an_index_without_dense_vectors_is_lost_once_there_is_an_embedder(
    opening: Opening, embedder: WordEmbedder
) -> None:
    before = opening(None)
    await before.upsert("c", index_of("apple"))
    await before.close()
    store = opening(embedder)
    assert await store.lost_collections(["c"]) == ["c"]
    await store.upsert("c", index_of("pear"))
    assert await store.count("c") == 1
    await store.close()


async def test_an_embedder_that_changes_under_way_is_noticed(store: VectorStore, embedder: WordEmbedder) -> None:
    chunks = index_of("apple")
    await store.upsert("c", chunks)
    embedder.dimension = 16
    with pytest.raises(StoreError, match="has changed") as raised:
        await store.upsert("c", index_of("pear"))
    assert "Start Signpost again" in raised.value.next_step
    assert await found(store, "apple") == [chunks[0].chunk_id]


# What is sent to a Qdrant server


@pytest.mark.parametrize(
    ("quantization", "on_disk", "expected"),
    [
        ("none", False, {"size": 1024, "distance": "Cosine", "hnsw_config": {}}),
        (
            "scalar",
            False,
            {
                "size": 1024,
                "distance": "Cosine",
                "hnsw_config": {},
                "quantization_config": {"scalar": {"type": "int8"}},
            },
        ),
        (
            "binary",
            True,
            {
                "size": 1024,
                "distance": "Cosine",
                "memory": "cold",
                "hnsw_config": {"memory": "cold"},
                "quantization_config": {"binary": {"memory": "pinned"}},
            },
        ),
    ],
)
async def test_dense_vectors_lie_as_the_settings_say(
    quantization: Quantization, on_disk: bool, expected: dict[str, object]
) -> None:
    with qdrant_http.serving() as server:
        settings = QdrantSettings(server.url, on_disk=on_disk, quantization=quantization)
        store = QdrantVectorStore(settings, ledger_id="test", timeout_seconds=30, embedder=WordEmbedder())
        await store.clear("c")
        (made,) = [body for method, path, body in server.requests if method == "PUT" and path.count("/") == 2]
        assert made["vectors"] == {"dense": expected}
        assert made["sparse_vectors"]["text"]["modifier"] == "idf"
        await store.close()


async def test_both_parts_of_a_query_are_bound_to_the_readers_and_joined_by_weighted_ranks() -> None:
    with qdrant_http.serving() as server:
        store = QdrantVectorStore(
            QdrantSettings(server.url), ledger_id="test", timeout_seconds=30, embedder=WordEmbedder(dimension=8)
        )
        chunks = index_of("apple")
        await store.upsert("c", chunks)
        assert await found(store, "apple", Access("lin")) == [chunks[0].chunk_id]
        allowed = {"must": [{"key": "metadata.readers", "match": {"any": ["everyone", "user:lin"]}}]}
        (query,) = server.bodies("POST", "/points/query")
        dense, words = query["prefetch"]
        assert (dense["using"], words["using"]) == ("dense", "text")
        assert dense["filter"] == words["filter"] == query["filter"] == allowed
        assert words["params"] == {"idf": {"corpus": allowed}}
        assert "params" not in dense  # the server refuses an IDF there
        assert query["query"] == {"rrf": {"k": 2, "weights": [1.0, 1.1]}}
        (point,) = server.bodies("PUT", "/points")[0]["points"]
        assert set(point["vector"]) == {"dense", "text"}
        await store.close()
