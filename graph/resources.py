"""What the graph needs from the outside. Hosts and tests pass their own; nothing is opened here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from langchain_core.language_models import BaseChatModel

from tools.sources.breaker import Breaker
from tools.sources.source import Source
from tools.stores.protocols import KnowledgeGraph, Ledger


@dataclass(frozen=True, slots=True)
class Resources:
    """Live objects, shared by all runs. `door`: the streaming model that all answer text passes."""

    ledger: Ledger
    knowledge_graph: KnowledgeGraph
    sources: Mapping[str, Source]
    door: BaseChatModel
    breakers: Mapping[str, Breaker] = field(default_factory=dict)


class ResourceProvider(Protocol):
    """Opens the resources once, on first use."""

    async def get(self) -> Resources:
        """The open resources. Raises SignpostError when they cannot be opened."""
        ...
