"""Moves a home between the embedded stores and servers: copied, indexed, compared, and only then perhaps deleted."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

from agent.replay_progress import REPLAY_TITLES
from agent.resources import make_embedder
from agent.settings import Settings
from agent.steps_progress import StepProgress
from agent.thread_copies import copy_threads, delete_threads
from agent.thread_store import open_both
from tools.errors import InputError
from tools.stores.comparing import Compared, compare, indexed_collections
from tools.stores.document_name import DocumentName
from tools.stores.home import Home
from tools.stores.moved_before import MovedBefore
from tools.stores.moving import Copied, copy_documents, delete_moved
from tools.stores.open_stores import open_beside, open_stores
from tools.stores.progress import ReplayStage
from tools.stores.store_settings import StoreSettings
from tools.stores.stores import Stores

Direction = Literal["servers", "embedded"]


@dataclass(frozen=True, slots=True)
class Moved:
    """copied: None where the ledger stays where it is. conversations: threads that were found. deleted: the old is.

    kept, conversations_kept: what was then left of the old, since somebody has changed it after it was compared.
    """

    copied: Copied | None
    conversations: int
    compared: Compared
    deleted: bool = False
    kept: tuple[DocumentName, ...] = ()
    conversations_kept: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether there was nothing to move."""
        return not self.compared.documents and not self.conversations


def move_stores(settings: Settings, direction: Direction, *, delete_old: bool, progress: StepProgress) -> Moved:
    """Copies what stands in the home to the servers that are set, or back. Blocks. Raises SignpostError.

    It may end at any point and be run again. Nothing is deleted unless `delete_old` is given and all is equal.
    """
    if settings.stores.is_embedded:
        raise InputError(
            "There is no server to move to or from.",
            why="None of SIGNPOST_DATABASE_URL, QDRANT_URL and NEO4J_URI is set.",
            next_step="Set those that you want to use, in .env or the environment: docs/deployment.md tells how.",
        )
    home = Home(settings.home_folder)
    home.acquire(settings.lock_wait_seconds, command="signpost move")
    try:
        return asyncio.run(_Move(home, settings, direction, progress).run(delete_old))
    finally:
        home.release()


class _Move:
    """One move under way."""

    def __init__(self, home: Home, settings: Settings, direction: Direction, progress: StepProgress) -> None:
        self._home = home
        self._servers = settings.stores
        self._embedder = make_embedder(settings)
        self._direction = direction
        self._progress = progress

    async def run(self, delete_old: bool) -> Moved:
        embedded = await asyncio.to_thread(open_stores, self._home, StoreSettings(), self._embedder)
        try:
            on_servers = await asyncio.to_thread(open_beside, self._home, self._servers, embedded, self._embedder)
            try:
                pair = (embedded, on_servers)
                moved = await self._moved(*(pair if self._direction == "servers" else pair[::-1]), delete_old)
            finally:
                await on_servers.close()
        finally:
            await embedded.close()
        if moved.deleted and self._direction == "servers":
            await asyncio.to_thread(self._delete_files)
        return moved

    async def _moved(self, source: Stores, target: Stores, delete_old: bool) -> Moved:
        before = MovedBefore(self._home.moved_file, (source.ledger.id, target.ledger.id))
        copied, threads = None, 0
        if source.ledger is not target.ledger:
            await source.replay(self._show_replay)
            copied = await copy_documents(source.ledger, target.ledger, self._shown("copying documents"), before)
            async with self._open_threads() as (old, new):
                threads = await copy_threads(old, new, self._shown("copying conversations"))
        searchable = await indexed_collections(source)  # in a shared ledger the target's marks now replace the source's
        await target.replay(self._show_replay)
        compared = await compare(
            source, target, searchable, self._shown("comparing"), before, is_ranked=not self._has_shards
        )
        moved = Moved(copied, threads, compared)
        if not delete_old or not compared.is_equal or moved.is_nothing:
            return moved
        if self._direction == "servers":
            return replace(moved, deleted=True)
        kept, conversations_kept = await self._empty_servers(source, target, before)
        return replace(moved, deleted=True, kept=kept, conversations_kept=conversations_kept)

    @property
    def _has_shards(self) -> bool:
        """Whether words are weighed in each shard by what that shard holds, so that scores shift a little."""
        return self._servers.qdrant is not None and self._servers.qdrant.shards > 1

    @asynccontextmanager
    async def _open_threads(self) -> AsyncIterator[tuple[Any, Any]]:
        """Where conversations come from and where they go to."""
        async with open_both(self._home.threads_file, self._servers) as (here, there):
            yield (here, there) if self._direction == "servers" else (there, here)

    async def _empty_servers(
        self, source: Stores, target: Stores, before: MovedBefore
    ) -> tuple[tuple[DocumentName, ...], int]:
        """Of a shared ledger what is derived from it goes, else what was moved; returns what of that was kept."""
        if source.ledger is not target.ledger:
            kept = await delete_moved(source, target, self._shown("deleting"), before)
            async with self._open_threads() as (old, new):
                return kept, await delete_threads(old, new)
        if source.vector_store is not target.vector_store:
            for state in await source.ledger.index_states(source.vector_store.index_version):
                await source.vector_store.clear(state.collection)
        if source.graph_database is not None:
            await source.graph_database.clear()
        return (), 0

    def _delete_files(self) -> None:
        """What now stands on a server, and no longer in the home."""
        if self._servers.qdrant is not None or self._servers.database_url:
            shutil.rmtree(self._home.index_folder, ignore_errors=True)
        if self._servers.database_url:
            for file in (self._home.ledger_file, self._home.threads_file, self._home.moved_file):
                for path in file.parent.glob(f"{file.name}*"):  # with its write-ahead log
                    path.unlink(missing_ok=True)

    def _shown(self, what: str) -> Callable[[int, int], None]:
        return lambda done, total: self._progress(what, done, total)

    def _show_replay(self, stage: ReplayStage, done: int, due: int) -> None:
        self._progress(REPLAY_TITLES[stage], done, due)
