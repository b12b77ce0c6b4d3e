"""The embedded vector store: Qdrant in this process, one shard a collection, opened when it is first used."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from tools.access import Access
from tools.errors import StoreCorruptError, StoreError
from tools.stores.protocols import IndexedChunk, ScoredChunk
from tools.stores.qdrant.dense_vectors import DenseVectors, Embedder
from tools.stores.qdrant.edge_shard import EdgeShard, index_version
from tools.stores.qdrant.ranking import joined
from tools.text.identifiers import content_hash

_SEARCHES = 2

Result = TypeVar("Result")


class EdgeVectorStore:
    """Implements `VectorStore` in the folders below `folder`. Holds no event loop; opens nothing when made.

    embedder: for dense vectors beside the sparse ones.
    """

    def __init__(self, folder: Path, embedder: Embedder | None = None) -> None:
        self._folder = folder
        self._dense = DenseVectors(embedder) if embedder else None
        self._shards: dict[str, EdgeShard] = {}
        self._opening = threading.Lock()
        self._searches = ThreadPoolExecutor(_SEARCHES, thread_name_prefix="signpost-search")
        # One thread: changes take effect in the order of the calls, cancelled ones too.
        self._changes = ThreadPoolExecutor(1, thread_name_prefix="signpost-index")

    @property
    def index_version(self) -> str:
        return index_version(self._dense)

    async def upsert(self, collection: str, chunks: Sequence[IndexedChunk], *, removing: Sequence[str] = ()) -> None:
        if chunks:
            await self._submit(self._changes, lambda: self._open_or_create(collection).upsert(chunks, removing))
        else:
            await self.remove(collection, removing)

    async def remove(self, collection: str, chunk_ids: Sequence[str]) -> None:
        def remove() -> None:
            shard = self._open_if_usable(collection)
            if shard is not None:
                shard.remove(chunk_ids)

        if chunk_ids:
            await self._submit(self._changes, remove)

    async def clear(self, collection: str) -> None:
        await self._submit(self._changes, lambda: self._open_or_create(collection).clear())

    async def search(self, query: str, *, collections: Sequence[str], access: Access, limit: int) -> list[ScoredChunk]:
        wanted = list(dict.fromkeys(collections))
        if not wanted or limit <= 0:
            return []
        meaning = await self._dense.of_query(query) if self._dense else None
        searches = [
            self._submit(self._searches, partial(self._search, collection, query, meaning, access.readers, limit))
            for collection in wanted
        ]
        return joined(await asyncio.gather(*searches), limit)

    async def count(self, collection: str) -> int:
        def count() -> int:
            shard = self._open(collection)
            return 0 if shard is None else shard.count()

        return await self._submit(self._searches, count)

    async def lost_collections(self, collections: Sequence[str]) -> list[str]:
        def lost() -> list[str]:
            return [name for name in collections if self._open_if_usable(name) is None]

        if self._dense:
            await self._dense.try_measure()
        return await self._submit(self._searches, lost)

    async def check(self) -> str:
        return f"Qdrant Edge {version('qdrant-edge-py')} in {self._folder}"

    async def close(self) -> None:
        if self._dense:
            self._dense.close()
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._searches.shutdown()
        self._changes.shutdown()
        with self._opening:
            while self._shards:
                _, shard = self._shards.popitem()
                shard.close()

    def _search(
        self, collection: str, query: str, meaning: list[float] | None, readers: Sequence[str], limit: int
    ) -> list[ScoredChunk]:
        shard = self._open(collection)
        return [] if shard is None else shard.search(query, meaning, readers, limit)

    def _open(self, collection: str) -> EdgeShard | None:
        shard = self._shards.get(collection)
        if shard is not None:
            return shard
        with self._opening:
            shard = self._shards.get(collection) or EdgeShard.load(self._folder_of(collection), self._dense)
            if shard is not None:
                self._shards[collection] = shard
            return shard

    def _open_if_usable(self, collection: str) -> EdgeShard | None:
        try:
            return self._open(collection)
        except StoreCorruptError:
            return None  # derived data: the ledger has all that was in it

    def _open_or_create(self, collection: str) -> EdgeShard:
        shard = self._open_if_usable(collection)
        if shard is not None:
            return shard
        if self._dense:
            self._dense.measure()  # the embedder may take its time, and searches wait for the lock
        with self._opening:
            created = EdgeShard.create(self._folder_of(collection), collection, self._dense)
            self._shards[collection] = created
            return created

    def _folder_of(self, collection: str) -> Path:
        # A hash: a collection's name is any text, and no part of it may reach the file system.
        return self._folder / content_hash(collection.encode("utf-8", "surrogatepass"))[:32]

    async def _submit(self, executor: Executor, work: Callable[[], Result]) -> Result:
        loop = asyncio.get_running_loop()
        try:
            future = loop.run_in_executor(executor, work)
        except RuntimeError as error:
            raise StoreError(f"The search index {self._folder} is closed.") from error
        return await future
