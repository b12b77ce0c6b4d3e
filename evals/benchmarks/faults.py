"""Fault injection: resources whose every call may raise, hang or come back late."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

from graph.resources import Resources

# What the outside does: our own bugs, the operating system's refusals, time-outs, silence.
_FAILURES: tuple[Callable[[], Exception], ...] = (
    lambda: RuntimeError("injected"),
    lambda: OSError("injected: disk full"),
    lambda: TimeoutError("injected"),
    lambda: ValueError("injected"),
)


class Faulty:
    """Passes everything on to `inner`; a share `rate` (0 to 1) of the coroutine calls fails, hangs or is slow."""

    def __init__(self, inner: Any, chance: random.Random, rate: float, hang_seconds: float) -> None:
        self._inner = inner
        self._chance = chance
        self._rate = rate
        self._hang_seconds = hang_seconds

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._inner, name)
        if not asyncio.iscoroutinefunction(value):
            return value

        async def call(*args: Any, **kwargs: Any) -> Any:
            if self._chance.random() < self._rate:
                fault = self._chance.randrange(len(_FAILURES) + 2)
                if fault < len(_FAILURES):
                    raise _FAILURES[fault]()
                await asyncio.sleep(self._hang_seconds if fault == len(_FAILURES) else 0.01)
            return await value(*args, **kwargs)

        return call


def with_faults(resources: Resources, chance: random.Random, *, rate: float, hang_seconds: float = 0.05) -> Resources:
    """The same resources with faults in every source and store call."""
    sources: Any = {name: Faulty(source, chance, rate, hang_seconds) for name, source in resources.sources.items()}
    ledger: Any = Faulty(resources.ledger, chance, rate, hang_seconds)
    knowledge_graph: Any = Faulty(resources.knowledge_graph, chance, rate, hang_seconds)
    return Resources(ledger, knowledge_graph, sources, resources.models, resources.breakers)
