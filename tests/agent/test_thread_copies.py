"""Conversations copied from a file to PostgreSQL: they go on there, and keep where they came from."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from agent.postgres_threads import PostgresThreads, open_postgres_threads
from agent.thread_copies import copy_threads, delete_threads
from agent.thread_store import ThreadStore
from tests.agent.test_postgres_conversations import answer_of, ask, resume, threads
from tests.graph.test_ask import UNKNOWN

pytest_plugins = ["tests.stores.sql.postgres_fixtures"]

LONG = 45


def unheard(done: int, total: int) -> None:
    """Progress that nobody looks at."""


@pytest.fixture
def store(tmp_path: Path) -> ThreadStore:
    return ThreadStore(tmp_path / "threads.db")


@pytest.fixture
async def places(store: ThreadStore, database_url: str) -> AsyncIterator[tuple[AsyncSqliteSaver, PostgresThreads]]:
    async with AsyncExitStack() as opened:
        file = await opened.enter_async_context(store.open())
        assert isinstance(file, AsyncSqliteSaver)
        yield file, await opened.enter_async_context(open_postgres_threads(database_url, 2))


async def put_checkpoints(saver: AsyncSqliteSaver, thread: str, numbers: range) -> None:
    """One after the other, each with a write of its own."""
    last = [kept async for kept in saver.alist({"configurable": {"thread_id": thread}}, limit=1)]
    config = last[0].config if last else {"configurable": {"thread_id": thread, "checkpoint_ns": ""}}
    for number in numbers:
        checkpoint = {
            "v": 4,
            "id": f"{number:032d}",
            "ts": "",
            "channel_values": {"messages": [f"text {number}"]},
            "channel_versions": {"messages": f"{number:04d}"},
            "versions_seen": {},
            "updated_channels": None,
        }
        config = await saver.aput(config, checkpoint, {"step": number}, {"messages": f"{number:04d}"})  # type: ignore[arg-type,typeddict-item]
        await saver.aput_writes(config, [("messages", f"written {number}"), ("note", number)], f"task {number}")


async def test_an_interrupted_conversation_is_resumed_where_it_was_copied_to(
    store: ThreadStore, places: tuple[AsyncSqliteSaver, PostgresThreads], database_url: str
) -> None:
    asked = await ask(store, UNKNOWN, interactive=True)
    assert asked.waiting is not None
    assert await copy_threads(*places, unheard) == 1
    copies = [kept async for kept in places[1].alist(None)]
    assert "__interrupt__" in [channel for kept in copies for _, channel, _ in kept.pending_writes or ()]
    there = threads(database_url)
    assert "李春" in answer_of(await resume(there, {"allow": True}, interactive=True))["answer"]


async def test_history_keeps_its_parents_values_and_writes(
    places: tuple[AsyncSqliteSaver, PostgresThreads],
) -> None:
    file, database = places
    await put_checkpoints(file, "long", range(LONG))
    await put_checkpoints(file, "short 一", range(2))
    calls: list[tuple[int, int]] = []
    assert await copy_threads(file, database, lambda done, total: calls.append((done, total))) == 2
    assert calls == [(1, 2), (2, 2)]
    for thread, count in (("long", LONG), ("short 一", 2)):
        left, right = [
            [kept async for kept in saver.alist({"configurable": {"thread_id": thread}})] for saver in places
        ]
        assert len(left) == len(right) == count
        for one, other in zip(left, right, strict=True):
            assert one.config == other.config
            assert one.parent_config == other.parent_config
            assert one.checkpoint["channel_values"] == other.checkpoint["channel_values"]
            assert sorted(map(str, one.pending_writes or ())) == sorted(map(str, other.pending_writes or ()))
        assert sum(kept.parent_config is None for kept in right) == 1


async def test_what_was_written_since_is_copied_too(places: tuple[AsyncSqliteSaver, PostgresThreads]) -> None:
    file, database = places
    await put_checkpoints(file, "one", range(1))
    await copy_threads(*places, unheard)
    newest = {"configurable": {"thread_id": "one", "checkpoint_ns": "", "checkpoint_id": f"{0:032d}"}}
    await file.aput_writes(newest, [("note", "later")], "another task")  # type: ignore[arg-type]
    await copy_threads(*places, unheard)
    kept = await database.aget_tuple(newest)  # type: ignore[arg-type]
    assert kept is not None
    assert ("another task", "note", "later") in [tuple(write) for write in kept.pending_writes or ()]


async def test_only_what_was_copied_is_forgotten(places: tuple[AsyncSqliteSaver, PostgresThreads]) -> None:
    file, _ = places
    for thread in ("done", "continued"):
        await put_checkpoints(file, thread, range(2))
    await copy_threads(*places, unheard)
    await put_checkpoints(file, "continued", range(2, 3))
    await put_checkpoints(file, "new", range(1))
    assert await delete_threads(*places) == 2
    kept = {each.config["configurable"]["thread_id"] async for each in file.alist(None)}
    assert kept == {"continued", "new"}
    await copy_threads(*places, unheard)
    assert await delete_threads(*places) == 0
    assert [each async for each in file.alist(None)] == []
