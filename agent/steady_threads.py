"""Conversations whose store may go: they are in memory as well, and go on there."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver, ChannelVersions, Checkpoint, CheckpointMetadata
from langgraph.checkpoint.memory import InMemorySaver

from tools.errors import StoreError


class SteadyThreads(InMemorySaver):
    """Keeps in `store` what it holds, until that fails; from then on nothing more is kept.

    Only for threads that begin here: what the store holds is not read.
    away: why the store could not be used; None while it keeps everything.
    """

    def __init__(self, store: BaseCheckpointSaver[Any]) -> None:
        super().__init__()
        self.away: StoreError | None = None
        self._store = store

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        await self._keep(partial(self._store.aput, config, checkpoint, metadata, new_versions))
        return await super().aput(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        await self._keep(partial(self._store.aput_writes, config, writes, task_id, task_path))
        await super().aput_writes(config, writes, task_id, task_path)

    async def _keep(self, put: Callable[[], Awaitable[object]]) -> None:
        if self.away is None:
            try:
                await put()
            except StoreError as error:
                self.away = error
