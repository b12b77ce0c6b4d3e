"""Copies conversations from one place to another. What is there already is passed over, so it may be run again."""

from collections import defaultdict
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver, CheckpointTuple

Saver = BaseCheckpointSaver[Any]


async def copy_threads(source: Saver, target: Saver) -> int:
    """Copies every checkpoint with what was written after it; returns the number of threads it found."""
    threads = set()
    async for kept in source.alist(None):
        threads.add(kept.config["configurable"]["thread_id"])
        if await target.aget_tuple(kept.config) is None:
            await _copy(kept, target)
    return len(threads)


async def delete_threads(saver: Saver) -> None:
    """Forgets all conversations."""
    threads = {kept.config["configurable"]["thread_id"] async for kept in saver.alist(None)}
    for thread in threads:
        await saver.adelete_thread(thread)


async def _copy(kept: CheckpointTuple, target: Saver) -> None:
    # First what was written after it: a checkpoint that is there is taken to be whole.
    by_task: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    for task, channel, value in kept.pending_writes or ():
        by_task[task].append((channel, value))
    for task, writes in by_task.items():
        await target.aput_writes(kept.config, writes, task)
    await target.aput(_parent_of(kept), kept.checkpoint, kept.metadata, kept.checkpoint["channel_versions"])


def _parent_of(kept: CheckpointTuple) -> RunnableConfig:
    """The checkpoint that this one follows; where there is none, only the thread."""
    if kept.parent_config:
        return kept.parent_config
    place = {name: kept.config["configurable"][name] for name in ("thread_id", "checkpoint_ns")}
    return {"configurable": place}
