"""What `signpost doctor` tells of the stores and the embedding model: each is asked who it is, and is timed."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from agent.commands.doctor import Part, problem
from agent.embedding import QUESTION, cause_of
from agent.resources import check_addresses, make_embedder
from agent.session import Session, open_session
from agent.settings import Settings
from agent.store_places import STILL_IN_HOME, is_still_in_home
from tools.access import Access
from tools.errors import SignpostError, StoreHeldError
from tools.stores.home import Home
from tools.stores.open_stores import open_stores
from tools.stores.sql.migrations import MIGRATIONS
from tools.stores.store_settings import StoreSettings
from tools.stores.stores import Stores

_SLOW_MILLISECONDS = 1000.0
_CHECK_EMBEDDING = (
    "Check SIGNPOST_EMBEDDING_MODEL, the provider's key (OPENAI_API_KEY for openai) and, for a server of your own, "
    "OPENAI_BASE_URL and that it runs."
)

Check = Coroutine[Any, Any, str]


def store_parts(settings: Settings) -> list[Part]:
    """Opening them is the test; it also indexes what is not indexed yet. What does not open is asked by itself."""
    if settings.stores.is_embedded and not Home(settings.home_folder).ledger_file.exists():
        names = ("ledger", "vector index", "knowledge graph")
        return [Part(name, "off", "nothing has been added yet", "signpost add PATH") for name in names]
    try:
        at_once = settings.model_copy(update={"lock_wait_seconds": 0.0})
        with open_session("doctor", if_stopped="Nothing was changed.", settings=at_once) as session:
            return list(_open_stores(session))
    except StoreHeldError as error:
        return [problem("stores", error)]
    except Exception as error:  # whatever is broken is what the report is about
        return [problem("ledger and index", error)] if settings.stores.is_embedded else _each_alone(settings, error)


def embedding_part(settings: Settings) -> Part:
    """The embedding model is asked one question: without an answer words alone are compared."""
    name = "embedding model"
    embedder = make_embedder(settings)
    if embedder is None:
        detail = "none is set: words alone are compared"
        next_step = "SIGNPOST_EMBEDDING_MODEL=openai:text-embedding-3-small and OPENAI_API_KEY=… in .env"
        return Part(name, "off", detail, next_step)
    began = time.monotonic()
    try:
        dimension = len(embedder.embed_query(QUESTION))
    except Exception as error:  # whatever a provider's package raises
        next_step = error.next_step if isinstance(error, SignpostError) else _CHECK_EMBEDDING
        return Part(name, "problem", cause_of(error, embedder.name), next_step)
    return Part(name, "on", f"{embedder.name}, {_milliseconds(began):,.0f} ms; {dimension:,} dimensions")


def _open_stores(session: Session) -> Iterator[Part]:
    stores = session.run(session.resources.stores())
    ledger, graph = stores.ledger, stores.graph_database
    counts = session.run(ledger.counts(Access()))
    holds = f"schema version {len(MIGRATIONS)}; {counts.documents:,} documents"
    part = _answered(session.run, "ledger", ledger.check(), holds)
    home, settings = session.resources.home, session.resources.store_settings
    if part.state == "on" and session.run(is_still_in_home(home, settings, ledger)):
        part = Part("ledger", "warning", part.detail, STILL_IN_HOME)
    yield part
    states = session.run(ledger.index_states(stores.vector_store.index_version))
    indexed = sum(state.indexed for state in states)
    waiting = _waiting(sum(state.pending for state in states), "passages")
    yield _answered(session.run, "vector index", stores.vector_store.check(), f"{indexed:,} passages{waiting}")
    waiting = _waiting(session.run(ledger.graph_state(graph.graph_version)).pending, "documents") if graph else ""
    known = f"{counts.entities:,} entities, {counts.facts:,} facts{waiting}"
    yield _answered(session.run, "knowledge graph", stores.knowledge_graph.check(), known)


def _each_alone(settings: Settings, error: Exception) -> list[Part]:
    """`error`: what kept them from opening together; the ledger's, where no server's own row tells the same."""
    stores = settings.stores
    index = graph = None
    if stores.qdrant:
        index = _beside_nothing("vector index", replace(stores, database_url="", neo4j=None), _check_index)
    if stores.neo4j:
        graph = _beside_nothing("knowledge graph", replace(stores, database_url="", qdrant=None), _check_graph)
    ledger = problem("ledger", error)
    if ledger.detail in [part.detail for part in (index, graph) if part]:
        ledger = _ledger(settings)
    return [ledger, index or _not_asked("vector index"), graph or _not_asked("knowledge graph")]


def _not_asked(name: str) -> Part:
    return Part(name, "off", "no server of its own is set; it is asked once the others open")


def _beside_nothing(name: str, settings: StoreSettings, check: Callable[[Stores], Check]) -> Part:
    """A server beside a ledger of its own that holds nothing."""
    with TemporaryDirectory(prefix="signpost-") as folder:
        return _alone(name, Home(Path(folder)), settings, check)


def _ledger(settings: Settings) -> Part:
    home, stores = Home(settings.home_folder), replace(settings.stores, qdrant=None, neo4j=None)
    try:
        if stores.needs_home:
            home.acquire(0, command="signpost doctor")
        return _alone("ledger", home, stores, lambda opened: opened.ledger.check())
    except SignpostError as error:
        return problem("ledger", error)
    finally:
        home.release()


def _alone(name: str, home: Home, settings: StoreSettings, check: Callable[[Stores], Check]) -> Part:
    try:
        check_addresses(settings)
        opened = open_stores(home, settings)
    except Exception as error:  # whatever is broken is what the report is about
        return problem(name, error)
    try:
        return _answered(asyncio.run, name, check(opened))
    finally:
        asyncio.run(opened.close())


def _check_index(stores: Stores) -> Check:
    return stores.vector_store.check()


def _check_graph(stores: Stores) -> Check:
    return stores.knowledge_graph.check()


def _waiting(number: int, what: str) -> str:
    return f"; {number:,} {what} are not there yet" if number else ""


def _answered(run: Callable[[Check], str], name: str, check: Check, holds: str = "") -> Part:
    """A store that is asked who it is, and how long its answer takes."""
    began = time.monotonic()
    try:
        engine = run(check)
    except Exception as error:
        return problem(name, error)
    milliseconds = _milliseconds(began)
    detail = "; ".join(part for part in (f"{engine}, {milliseconds:,.0f} ms", holds) if part)
    if milliseconds < _SLOW_MILLISECONDS:
        return Part(name, "on", detail)
    next_step = (
        "Answers wait for it: look at its load and the network. SIGNPOST_STORE_TIMEOUT_SECONDS bounds each wait."
    )
    return Part(name, "warning", detail, next_step)


def _milliseconds(began: float) -> float:
    return (time.monotonic() - began) * 1000
