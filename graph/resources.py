"""What the graph needs from the outside. Hosts and tests pass their own; nothing is opened here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from tools.breaker import Breaker
from tools.models.chat_model import ChatModel
from tools.models.chat_model_settings import Role
from tools.models.chat_models import NO_CHAT_MODELS
from tools.models.usage import Price
from tools.sources.source import Source
from tools.stores.protocols import EvidenceStore, KnowledgeGraph


class Models(Protocol):
    """The chat models that are configured. `prices`: money for a million tokens, by the model's name."""

    @property
    def prices(self) -> Mapping[str, Price]: ...

    @property
    def names(self) -> list[str]:
        """All configured models."""
        ...

    def get(self, role: Role, name: str = "") -> ChatModel | None:
        """The model of `role`, or the one called `name`; None when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Resources:
    """Live objects, shared by all runs. `models`: the chat models by role, none of them in a product without one."""

    ledger: EvidenceStore
    knowledge_graph: KnowledgeGraph
    sources: Mapping[str, Source]
    models: Models = NO_CHAT_MODELS
    breakers: Mapping[str, Breaker] = field(default_factory=dict)


class ResourceProvider(Protocol):
    """Opens the resources once, on first use."""

    async def get(self) -> Resources:
        """The open resources. Raises SignpostError when they cannot be opened."""
        ...
