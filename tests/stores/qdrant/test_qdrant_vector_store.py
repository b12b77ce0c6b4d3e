import asyncio
import socket
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from qdrant_client import models

from tests.stores.examples import LIN, NOTHING, STRANGER, make_chunks, make_document
from tests.stores.qdrant import qdrant_http
from tests.stores.qdrant.passages import QUERIES, passages
from tests.stores.qdrant.qdrant_engine import LockedClient, store_over
from tests.stores.qdrant.qdrant_http import Fault, QdrantOverHttp, answering
from tests.stores.vector_store_contract import VectorStoreContract, found, index_of
from tools.access import Access
from tools.errors import InputError, StoreError
from tools.stores.index_replay import replay_index
from tools.stores.protocols import IndexedChunk
from tools.stores.qdrant.address import parse_address
from tools.stores.qdrant.edge_vector_store import EdgeVectorStore
from tools.stores.qdrant.qdrant_vector_store import QdrantVectorStore
from tools.stores.sql.sql_ledger import SqlLedger
from tools.stores.store_settings import QdrantSettings
from tools.text.tokens import TOKENIZER_VERSION

SECRET = "a-secret-key"


@pytest.fixture
def engine() -> LockedClient:
    return LockedClient()


@pytest.fixture
async def store(engine: LockedClient) -> AsyncIterator[QdrantVectorStore]:
    opened = store_over(engine)
    yield opened
    await opened.close()


class TestQdrantVectorStore(VectorStoreContract):
    """The contract, on the in-memory engine of Qdrant's client."""


@pytest.fixture
def server() -> Iterator[QdrantOverHttp]:
    with qdrant_http.serving() as running:
        yield running


def store_at(url: str, *, timeout_seconds: float = 1, **settings: Any) -> QdrantVectorStore:
    return QdrantVectorStore(QdrantSettings(url, **settings), ledger_id="test", timeout_seconds=timeout_seconds)


class TestOverHttp(VectorStoreContract):
    """The contract, with every request sent and read as JSON."""

    @pytest.fixture
    async def store(self, server: QdrantOverHttp) -> AsyncIterator[QdrantVectorStore]:
        opened = store_at(server.url, timeout_seconds=60)
        yield opened
        await opened.close()


# The same results as the embedded store


async def test_the_same_results_as_the_embedded_store(store: QdrantVectorStore, tmp_path: Path) -> None:
    edge = EdgeVectorStore(tmp_path)
    chunks = passages(300)
    for each in (store, edge):
        await each.upsert("one", chunks[:200])
        await each.upsert("two", chunks[200:])
    for query in QUERIES:
        for access in (LIN, STRANGER, Access("wang")):
            for collections in (["one"], ["one", "two"]):
                theirs, ours = [
                    await each.search(query, collections=collections, access=access, limit=10) for each in (edge, store)
                ]
                assert [hit.chunk_id for hit in ours] == [hit.chunk_id for hit in theirs]
                assert [hit.score for hit in ours] == pytest.approx([hit.score for hit in theirs], rel=1e-4)
    await edge.close()


async def test_equal_scores_are_ordered_by_id(store: QdrantVectorStore) -> None:
    chunks = index_of(*(f"apple {n}" for n in range(12)))
    await store.upsert("c", chunks)
    hits = await store.search("apple", collections=("c",), access=LIN, limit=5)
    assert [hit.chunk_id for hit in hits] == sorted(chunk.chunk_id for chunk in chunks)[:5]


# How it lies on the server


async def test_nothing_is_asked_before_it_is_used() -> None:
    with qdrant_http.serving() as server:
        store = store_at(server.url)
        await store.search("", collections=(), access=LIN, limit=5)
        await store.upsert("c", [])
        await store.close()
        assert server.requests == []


async def test_a_collection_is_made_as_the_settings_say(server: QdrantOverHttp) -> None:
    store = store_at(server.url, shards=4, replicas=3, on_disk=True)
    await store.upsert("合同", index_of("apple"))
    (made,) = [body for method, path, body in server.requests if method == "PUT" and path.count("/") == 2]
    assert made == {
        "vectors": {},
        "sparse_vectors": {"text": {"index": {"memory": "cold"}, "modifier": "idf"}},
        "shard_number": 4,
        "replication_factor": 3,
        "write_consistency_factor": 2,
        "metadata": {"collection": "合同", "index_version": store.index_version},
    }
    assert server.bodies("PUT", "/index") == [{"field_name": "metadata.readers", "field_schema": "keyword"}]
    await store.close()


async def test_by_default_a_collection_has_one_shard_and_lies_where_the_server_says(server: QdrantOverHttp) -> None:
    store = store_at(server.url)
    await store.clear("c")
    (made,) = [body for method, path, body in server.requests if method == "PUT" and path.count("/") == 2]
    assert (made["shard_number"], made["replication_factor"], made["write_consistency_factor"]) == (1, 1, 1)
    assert made["sparse_vectors"] == {"text": {"index": {}, "modifier": "idf"}}
    await store.close()


async def test_every_query_is_bound_to_the_readers_and_weighs_words_by_what_they_may_read(
    server: QdrantOverHttp,
) -> None:
    store = store_at(server.url)
    await store.upsert("c", index_of("apple"))
    await found(store, "apple", Access("lin", ("finance",)))
    allowed = {"must": [{"key": "metadata.readers", "match": {"any": ["everyone", "user:lin", "group:finance"]}}]}
    (query,) = server.bodies("POST", "/points/query")
    assert query["filter"] == allowed
    assert query["params"] == {"idf": {"corpus": allowed}}
    assert query["with_payload"] == ["metadata.document_id"]  # texts are read from the ledger
    await store.close()


async def test_writes_are_waited_for_in_parts_of_bounded_size(server: QdrantOverHttp) -> None:
    store = store_at(server.url, timeout_seconds=30)
    chunks = index_of(*(f"apple {n}" for n in range(150)))
    await store.upsert("c", chunks)
    await store.remove("c", [chunk.chunk_id for chunk in chunks] * 10)
    assert [path for _, path, _ in server.requests].count("/") == 1  # the version is asked for once
    assert [len(body["points"]) for body in server.bodies("PUT", "/points")] == [64, 64, 22]
    assert [len(body["points"]) for body in server.bodies("POST", "/points/delete")] == [1000, 500]
    (point, *_) = server.bodies("PUT", "/points")[0]["points"]
    assert point["payload"] == {
        "page_content": "apple 0",
        "metadata": {"document_id": chunks[0].document_id, "readers": ["everyone"]},
    }
    await store.close()


async def test_two_ledgers_on_one_server_do_not_meet(engine: LockedClient) -> None:
    one, two = store_over(engine, "one"), store_over(engine, "two")
    await one.upsert("c", index_of("apple"))
    assert await found(two, "apple") == []
    assert await two.lost_collections(["c"]) == ["c"]
    await two.clear("c")
    assert (await one.count("c"), await two.count("c")) == (1, 0)


async def test_the_version_names_place_and_tokenizer() -> None:
    store = store_at("https://user:hidden@Cloud.example:443/qdrant/")
    assert store.index_version.startswith("qdrant-1:cloud.example:443/qdrant:")
    assert store.index_version.endswith(TOKENIZER_VERSION)
    await store.close()


@pytest.mark.parametrize(
    "strange",
    [
        {"metadata": {"index_version": "another"}},
        {"metadata": None},
        {"sparse_vectors_config": {"text": models.SparseVectorParams()}},
        {"sparse_vectors_config": {"words": models.SparseVectorParams(modifier=models.Modifier.IDF)}},
        {"vectors_config": {"dense": models.VectorParams(size=3, distance=models.Distance.COSINE)}},
        {"vectors_config": models.VectorParams(size=3, distance=models.Distance.COSINE)},
    ],
    ids=["version", "no note", "no IDF", "other name", "dense too", "unnamed"],
)
async def test_an_index_that_is_not_ours_as_it_is_now_is_lost_and_made_anew(
    engine: LockedClient, strange: dict[str, Any]
) -> None:
    before = store_over(engine)
    await before.upsert("c", index_of("apple", "pear"))
    (held,) = engine.get_collections().collections
    engine.delete_collection(held.name)
    as_made: dict[str, Any] = {
        "vectors_config": {},
        "sparse_vectors_config": {"text": models.SparseVectorParams(modifier=models.Modifier.IDF)},
        "metadata": {"collection": "c", "index_version": before.index_version},
    }
    engine.create_collection(held.name, **as_made | strange)
    store = store_over(engine)
    assert await store.lost_collections(["c"]) == ["c"]
    assert (await found(store, "apple"), await store.count("c")) == ([], 0)
    await store.remove("c", [index_of("apple")[0].chunk_id])
    plum = index_of("plum")
    await store.upsert("c", plum)
    assert await store.lost_collections(["c"]) == []
    assert await found(store, "plum") == [plum[0].chunk_id]
    assert engine.indexed[-1] == (held.name, "metadata.readers")
    engine.delete_collection(held.name)
    engine.create_collection(held.name, **as_made | strange)
    again = store_over(engine)
    await again.clear("c")
    assert await again.lost_collections(["c"]) == []


# A server that loses what it held


async def test_an_index_that_vanishes_is_an_error_until_it_is_made_anew(engine: LockedClient) -> None:
    store = store_over(engine)
    chunks = index_of("apple", "pear")
    await store.upsert("c", chunks)
    await store.upsert("other", chunks)
    for collection in engine.get_collections().collections:
        engine.delete_collection(collection.name)
    for _ in range(2):
        with pytest.raises(StoreError, match="gone") as raised:
            await found(store, "apple")
        assert "next start" in raised.value.next_step
    with pytest.raises(StoreError, match="gone"):
        await store.count("other")
    with pytest.raises(StoreError, match="gone"):
        await found(store, "apple", collections=("other", "never"))
    await store.remove("c", [chunks[0].chunk_id])
    assert await store.lost_collections(["c", "other"]) == ["c", "other"]
    await store.upsert("c", chunks[:1])
    assert await store.lost_collections(["c"]) == ["c"]  # it holds but what came since
    await store.clear("c")
    await store.upsert("c", chunks)
    assert await store.lost_collections(["c", "other"]) == ["other"]
    assert await found(store, "apple") == [chunks[0].chunk_id]


async def test_a_server_that_comes_back_empty_is_filled_at_the_next_start(engine: LockedClient, tmp_path: Path) -> None:
    ledger = SqlLedger.open(tmp_path / "ledger.db")
    document = make_document("a.md")
    chunks = make_chunks(document, "apple", "pear")
    await ledger.replace_document(document, chunks, NOTHING)
    await replay_index(ledger, store_over(engine, ledger.id))
    for collection in engine.get_collections().collections:
        engine.delete_collection(collection.name)
    restarted = store_over(engine, ledger.id)
    assert await replay_index(ledger, restarted) == 2
    assert await found(restarted, "apple", collections=("default",)) == [chunks[0].id]
    await ledger.close()


async def test_another_process_may_make_the_collection_first(engine: LockedClient) -> None:
    one, two = store_over(engine), store_over(engine)
    make = engine.create_collection

    def late(*arguments: Any, **named: Any) -> Any:
        del engine.create_collection  # type: ignore[attr-defined]
        make(*arguments, **named)
        return make(*arguments, **named)

    engine.create_collection = late  # type: ignore[method-assign]
    chunks = index_of("apple")
    await one.upsert("c", chunks)
    assert await found(two, "apple") == [chunks[0].chunk_id]
    assert [field for _, field in engine.indexed] == ["metadata.readers"]


# Hostile names


@pytest.mark.parametrize("name", ['"}]}', "a/../b?x=1#y", "{collection_name}", "名 字", "\udcff", "x" * 5000, "\x00"])
async def test_any_collection_is_named_by_a_hash(server: QdrantOverHttp, name: str) -> None:
    store = store_at(server.url)
    await store.upsert(name, index_of("apple"))
    assert len(await found(store, "apple", collections=(name,))) == 1
    paths = {path.split("/")[2] for _, path, _ in server.requests if path != "/"}
    assert len(paths) == 1
    assert len(paths.pop()) == len("signpost-test-") + 32
    await store.close()


@pytest.mark.parametrize("name", ['"}]}', "a\nb", "*", "everyone", "\\u0065veryone", "metadata.readers", "\x00"])
async def test_any_reader_is_no_one_else(server: QdrantOverHttp, name: str) -> None:
    store = store_at(server.url)
    chunks = index_of("apple", readers=(f"user:{name}",))
    await store.upsert("c", chunks)
    assert await found(store, "apple", Access(name)) == [chunks[0].chunk_id]
    assert await found(store, "apple", STRANGER) == []
    await store.close()


async def test_a_name_that_is_no_text_reads_what_everyone_may(server: QdrantOverHttp) -> None:
    store = store_at(server.url)
    chunks = index_of("apple")
    await store.upsert("c", chunks)
    assert await found(store, "apple", Access("\udcff", ("\ud800",))) == [chunks[0].chunk_id]
    assert await found(store, "apple \udcff\x00") == [chunks[0].chunk_id]
    await store.close()


# A server that is not as it should be

CALLS: dict[str, Callable[[QdrantVectorStore], Awaitable[object]]] = {
    "search": lambda store: found(store, "apple", collections=("c", "d")),
    "upsert": lambda store: store.upsert("c", index_of("apple")),
    "remove": lambda store: store.remove("c", [index_of("apple")[0].chunk_id]),
    "clear": lambda store: store.clear("c"),
    "count": lambda store: store.count("c"),
    "lost_collections": lambda store: store.lost_collections(["c", "d"]),
    "check": lambda store: store.check(),
}

FAULTS: dict[str, tuple[Fault, str, str]] = {
    "silent": (qdrant_http.silent, "does not answer", "QDRANT_URL"),
    "dripping": (qdrant_http.dripping, "does not answer", "QDRANT_URL"),
    "cut": (qdrant_http.cut, "in the middle", "again"),
    "vanishing": (qdrant_http.vanishing, "in the middle", "again"),
    "old": (qdrant_http.old, "too old", "1.19"),
    "another service": (qdrant_http.another_service, "is not Qdrant", "QDRANT_URL"),
    "web page": (qdrant_http.web_page, "is not Qdrant", "QDRANT_URL"),
    "no key": (
        answering(401, "text/plain", "Must provide an API key or an Authorization bearer token"),
        "refuses the key",
        "QDRANT_API_KEY",
    ),
    "expired key": (answering(403, "text/plain", "ExpiredSignature"), "refuses the key", "QDRANT_API_KEY"),
    "nowhere": (answering(404, "text/plain", "404 page not found"), "is not Qdrant", "QDRANT_URL"),
    "moved": (answering(301, "text/html", "moved"), "is not Qdrant", "QDRANT_URL"),
    "busy": (answering(429, "application/json", "{}"), "too much at once", "Wait"),
    "failing": (
        answering(500, "application/json", '{"status": {"error": "Service internal error: No space left on device"}}'),
        "has failed",
        "log",
    ),
    "no server behind it": (answering(502, "text/html", "<h1>Bad Gateway</h1>"), "has failed", "Wait"),
    "nothing": (answering(200, "application/json", "{}"), "is not Qdrant", "QDRANT_URL"),
    "half": (answering(200, "application/json", '{"result": {"poi'), "is not Qdrant", "QDRANT_URL"),
    "refusing": (
        answering(400, "application/json", '{"status": {"error": "Wrong input: strict mode"}}'),
        "refused a request",
        "log",
    ),
}


async def failures(store: QdrantVectorStore, calls: dict[str, Callable[..., Awaitable[object]]]) -> list[StoreError]:
    outcomes = await asyncio.gather(*(call(store) for call in calls.values()), return_exceptions=True)
    for name, outcome in zip(calls, outcomes, strict=True):
        assert isinstance(outcome, StoreError), f"{name}: {outcome!r}"
    return [outcome for outcome in outcomes if isinstance(outcome, StoreError)]


@pytest.mark.parametrize("fault", FAULTS)
async def test_each_fault_of_a_server_is_a_clear_error(server: QdrantOverHttp, fault: str) -> None:
    server.fault, what, next_step = FAULTS[fault]
    host = server.url.removeprefix("http://")
    store = store_at(f"http://someone:hidden@{host}", api_key=SECRET)
    for error in await failures(store, CALLS):
        assert what in error.what
        assert error.why
        assert next_step in error.next_step
        assert host in error.what
        assert SECRET not in str(error)
        assert "hidden" not in str(error)
    await store.close()


@pytest.mark.parametrize("fault", ["silent", "cut", "failing", "no key"])
async def test_a_server_that_fails_later_is_an_error_and_then_used_again(server: QdrantOverHttp, fault: str) -> None:
    store = store_at(server.url)
    chunks = index_of("apple")
    await store.upsert("c", chunks)
    server.fault = FAULTS[fault][0]
    await failures(store, {name: CALLS[name] for name in ("search", "upsert", "count")})
    server.fault = None
    assert await found(store, "apple") == [chunks[0].chunk_id]
    await store.close()


async def test_a_server_that_dies_in_the_middle_of_a_batch_is_an_error(server: QdrantOverHttp) -> None:
    store = store_at(server.url)
    await store.clear("c")
    chunks = index_of(*(f"apple {n}" for n in range(200)))

    def second(request: qdrant_http.QdrantRequest) -> qdrant_http.Answer | None:
        return qdrant_http.cut(request) if len(server.bodies("PUT", "/points")) > 1 else request.usual()

    server.fault = second
    with pytest.raises(StoreError, match="in the middle"):
        await store.upsert("c", chunks)
    server.fault = None
    assert await store.count("c") == 64
    await store.upsert("c", chunks)
    assert await store.count("c") == 200
    await store.close()


async def test_a_key_that_may_only_read_searches_and_writes_nothing(server: QdrantOverHttp) -> None:
    writer = store_at(server.url)
    chunks = index_of("apple")
    await writer.upsert("c", chunks)
    await writer.close()
    server.fault = qdrant_http.read_only
    store = store_at(server.url, api_key=SECRET)
    assert await found(store, "apple") == [chunks[0].chunk_id]
    assert await store.lost_collections(["c"]) == []
    for error in await failures(store, {name: CALLS[name] for name in ("upsert", "remove", "clear", "check")}):
        assert "may not do this" in error.what
        assert "manage access" in error.why
        assert "QDRANT_API_KEY" in error.next_step
    await store.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def test_a_server_that_is_not_there_is_a_clear_error() -> None:
    for url in (f"http://:hidden@127.0.0.1:{free_port()}", "https://nowhere.invalid"):
        store = store_at(url, api_key=SECRET)
        for error in await failures(store, CALLS):
            assert "cannot be reached" in error.what
            assert "QDRANT_URL" in error.next_step
            assert SECRET not in str(error)
            assert "hidden" not in str(error)
        await store.close()


async def test_a_server_that_wants_to_be_asked_later(server: QdrantOverHttp) -> None:
    def busy(request: qdrant_http.QdrantRequest) -> None:
        request.wfile.write(b"HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n")

    server.fault = busy
    store = store_at(server.url)
    with pytest.raises(StoreError, match="too much at once"):
        await store.count("c")
    await store.close()


async def test_what_the_server_does_not_take_is_an_error(store: QdrantVectorStore) -> None:
    with pytest.raises(StoreError, match="could not be used"):
        await store.upsert("c", [IndexedChunk("no uuid", "d", ("everyone",), "apple")])
    assert await store.count("c") == 0


# What is asked of the settings


@pytest.mark.parametrize(
    "url",
    [
        "",
        "  ",
        "ftp://host",
        "http://",
        "http://host:port",
        "http://host:99999",
        "http://[::1",
        "http://a b",
        "http://h?k=1",
    ],
)
def test_an_address_that_is_none_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(InputError, match="QDRANT_URL") as raised:
        parse_address(url.replace("//", "//user:hidden@"))
    assert "hidden" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "understood"),
    [
        ("localhost", "http://localhost:6333"),
        ("localhost:7000", "http://localhost:7000"),
        (" http://10.0.0.1/ ", "http://10.0.0.1:6333"),
        ("https://Name.cloud.qdrant.io", "https://name.cloud.qdrant.io:6333"),
        ("https://host:443/a/b/", "https://host:443/a/b"),
        ("http://[::1]:6333", "http://[::1]:6333"),
        ("http://user:p%40ss@host", "http://host:6333"),
    ],
)
def test_addresses(url: str, understood: str) -> None:
    assert parse_address(url).url == understood
    assert "p@ss" not in repr(parse_address(url))


def test_a_password_in_the_address_is_kept_for_the_proxy_that_asks_for_it() -> None:
    assert parse_address("http://user:p%40ss@host").credentials == ("user", "p@ss")
    assert parse_address("http://host").credentials is None


@pytest.mark.parametrize("key", ["secret\nkey", "secret密钥", "secret\x00"])
def test_a_key_that_cannot_be_sent_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(InputError, match="QDRANT_API_KEY") as raised:
        store_at("http://localhost", api_key=key)
    assert "secret" not in str(raised.value)


async def test_key_and_password_are_sent_without_a_warning(server: QdrantOverHttp) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        store = store_at(server.url.replace("//", "//user:hidden@"), api_key=f" {SECRET}\n")
        assert await store.check() == f"Qdrant {server.engine.info().version} at {server.url}"
    assert server.headers["api-key"] == SECRET
    assert server.headers["Authorization"].startswith("Basic ")
    assert SECRET not in repr(vars(store)) + repr(store._settings)
    await store.close()


async def test_a_server_behind_a_path_is_asked_there(server: QdrantOverHttp) -> None:
    store = store_at(f"{server.url}/qdrant/")
    with pytest.raises(StoreError):
        await store.count("c")
    assert server.requests[0][1] == "/qdrant/"
    await store.close()


# In one process


async def test_a_late_answer_that_there_is_no_index_loses_none(engine: LockedClient) -> None:
    store = store_over(engine)
    asked = engine.get_collection
    chunks = index_of("apple")

    def made_meanwhile(name: str) -> object:
        engine.get_collection = asked  # type: ignore[method-assign]
        try:
            return asked(name)
        except Exception:
            asyncio.run(store.upsert("c", chunks))
            raise

    engine.get_collection = made_meanwhile  # type: ignore[method-assign]
    assert await found(store, "apple") == []
    assert await found(store, "apple") == [chunks[0].chunk_id]
    assert await store.lost_collections(["c"]) == []
    await store.close()


async def test_changes_take_effect_in_the_order_of_the_calls(server: QdrantOverHttp) -> None:
    store = store_at(server.url, timeout_seconds=30)
    chunks = index_of(*(f"apple {n}" for n in range(130)))
    added = asyncio.create_task(store.upsert("c", chunks))
    removed = asyncio.create_task(store.remove("c", [chunk.chunk_id for chunk in chunks]))
    await asyncio.gather(added, removed)
    assert await store.count("c") == 0
    await store.close()


async def test_a_closed_store_says_so() -> None:
    with qdrant_http.serving() as server:
        store = store_at(server.url)
        await store.count("c")
        await store.close()
        await store.close()
        for error in await failures(store, CALLS):
            assert "closed" in error.what
