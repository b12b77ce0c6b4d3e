"""All sources, by name. A new one is a class in this folder and a line here."""

from collections.abc import Callable, Mapping

from tools.sources.knowledge_graph import KnowledgeGraphSource
from tools.sources.source import Source
from tools.sources.vector import VectorSource
from tools.sources.web import WebSource
from tools.stores.protocols import EvidenceStore, KnowledgeGraph, VectorStore

SOURCES: Mapping[str, Callable[[EvidenceStore, VectorStore, KnowledgeGraph], Source]] = {
    "vector": lambda evidence, vector_store, _: VectorSource(evidence, vector_store),
    "graph": lambda evidence, _, knowledge_graph: KnowledgeGraphSource(evidence, knowledge_graph),
    "web": lambda evidence, *_: WebSource(evidence),
}


def make_sources(
    evidence: EvidenceStore, vector_store: VectorStore, knowledge_graph: KnowledgeGraph
) -> dict[str, Source]:
    """One of each registered source over these stores."""
    return {name: make(evidence, vector_store, knowledge_graph) for name, make in SOURCES.items()}
