"""Resources whose every call may fail: raise, hang for a moment, or come back empty."""

import asyncio
import random
from typing import Any

from graph.resources import Resources


class Faulty:
    """Passes calls on to `inner`, or fails by chance."""

    def __init__(self, inner: Any, chance: random.Random, rate: float) -> None:
        self._inner = inner
        self._chance = chance
        self._rate = rate

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._inner, name)
        if not asyncio.iscoroutinefunction(value):
            return value

        async def call(*args: Any, **kwargs: Any) -> Any:
            if self._chance.random() < self._rate:
                kind = self._chance.choice(["raise", "os", "slow", "cancelled"])
                if kind == "raise":
                    raise RuntimeError("a fault")
                if kind == "os":
                    raise OSError("disk full")
                if kind == "cancelled":
                    raise TimeoutError
                await asyncio.sleep(self._chance.random() * 0.05)
            return await value(*args, **kwargs)

        return call


def faulty(resources: Resources, chance: random.Random, rate: float) -> Resources:
    """The same resources with faults in every source and store call."""
    sources: Any = {name: Faulty(source, chance, rate) for name, source in resources.sources.items()}
    ledger: Any = Faulty(resources.ledger, chance, rate)
    knowledge_graph: Any = Faulty(resources.knowledge_graph, chance, rate)
    return Resources(ledger, knowledge_graph, sources, resources.door)
