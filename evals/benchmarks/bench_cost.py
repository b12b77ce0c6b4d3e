"""What the graph itself costs a question, with 10,000 chunks in the embedded stores, in process."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from agent.resources import LiveResources
from evals.benchmarks.bench_corpus import loaded_home, questions
from evals.benchmarks.figures import Figure, median, percentile
from graph.build import build_graph
from graph.context import Context
from tools.access import Access
from tools.shapes import DEFAULT_COLLECTION, Filters

_DOCUMENTS = 5000
_QUESTIONS = 200
_WARM_UP = 20
_TURNS = 20


async def measure_cost() -> list[Figure]:
    """Milliseconds a question without and with the SQLite checkpointer, beside one bare search; checkpoint bytes."""
    async with loaded_home(_DOCUMENTS) as home:
        stores = await home.stores()
        chunks = await stores.vector_store.count(DEFAULT_COLLECTION)
        asked = questions(_QUESTIONS + _WARM_UP, _DOCUMENTS)
        bare = await _search_times(home, asked)
        plain = await _graph_times(home, asked, None)
        with TemporaryDirectory(prefix="signpost-bench-") as folder:
            async with AsyncSqliteSaver.from_conn_string(str(Path(folder) / "threads.db")) as saver:
                saved = await _graph_times(home, asked, saver)
                sizes = await _checkpoint_sizes(home, asked, saver)
        note = f"{chunks:,} chunks, {_QUESTIONS} questions"
        return [
            Figure("one bare vector search, p50", median(bare), "ms", None, "the peer of the same run"),
            Figure("question, no checkpointer, p50", median(plain), "ms", 25, note),
            Figure("question, no checkpointer, p95", percentile(plain, 95), "ms"),
            Figure("question, SQLite checkpointer, p50", median(saved), "ms", 40, note),
            Figure("question, SQLite checkpointer, p95", percentile(saved, 95), "ms"),
            Figure("question against bare search, p50", median(plain) / median(bare), "times"),
            Figure("checkpoint beside messages, largest of turns 1 to 20", max(sizes) / 1000, "kB", 15),
            Figure("checkpoint beside messages, turn 20", sizes[-1] / 1000, "kB", 15),
        ]


async def _search_times(home: LiveResources, asked: list[str]) -> list[float]:
    source = (await home.get()).sources["vector"]
    times = []
    for question in asked:
        started = time.perf_counter()
        await source.search(question, access=Access(), filters=Filters(), limit=10, deadline=time.time() + 10)
        times.append((time.perf_counter() - started) * 1000)
    return times[_WARM_UP:]


async def _graph_times(home: LiveResources, asked: list[str], saver: AsyncSqliteSaver | None) -> list[float]:
    graph = build_graph(home, saver)
    times = []
    for n, question in enumerate(asked):
        config: Any = {"configurable": {"thread_id": f"cost-{n}"}}
        started = time.perf_counter()
        await graph.ainvoke(
            {"question": question}, config, context=Context(interactive=False), durability="exit" if saver else None
        )
        times.append((time.perf_counter() - started) * 1000)
    return times[_WARM_UP:]


async def _checkpoint_sizes(home: LiveResources, asked: list[str], saver: AsyncSqliteSaver) -> list[int]:
    """Bytes that each of twenty turns adds to the database, without those of the messages in it."""
    graph = build_graph(home, saver)
    config: Any = {"configurable": {"thread_id": "turns"}}
    sizes = []
    for question in asked[:_TURNS]:
        before = await _stored_bytes(saver)
        await graph.ainvoke({"question": question}, config, context=Context(interactive=False), durability="exit")
        messages = (await graph.aget_state(config)).values["messages"]
        sizes.append(await _stored_bytes(saver) - before - len(saver.serde.dumps_typed(messages)[1]))
    return sizes


async def _stored_bytes(saver: AsyncSqliteSaver) -> int:
    query = (
        "SELECT (SELECT coalesce(sum(length(checkpoint) + length(metadata)), 0) FROM checkpoints)"
        " + (SELECT coalesce(sum(length(value)), 0) FROM writes)"
    )
    async with saver.conn.execute(query) as rows:
        row = await rows.fetchone()
    assert row is not None
    return int(row[0])
