"""The vector store on a Qdrant server or cluster: one collection there for each of ours."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeVar

from qdrant_client import QdrantClient

from tools.access import Access
from tools.errors import StoreError
from tools.stores.protocols import IndexedChunk, ScoredChunk
from tools.stores.qdrant.collection import QdrantCollection
from tools.stores.qdrant.dense_vectors import DenseVectors, Embedder
from tools.stores.qdrant.failures import is_missing_collection
from tools.stores.qdrant.layout import LAYOUT, collection_name, create_collection, index_readers, is_current
from tools.stores.qdrant.ranking import joined
from tools.stores.qdrant.server import QdrantServer
from tools.stores.store_settings import QdrantSettings
from tools.text.tokens import TOKENIZER_VERSION

Result = TypeVar("Result")


class _IndexGoneError(StoreError):
    """A collection that this process has used is there no more."""


class QdrantVectorStore:
    """Implements `VectorStore`. Connects when it is first used; holds no event loop.

    ledger_id: keeps apart what several ledgers hold on one server. timeout_seconds: for one answer. client: as in
    QdrantServer. embedder: for dense vectors beside the sparse ones. With several shards each weighs words by what it
    holds itself, so that scores differ a little from those of one.
    """

    def __init__(
        self,
        settings: QdrantSettings,
        *,
        ledger_id: str,
        timeout_seconds: float,
        client: QdrantClient | None = None,
        embedder: Embedder | None = None,
    ) -> None:
        self._settings = settings
        self._ledger_id = ledger_id
        self._server = QdrantServer(settings, timeout_seconds, client)
        self._dense = DenseVectors(embedder) if embedder else None
        # The collections that this process has found there and usable, and those that have vanished since.
        self._seen: set[str] = set()
        self._gone: set[str] = set()

    @property
    def index_version(self) -> str:
        version = f"qdrant-{LAYOUT}:{self._server.place}:{TOKENIZER_VERSION}"
        return f"{version}:{self._dense.name}" if self._dense else version

    async def upsert(self, collection: str, chunks: Sequence[IndexedChunk], *, removing: Sequence[str] = ()) -> None:
        await self.remove(collection, removing)

        def upsert(client: QdrantClient) -> None:
            if self._dense:
                self._dense.measure()
            if not self._is_usable(client, collection):
                self._make(client, collection)
            try:
                self._use(client, collection, lambda held: held.upsert(chunks))
            except _IndexGoneError:
                self._make(client, collection)
                self._use(client, collection, lambda held: held.upsert(chunks))

        if chunks:
            await self._server.change(upsert)

    async def remove(self, collection: str, chunk_ids: Sequence[str]) -> None:
        def remove(client: QdrantClient) -> None:
            with suppress(_IndexGoneError):
                if self._is_usable(client, collection):
                    self._use(client, collection, lambda held: held.remove(chunk_ids))

        if chunk_ids:
            await self._server.change(remove)

    async def clear(self, collection: str) -> None:
        def clear(client: QdrantClient) -> None:
            if self._dense:
                self._dense.measure()
            if self._find(client, collection):
                self._use(client, collection, QdrantCollection.clear)
            else:
                self._make(client, collection)
            self._gone.discard(collection)

        await self._server.change(clear)

    async def search(self, query: str, *, collections: Sequence[str], access: Access, limit: int) -> list[ScoredChunk]:
        wanted = list(dict.fromkeys(collections))
        if not wanted or limit <= 0:
            return []
        meaning = await self._dense.of_query(query) if self._dense else None
        searches = [
            self._asked(collection, lambda held: held.search(query, meaning, access.readers, limit))
            for collection in wanted
        ]
        rankings = await asyncio.gather(*searches)
        return joined([ranking or [] for ranking in rankings], limit)

    async def count(self, collection: str) -> int:
        return await self._asked(collection, QdrantCollection.count) or 0

    async def lost_collections(self, collections: Sequence[str]) -> list[str]:
        if self._dense:
            await self._dense.try_measure()
        lost = []
        for collection in collections:
            is_usable = await self._server.ask(partial(self._find, collection=collection))
            # What has vanished and is found again holds what was added since, and no more.
            if not is_usable or collection in self._gone:
                lost.append(collection)
        return lost

    async def check(self) -> str:
        version = await self._server.version()
        # Deletes nothing, for no collection has this name; a key that may not write is refused all the same.
        await self._server.ask(lambda client: client.delete_collection(f"signpost-{self._ledger_id}-check"))
        return f"Qdrant {version} at {self._server.url}"

    async def close(self) -> None:
        if self._dense:
            self._dense.close()
        await self._server.close()

    async def _asked(self, collection: str, question: Callable[[QdrantCollection], Result]) -> Result | None:
        """The answer of a collection; None where there is none of this version. Raises StoreError once it is gone."""
        if collection in self._seen or await self._server.ask(partial(self._find, collection=collection)):
            return await self._server.ask(lambda client: self._use(client, collection, question))
        if collection in self._gone:
            raise self._index_gone()
        return None

    def _is_usable(self, client: QdrantClient, collection: str) -> bool:
        return collection in self._seen or self._find(client, collection)

    def _find(self, client: QdrantClient, collection: str) -> bool:
        """Asks the server whether the collection is there and of this version."""
        was_seen = collection in self._seen
        try:
            info = client.get_collection(self._name(collection))
        except Exception as error:
            if not is_missing_collection(error):
                raise
            if was_seen:  # else it was not there yet, and may have been made while the answer was on its way
                self._lose(collection)
            return False
        is_usable = is_current(info, self.index_version, dense=self._dense)
        (self._seen.add if is_usable else self._seen.discard)(collection)
        return is_usable

    def _make(self, client: QdrantClient, collection: str) -> None:
        """An empty index, in place of one that is of no use."""
        name = self._name(collection)
        client.delete_collection(name)
        try:
            create_collection(
                client,
                name,
                self._settings,
                collection=collection,
                index_version=self.index_version,
                dimension=self._dense.measure() if self._dense else None,
            )
        except Exception:
            if not self._find(client, collection):  # or another process has just made it
                raise
            index_readers(client, name)
        self._seen.add(collection)

    def _use(self, client: QdrantClient, collection: str, work: Callable[[QdrantCollection], Result]) -> Result:
        try:
            return work(QdrantCollection(client, self._name(collection), self._dense))
        except Exception as error:
            if not is_missing_collection(error):
                raise
            self._lose(collection)
            raise self._index_gone() from error

    def _name(self, collection: str) -> str:
        return collection_name(self._ledger_id, collection)

    def _lose(self, collection: str) -> None:
        if collection in self._seen:
            self._seen.discard(collection)
            self._gone.add(collection)

    def _index_gone(self) -> _IndexGoneError:
        return _IndexGoneError(
            f"A search index is gone from Qdrant at {self._server.url}.",
            why="The server has come back without it, or it was deleted there.",
            next_step="Nothing is lost: the next start of Signpost builds it again from the ledger.",
        )
