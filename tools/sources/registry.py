"""All sources, by name. A new one is a class in this folder and a line here."""

from collections.abc import Callable, Mapping

from tools.sources.knowledge_graph import KnowledgeGraphSource
from tools.sources.source import Source
from tools.sources.vector import VectorSource
from tools.sources.web import WebSource
from tools.stores.stores import Stores

SOURCES: Mapping[str, Callable[[Stores], Source]] = {
    "vector": lambda stores: VectorSource(stores.ledger, stores.vector_store),
    "graph": lambda stores: KnowledgeGraphSource(stores.ledger, stores.knowledge_graph),
    "web": lambda stores: WebSource(stores.ledger),
}


def make_sources(stores: Stores) -> dict[str, Source]:
    """One of each registered source over these stores."""
    return {name: make(stores) for name, make in SOURCES.items()}
