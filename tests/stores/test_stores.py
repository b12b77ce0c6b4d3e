"""The replay of search index and graph database at once: what is told, and what is done where one of them fails."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stores.dictionary_graph import DictionaryGraph
from tests.stores.examples import make_chunks, make_document, make_extraction
from tools.errors import StoreError
from tools.stores.home import Home
from tools.stores.open_stores import open_stores
from tools.stores.store_settings import StoreSettings
from tools.stores.stores import Stores


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    opened = open_stores(Home(tmp_path), StoreSettings())
    for number in range(3):
        document = make_document(f"{number}.md")
        chunks = make_chunks(document, "one", "two")
        await opened.ledger.replace_document(document, chunks, make_extraction(chunks[0], ("A", "r", "B")))
    yield opened
    await opened.close()


def with_graph(stores: Stores, graph: DictionaryGraph) -> Stores:
    return Stores(stores.ledger, stores.vector_store, stores.knowledge_graph, graph)  # type: ignore[arg-type]


async def test_both_are_told_under_their_names(stores: Stores) -> None:
    graph = DictionaryGraph()
    calls: list[tuple[str, int, int]] = []
    assert await with_graph(stores, graph).replay(lambda *call: calls.append(call)) == 6
    assert sorted(calls) == [("indexing", 0, 6), ("indexing", 6, 6), ("writing", 0, 3), ("writing", 3, 3)]
    assert len(graph.held) == 3


async def test_without_a_graph_database_only_the_index_is_told(stores: Stores) -> None:
    calls: list[tuple[str, int, int]] = []
    assert await stores.replay(lambda *call: calls.append(call)) == 6
    assert calls == [("indexing", 0, 6), ("indexing", 6, 6)]


async def test_where_the_graph_fails_the_index_is_brought_up_all_the_same(stores: Stores) -> None:
    failing = with_graph(stores, DictionaryGraph(fails_at=1))
    with pytest.raises(StoreError, match="is gone"):
        await failing.replay()
    assert await stores.vector_store.count("default") == 6
