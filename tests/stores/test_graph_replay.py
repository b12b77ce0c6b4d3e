"""The replay into a graph database, here a dictionary: what it ends with, wherever it was stopped."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.stores.dictionary_graph import VERSION, DictionaryGraph
from tests.stores.examples import make_chunks, make_document, make_extraction
from tools.errors import StoreError
from tools.stores.graph_replay import empty_graph, replay_graph
from tools.stores.protocols import GraphState
from tools.stores.sql.sql_ledger import SqlLedger


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[SqlLedger]:
    opened = SqlLedger.open(tmp_path / "ledger.db")
    yield opened
    await opened.close()


async def put(ledger: SqlLedger, key: str, *triples: tuple[str, str, str]) -> str:
    document = make_document(key)
    chunks = make_chunks(document, f"text of {key}")
    await ledger.replace_document(document, chunks, make_extraction(chunks[0], *triples))
    return document.id


async def replay(ledger: SqlLedger, graph: DictionaryGraph) -> int:
    return await replay_graph(ledger, graph)  # type: ignore[arg-type]


async def test_documents_are_written_changed_and_removed(ledger: SqlLedger) -> None:
    graph = DictionaryGraph()
    first = await put(ledger, "a", ("A", "r", "B"))
    second = await put(ledger, "b")
    assert await replay(ledger, graph) == 2
    assert graph.held == {first: {("A", "r", "B")}, second: set()}
    await put(ledger, "a", ("A", "r", "C"))
    await ledger.remove_document(second)
    assert await replay(ledger, graph) == 1
    assert graph.held == {first: {("A", "r", "C")}}
    before = list(graph.calls)
    assert await replay(ledger, graph) == 0
    assert graph.calls == before


async def test_progress_counts_up_to_all(ledger: SqlLedger) -> None:
    for number in range(250):
        await put(ledger, f"{number}")
    graph = DictionaryGraph()
    calls: list[tuple[int, int]] = []
    assert await replay_graph(ledger, graph, lambda *call: calls.append(call)) == 250  # type: ignore[arg-type]
    assert calls == [(0, 250), (100, 250), (200, 250), (250, 250)]
    await replay_graph(ledger, graph, lambda *call: calls.append(call))  # type: ignore[arg-type]
    await ledger.remove_document(make_document("0").id)
    await replay_graph(ledger, graph, lambda *call: calls.append(call))  # type: ignore[arg-type]
    assert len(calls) == 4  # nothing was due but to forget one
    reopened = DictionaryGraph()
    await replay_graph(ledger, reopened, lambda *call: calls.append(call))  # type: ignore[arg-type]
    assert calls[4:] == [(0, 249), (100, 249), (200, 249), (249, 249)]


@pytest.mark.parametrize("fails_at", [1, 2, 3, 4])
async def test_wherever_it_stops_the_next_one_ends_in_the_same_state(ledger: SqlLedger, fails_at: int) -> None:
    expected = {}
    for number in range(250):
        expected[await put(ledger, f"{number}", ("A", "r", f"B{number}"))] = {("A", "r", f"B{number}")}
    graph = DictionaryGraph()
    await replay(ledger, graph)
    for number in range(120):
        key = f"{number}"
        if number % 3:
            expected[await put(ledger, key, ("A", "r", "C"))] = {("A", "r", "C")}
        else:
            del expected[make_document(key).id]
            await ledger.remove_document(make_document(key).id)
    graph.fails_at = len(graph.calls) + fails_at
    with pytest.raises(StoreError):
        await replay(ledger, graph)
        raise StoreError("it has ended before")
    await replay(ledger, graph)
    assert graph.held == expected
    assert await ledger.graph_state(VERSION) == GraphState(len(expected), 0, 0)


@pytest.mark.parametrize("spoiled", ["empty", "less", "more"])
async def test_a_graph_that_differs_is_written_anew(ledger: SqlLedger, spoiled: str) -> None:
    ids = [await put(ledger, key, ("A", "r", key)) for key in "abc"]
    graph = DictionaryGraph()
    await replay(ledger, graph)
    reopened = DictionaryGraph()
    reopened.held = {
        "empty": {},
        "less": {ids[0]: {("A", "r", "a")}},
        "more": {**graph.held, "unknown": {("X", "r", "Y")}},
    }[spoiled]
    assert await replay(ledger, reopened) == 3
    assert reopened.held == graph.held
    assert reopened.calls.count("clear") == 1
    await put(ledger, "d")
    assert await replay(ledger, reopened) == 1
    assert reopened.calls.count("clear") == 1


class WatchedLedger:
    """A ledger that tells whether a replay into the graph database has its turn."""

    def __init__(self, ledger: SqlLedger) -> None:
        self._ledger = ledger
        self.has_turn = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    @asynccontextmanager
    async def replaying(self, outbox: Literal["index", "graph"]) -> AsyncIterator[None]:
        async with self._ledger.replaying(outbox):
            self.has_turn = outbox == "graph"
            yield
            self.has_turn = False


class OrderlyGraph(DictionaryGraph):
    """Lets nobody touch it out of turn."""

    def __init__(self, ledger: WatchedLedger) -> None:
        super().__init__()
        self._ledger = ledger

    async def document_count(self) -> int:
        assert self._ledger.has_turn
        return await super().document_count()

    def _called(self, name: str) -> None:
        assert self._ledger.has_turn
        super()._called(name)


async def test_it_is_compared_and_emptied_by_one_at_a_time_too(ledger: SqlLedger) -> None:
    id_ = await put(ledger, "a", ("A", "r", "B"))
    watched = WatchedLedger(ledger)
    graph = OrderlyGraph(watched)
    graph.held = {"unknown": set(), "also": set()}
    assert await replay_graph(watched, graph) == 2  # type: ignore[arg-type]
    await empty_graph(watched, graph)  # type: ignore[arg-type]
    assert graph.held == {}
    assert await replay_graph(watched, graph) == 1  # type: ignore[arg-type]
    assert list(graph.held) == [id_]
    assert graph.calls.count("clear") == 2


async def test_an_emptying_that_was_stopped_leaves_all_due(ledger: SqlLedger) -> None:
    await put(ledger, "a", ("A", "r", "B"))
    graph = DictionaryGraph()
    await replay(ledger, graph)
    held = dict(graph.held)
    graph.fails_at = len(graph.calls) + 1
    with pytest.raises(StoreError):
        await empty_graph(ledger, graph)  # type: ignore[arg-type]
    assert graph.held == {}
    assert await replay(ledger, graph) == 1
    assert graph.held == held


async def test_a_graph_that_holds_everything_is_left_alone(ledger: SqlLedger) -> None:
    await put(ledger, "a", ("A", "r", "B"))
    graph = DictionaryGraph()
    await replay(ledger, graph)
    reopened = DictionaryGraph()
    reopened.held = dict(graph.held)
    assert await replay(ledger, reopened) == 0
    assert reopened.calls == []
