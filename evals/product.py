"""The product as an evaluation uses it: asked, searched and routed in this process, over stores that are open."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from langgraph.graph.state import CompiledStateGraph

from evals.given_evidence import GivenEvidence, GivenPassages, NoKnowledgeGraph
from evals.hidden_documents import (
    HiddenInEvidence,
    HiddenInKnowledgeGraph,
    HiddenInSource,
    named_by,
    sources_without,
)
from evals.open_resources import OpenResources
from graph.build import NODES, build_graph
from graph.context import Context
from graph.resources import Resources
from graph.run import Node
from graph.state import Input, Output, State
from tools.access import Access
from tools.models.usage import Usage, cost, total
from tools.shapes import Filters, Hit, Passage


@dataclass(frozen=True)
class Product:
    """resources: the graph's, over the stores that hold the sets' corpora. Nothing that is asked leaves the machine
    unless `web` says so, but for what the models are sent.

    choices: fields of `Context` for every question. nodes: of the graph, to see what one of them is worth.
    """

    resources: Resources
    choices: Mapping[str, Any] = field(default_factory=dict)
    nodes: Mapping[str, Node] = field(default_factory=lambda: NODES)

    @cached_property
    def _graph(self) -> CompiledStateGraph[State, Context, Input, Output]:
        # Compiled once: that takes half as long as a question.
        return build_graph(OpenResources(self.resources), nodes=self.nodes)

    async def ask(self, question: str, *, history: Sequence[Mapping[str, str]] = (), **choices: Any) -> dict[str, Any]:
        """The answer as `ask --json` gives it.

        history: messages before the question, each with role and content. choices: fields of `Context`; nobody is there
        to be asked, and the web is never searched, unless they say otherwise.
        """
        given: Any = {"messages": [*history, {"role": "user", "content": question}]}
        output = await self._graph.ainvoke(given, context=self._context(choices))
        answer: dict[str, Any] = output["answer"]
        return answer

    async def route(self, question: str, **choices: Any) -> dict[str, Any]:
        """{"routes", "queries", "waiting", "spent"}: as `route --json` gives it; waiting: the kind of what is asked
        back; spent: on models."""
        state: Any = await self._graph.ainvoke(
            {"question": question},
            context=self._context(choices),
            stream_mode="values",
            output_keys=["routes", "parts", "waiting", "usage"],
            interrupt_after=["route"],
        )
        waiting = state["waiting"]
        return {
            "routes": state["routes"],
            "queries": state["parts"],
            "waiting": waiting["kind"] if waiting else "",
            "spent": self._spent(state["usage"]),
        }

    async def grade(self, question: str, **choices: Any) -> dict[str, Any]:
        """{"band", "enough", "judged_by", "spent"}: how the evidence that is found first is seen, and by what.

        Nothing is written, and nothing searched again. enough: to answer each part of the question.
        """
        state: Any = await self._graph.ainvoke(
            {"question": question},
            context=self._context(choices),
            stream_mode="values",
            output_keys=["band", "coverage", "usage"],
            interrupt_before=["generate", "rewrite"],
        )
        parts = state["coverage"]
        return {
            "band": state["band"],
            "enough": bool(parts) and all(part["enough"] for part in parts),
            "judged_by": sorted({part["judged_by"] for part in parts} - {""}),
            "spent": self._spent(state["usage"]),
        }

    async def search(
        self, question: str, *, source: str = "vector", collections: Sequence[str] = (), limit: int = 10
    ) -> list[Hit]:
        """What one source finds, best first. Raises StoreError; a source that fails otherwise finds nothing."""
        searched = self.resources.sources[source]
        result = await searched.search(
            question,
            access=Access(),
            filters=Filters(collections=tuple(collections)),
            limit=limit,
            deadline=time.time() + searched.timeout_seconds,
        )
        return list(result.hits)

    def over(self, passages: Sequence[Passage]) -> "Product":
        """The same product with these passages as all that it can find."""
        resources = replace(
            self.resources,
            ledger=GivenEvidence(passages),
            knowledge_graph=NoKnowledgeGraph(),
            sources={"vector": GivenPassages(passages)},
            breakers={},
        )
        return replace(self, resources=resources)

    def hiding(self, document_ids: Collection[str]) -> "Product":
        """The same product without these documents: what is found, read and known comes from the others alone.

        `evals.hidden_documents` says what is left of them.
        """
        hidden, held = frozenset(document_ids), self.resources
        evidence = HiddenInEvidence(held.ledger, hidden)
        vector = HiddenInSource(held.sources["vector"], hidden) if "vector" in held.sources else None
        graph = HiddenInKnowledgeGraph(held.knowledge_graph, hidden, named_by(vector))
        sources = sources_without(held.sources, evidence, graph, hidden)
        return replace(self, resources=replace(held, ledger=evidence, knowledge_graph=graph, sources=sources))

    def _spent(self, usage: Mapping[str, Usage]) -> dict[str, Any]:
        """{"calls", "input", "output", "money"}, the latter None where it is not known."""
        return {**total(usage), "money": cost(usage, self.resources.models.prices)}

    def _context(self, choices: Mapping[str, Any]) -> Context:
        return Context(**{"interactive": False, "web": "never", **self.choices, **choices})
