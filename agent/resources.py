"""Live objects: opened in one place, once, on first use, and closed in one place."""

import asyncio
import functools
import logging
import threading
import time
from copy import copy
from typing import TYPE_CHECKING, Any

from agent.background_replay import BackgroundReplay
from agent.embedding import AskedFirst, missing_because
from agent.installation import check_folders
from agent.settings import Settings, read_settings
from agent.thread_store import ThreadStore
from graph.resources import Resources
from tools.breaker import Breaker
from tools.errors import InputError, LedgerAwayError, StoreError
from tools.models.chat_models import ChatModels
from tools.models.embedder import Embedder
from tools.sources.registry import make_sources
from tools.stores.home import Home
from tools.stores.neo4j.address import check_uri
from tools.stores.open_stores import open_stores
from tools.stores.protocols import Ledger
from tools.stores.steady_evidence import SteadyEvidence
from tools.stores.store_away import StoreAway
from tools.stores.store_settings import StoreSettings
from tools.stores.stores import Stores
from tools.text.tokens import tag

if TYPE_CHECKING:
    from ingest.budget import Budget
    from ingest.file_reader import Describe

_INDEXING_ANSWERS = 2
"""How many answers of a server the first question waits for indexing."""

_TRY_AGAIN_SECONDS = 30.0
"""A ledger that is away is asked for again after so long."""

_ONE_FAILURE_SECONDS = 1.0
"""What fails so soon after a failure of the same store is no other one."""

_log = logging.getLogger(__name__)


class LiveResources:
    """Opens the stores, under the home folder's lock where one stands in it. Usable from any thread and event loop.

    held_by: what this process is, for others that find the stores held ("signpost add", "langgraph server").
    address: where a server answers, if it is one.
    away: why the ledger's server could not be used when it was last tried; None while it can be.
    """

    def __init__(self, settings: Settings, *, held_by: str, address: str | None = None) -> None:
        self.home = Home(settings.home_folder)
        self.store_settings = settings.stores
        self.reading = settings.reading
        self.workers = settings.workers
        self.ingest_prices = settings.ingest_prices
        self.ingest_models_without_price = settings.ingest_models_without_price
        self._settings = settings
        self._held_by = held_by
        self.address = address
        self.threads = ThreadStore(self.home.threads_file, settings.stores)
        self._opening = threading.Lock()
        self.away: StoreError | None = None
        self._try_again_at = 0.0
        self._evidence: SteadyEvidence | None = None
        self._stores: Stores | None = None
        self._resources: Resources | None = None
        self._replay: BackgroundReplay | None = None
        self._embedder: AskedFirst | None = None
        self._models = ChatModels(settings.chat_models, self.home.traits_file)

    async def get(self) -> Resources:
        """The resources of the graph, with everything that the ledger lists searchable. Raises SignpostError.

        A server that does not answer keeps nobody waiting: what it must still be given it gets once it is back. The
        same holds for an embedding model; where most passages still lack its vectors, words alone are compared. Without
        the ledger's server what needs no documents is answered; every half minute it is tried again.
        """
        if self._stores is None:
            await asyncio.to_thread(self._open)
        resources = self._resources
        if resources is None:
            raise StoreError("The stores are closed.")
        return resources

    async def stores(self) -> Stores:
        """The stores themselves, for what changes them. Raises SignpostError, also while the ledger is away."""
        await self.get()
        stores, away = self._stores, self.away
        if stores is None:
            raise copy(away) if away else StoreError("The stores are closed.")
        return stores

    def describing(self, ledger: Ledger, budget: "Budget") -> "Describe | None":
        """What describes the pictures of documents that are added; None without a vision model."""
        from ingest.describe import describe

        model = self._models.get("vision")
        return None if model is None else functools.partial(describe, model=model, findings=ledger, budget=budget)

    @property
    def embedder(self) -> AskedFirst | None:
        """What turns texts into vectors, once the stores are open; None without an embedding model."""
        return self._embedder

    async def close(self) -> None:
        """Closes what is open; a later get() opens it again."""
        await self._models.close()
        await asyncio.to_thread(self._opening.acquire)
        try:
            stores, self._stores, self._resources = self._stores, None, None
            replay, self._replay = self._replay, None
            embedder, self._embedder = self._embedder, None
            self.away, self._try_again_at = None, 0.0
        finally:
            self._opening.release()
        if embedder is not None:
            embedder.stop()
        if replay is not None:
            await asyncio.to_thread(replay.stop)
        if stores is not None:
            await stores.close()
            await asyncio.to_thread(self.home.release)

    def _open(self) -> None:
        # While it is tried again, others go on without the ledger.
        if not self._opening.acquire(blocking=self._resources is None):
            return
        try:
            if self._stores is None and time.monotonic() >= self._try_again_at:
                self._try_to_open()
        except StoreError as error:
            if not isinstance(error, LedgerAwayError) and self._resources is None:
                raise
            self._go_without(error)
        finally:
            self._opening.release()

    def _try_to_open(self) -> None:
        check_folders()
        tag("沈若川")  # what tells names apart is read now, not while the first question or document waits
        check_addresses(self.store_settings)
        if self.store_settings.needs_home:
            self.home.acquire(self._settings.lock_wait_seconds, command=self._held_by, address=self.address)
        try:
            stores = self._open_stores()
        except BaseException:
            self.home.release()
            raise
        if self.away is not None:
            _log.info("The ledger can be used again.")
        # Who finds the stores must find the rest.
        self._resources = self._made_of(stores.ledger, stores.vector_store, stores.knowledge_graph)
        self.away = None
        self._stores = stores

    def _go_without(self, error: StoreError) -> None:
        self._try_again_at = time.monotonic() + _TRY_AGAIN_SECONDS
        absent = StoreAway(error)
        self._resources = self._made_of(absent, absent, absent)
        if self.address and (self.away is None or self.away.what != error.what):
            _log.warning("%s Until it can be used nothing is answered from documents. %s", error.what, error.next_step)
        self.away = error

    def _made_of(self, ledger: Any, vector_store: Any, knowledge_graph: Any) -> Resources:
        """Over a Ledger, a VectorStore and a KnowledgeGraph, or what stands in their place."""
        if self._evidence is None:
            self._evidence = SteadyEvidence(ledger)
        self._evidence.ledger = ledger  # the web pages that it keeps may be an answer's that is being written
        sources = make_sources(self._evidence, vector_store, knowledge_graph)
        if self._settings.web == "off":
            sources = {name: source for name, source in sources.items() if not source.leaves_machine}
        return Resources(
            ledger=self._evidence,
            knowledge_graph=knowledge_graph,
            sources=sources,
            models=self._models,
            breakers={
                # A question searches a store many times; a web search that refuses is not asked so often again.
                name: Breaker(apart_seconds=0.0 if source.leaves_machine else _ONE_FAILURE_SECONDS)
                for name, source in sources.items()
            },
        )

    def _open_stores(self) -> Stores:
        """What was written and not yet indexed when the last process ended is indexed from now on."""
        embedder = make_embedder(self._settings)
        stores = open_stores(self.home, self.store_settings, embedder)
        try:
            if embedder and (cause := asyncio.run(missing_because(stores, embedder))):
                _log.warning("Words alone are compared until the next start. SIGNPOST_EMBEDDING_MODEL: %s", cause)
                asyncio.run(stores.close())
                embedder, stores = None, open_stores(self.home, self.store_settings)
            if embedder or self.store_settings.qdrant or self.store_settings.neo4j:
                self._embedder = embedder
                self._replay = BackgroundReplay(stores)
                self._replay.wait(_INDEXING_ANSWERS * self.store_settings.timeout_seconds)
            else:
                asyncio.run(stores.replay())
        except BaseException:
            asyncio.run(stores.close())
            raise
        return stores


def check_addresses(settings: StoreSettings) -> None:
    """Raises InputError where NEO4J_URI is no address; what else is wrong shows when the stores are opened."""
    if settings.neo4j is None:
        return
    try:
        check_uri(settings.neo4j.uri)
    except StoreError as error:
        raise InputError(error.what, why=error.why, next_step=error.next_step) from None


def make_embedder(settings: Settings) -> AskedFirst | None:
    """The embedding model that is set; nothing is asked of it yet."""
    if not settings.embedding_model_name:
        return None
    model = Embedder(
        settings.embedding_model_name,
        openai_api_key=settings.openai_api_key.get_secret_value(),
        openai_base_url=settings.openai_base_url.strip(),
        query_seconds=settings.store_timeout_seconds,
    )
    return AskedFirst(model)


@functools.cache
def shared_resources() -> LiveResources:
    """The resources of a server process, shared by the graph and the HTTP routes."""
    settings = read_settings()
    return LiveResources(settings, held_by="langgraph server", address=settings.server_address)
