"""Live objects: opened in one place, once, on first use, and closed in one place."""

import asyncio
import functools
import threading

from agent.installation import check_folders
from agent.settings import Settings, read_settings
from graph.resources import Resources
from tools.breaker import Breaker
from tools.models.chat_models import ChatModels
from tools.sources.registry import Stores, make_sources
from tools.stores.edge_vector_store import EdgeVectorStore
from tools.stores.home import Home
from tools.stores.index_replay import replay
from tools.stores.sql_ledger import SqlLedger
from tools.stores.sqlite_knowledge_graph import SqliteKnowledgeGraph
from tools.text.tokens import search_tokens


class EmbeddedResources:
    """Opens the embedded stores under the home folder's lock. Usable from any thread and event loop.

    held_by: what this process is, for others that find the stores held ("signpost add", "langgraph server").
    address: where a server answers, if it is one.
    """

    def __init__(self, settings: Settings, *, held_by: str, address: str | None = None) -> None:
        self.home = Home(settings.home_folder)
        self._settings = settings
        self._held_by = held_by
        self.address = address
        self._opening = threading.Lock()
        self._stores: Stores | None = None
        self._resources: Resources | None = None
        self._models = ChatModels(settings.chat_models, self.home.traits_file)

    async def get(self) -> Resources:
        """The resources of the graph, with everything the ledger lists searchable. Raises SignpostError."""
        if self._resources is None:
            await asyncio.to_thread(self._open)
        assert self._resources is not None
        return self._resources

    async def stores(self) -> Stores:
        """The stores themselves, for what changes them. Raises SignpostError."""
        await self.get()
        assert self._stores is not None
        return self._stores

    async def close(self) -> None:
        """Closes what is open; a later get() opens it again."""
        await self._models.close()
        with self._opening:
            stores, self._stores, self._resources = self._stores, None, None
        if stores is not None:
            await _close(stores)
            await asyncio.to_thread(self.home.release)

    def _open(self) -> None:
        with self._opening:
            if self._resources is not None:
                return
            check_folders()
            search_tokens("预热")  # the dictionary is read now, not while the first question waits
            self.home.acquire(self._settings.lock_wait_seconds, command=self._held_by, address=self.address)
            try:
                stores = self._opened_stores()
            except BaseException:
                self.home.release()
                raise
            sources = make_sources(stores)
            if self._settings.web == "off":
                sources = {name: source for name, source in sources.items() if not source.leaves_machine}
            self._stores = stores
            self._resources = Resources(
                ledger=stores.ledger,
                knowledge_graph=stores.knowledge_graph,
                sources=sources,
                models=self._models,
                breakers={name: Breaker() for name in sources},
            )

    def _opened_stores(self) -> Stores:
        ledger = SqlLedger.open(self.home.ledger_file)
        stores = Stores(ledger, EdgeVectorStore(self.home.index_folder), SqliteKnowledgeGraph(ledger.database))
        try:
            # What was written and not yet indexed when the last process ended is indexed now.
            asyncio.run(replay(stores.ledger, stores.vector_store))
        except BaseException:
            asyncio.run(_close(stores))
            raise
        return stores


async def _close(stores: Stores) -> None:
    await stores.vector_store.close()
    await stores.knowledge_graph.close()
    await stores.ledger.close()


@functools.cache
def shared_resources() -> EmbeddedResources:
    """The resources of a server process, shared by the graph and the HTTP routes."""
    settings = read_settings()
    return EmbeddedResources(settings, held_by="langgraph server", address=settings.server_address)
