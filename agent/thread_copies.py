"""Copies conversations from one place to another. What is there already is passed over, so it may be run again."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import CheckpointTuple
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

if TYPE_CHECKING:
    from agent.postgres_threads import PostgresThreads

    Saver = AsyncSqliteSaver | PostgresThreads

_PAGE = 20

Progress = Callable[[int, int], None]


async def copy_threads(source: "Saver", target: "Saver", progress: Progress) -> int:
    """Copies every checkpoint with what was written after it; returns the number of threads it found.

    `progress` is called with the threads done, and due.
    """
    threads = await _thread_ids(source)
    for done, thread in enumerate(threads, 1):
        async for kept in _checkpoints(source, thread):
            await _copy(kept, target)
        progress(done, len(threads))
    return len(threads)


async def delete_threads(source: "Saver", target: "Saver") -> int:
    """Forgets the conversations whose newest checkpoint is in the target; returns how many are left."""
    left = 0
    for thread in await _thread_ids(source):
        newest = [kept async for kept in source.alist(_place(thread), limit=1)]
        if all([_holds(await target.aget_tuple(kept.config), kept) for kept in newest]):
            await source.adelete_thread(thread)
        else:
            left += 1
    return left


async def _thread_ids(saver: "Saver") -> list[str]:
    if not isinstance(saver, AsyncSqliteSaver):
        return await saver.thread_ids()
    rows = await saver.conn.execute_fetchall("SELECT DISTINCT thread_id FROM checkpoints ORDER BY thread_id")
    return [row[0] for row in rows]


async def _checkpoints(saver: "Saver", thread: str) -> AsyncIterator[CheckpointTuple]:
    """Those of one thread, the newest first; read in pages, so that a long thread's do not take too long at once."""
    page = [kept async for kept in saver.alist(_place(thread), limit=_PAGE)]
    while page:
        for kept in page:
            yield kept
        page = [kept async for kept in saver.alist(_place(thread), before=page[-1].config, limit=_PAGE)]


async def _copy(kept: CheckpointTuple, target: "Saver") -> None:
    there = await target.aget_tuple(kept.config)
    if _holds(there, kept):
        return
    # First what was written after it: a thread whose checkpoint is there can be resumed.
    by_task: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    for task, channel, value in kept.pending_writes or ():
        by_task[task].append((channel, value))
    for task, writes in by_task.items():
        await target.aput_writes(kept.config, writes, task)
    if there is None:
        await target.aput(_parent_of(kept), kept.checkpoint, kept.metadata, kept.checkpoint["channel_versions"])


def _holds(there: CheckpointTuple | None, kept: CheckpointTuple) -> bool:
    """Whether a checkpoint is there with all that was written after it."""
    if there is None:
        return False
    written, wanted = [
        Counter((task, channel) for task, channel, _ in each.pending_writes or ()) for each in (there, kept)
    ]
    return wanted <= written


def _place(thread: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread}}


def _parent_of(kept: CheckpointTuple) -> RunnableConfig:
    """The checkpoint that this one follows; where there is none, only the thread."""
    if kept.parent_config:
        return kept.parent_config
    place = {name: kept.config["configurable"][name] for name in ("thread_id", "checkpoint_ns")}
    return {"configurable": place}
