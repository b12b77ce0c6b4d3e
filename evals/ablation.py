"""What each stage of the graph is worth: the same questions with one of them left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from evals.product import Product
from graph.build import NODES
from graph.fuse import fuse
from graph.run import Node, Run
from graph.state import Part, State

FULL = "full"


@dataclass(frozen=True, slots=True)
class Variant:
    """The product without one of its stages. about: what is left out, and what happens instead.

    choices: fields of `Context`. nodes: replace those of the graph.
    """

    name: str
    about: str
    choices: Mapping[str, Any] = field(default_factory=dict)
    nodes: Mapping[str, Node] = field(default_factory=dict)

    def of(self, product: Product) -> Product:
        """The product as this variant has it."""
        return replace(product, choices={**product.choices, **self.choices}, nodes={**product.nodes, **self.nodes})


async def _passes(state: State, run: Run) -> dict[str, Any]:
    return {}


async def _fuse_without_bands(state: State, run: Run) -> dict[str, Any]:
    """Whatever was found is strong evidence: nothing is graded, tried again or refused for being weak."""
    fused = await fuse(state, run)
    if not fused["evidence"]:
        return fused
    coverage: list[Part] = fused["coverage"]
    parts = [{**part, "band": "strong", "enough": True, "judged_by": "rule"} for part in coverage]
    return {**fused, "coverage": parts, "band": "strong", "bands": ["strong"]}


VARIANTS: tuple[Variant, ...] = (
    Variant(FULL, "the product as it is"),
    Variant("no_rewrite", "weak evidence is not searched for again, in other words or elsewhere", {"rounds": 0}),
    Variant("no_verify", "the answer is not checked again after it was written, nor repaired", {}, {"verify": _passes}),
    Variant(
        "single_route", "everything goes to vector search, without a look at what the stores hold", {"route": "vector"}
    ),
    Variant("no_graph", "the knowledge graph is no source", {"sources": ["vector"]}),
    Variant("no_bands", "whatever was found is taken for enough", {}, {"fuse": _fuse_without_bands}),
)
"""`full` first: the others are compared with it."""

assert all(set(variant.nodes) <= set(NODES) for variant in VARIANTS)
