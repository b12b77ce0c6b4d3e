"""300 runs with random faults in every source and store call: does each end, in time, with something honest?"""

import asyncio
import itertools
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ddgs.exceptions import DDGSException, RatelimitException
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from evals.benchmarks.bench_corpus import loaded_home, questions
from evals.benchmarks.faults import with_faults
from evals.benchmarks.figures import Figure, percentile
from evals.open_resources import OpenResources
from graph.build import build_graph
from graph.context import Context
from graph.resources import Resources
from tools.breaker import Breaker
from tools.sources.web import WebSource

RUNS = 300
DEADLINE_SECONDS = 2.0
# Searching ends at the deadline. What was found is then read at most six times (to write, check, repair, check again
# and cite, twice where that failed), and each reading may hang for two seconds until it is given up.
GRACE_SECONDS = 12.0
_DOCUMENTS = 200
_AT_ONCE = 12
_HANG_SECONDS = 60.0


class _Engines:
    """Search engines that answer, refuse or fail, in turn."""

    def __init__(self) -> None:
        self._outcomes = itertools.cycle(["rows", "limit", "down", "nothing"])

    def text(self, query: str, *, max_results: int) -> list[dict[str, str]]:
        outcome = next(self._outcomes)
        if outcome == "limit":
            raise RatelimitException("injected")
        if outcome == "down":
            raise DDGSException("injected")
        rows = [{"title": "A page", "href": "https://example.com/", "body": f"What was asked: {query}"}]
        return rows if outcome == "rows" else []


@dataclass(frozen=True, slots=True)
class Run:
    """How a question ended. seconds: how long it took. names_failures: the receipt says what did not work."""

    seconds: float
    raised: bool = False
    finished: bool = True
    answered: bool = False
    names_failures: bool = False


async def measure_faults() -> list[Figure]:
    """Counts of runs that raised, ended without an answer, or overran the deadline; all must be 0."""
    async with loaded_home(_DOCUMENTS) as home:
        resources = await home.get()
        web = WebSource(resources.ledger, _Engines())
        resources = replace(resources, sources={**resources.sources, "web": web})
        asked = [*questions(RUNS - RUNS // 10, _DOCUMENTS), *["What is the weather today?"] * (RUNS // 10)]
        faulty = [_with_faults(resources, random.Random(seed)) for seed in range(RUNS)]
        return fault_figures(await run_all(faulty, asked))


def _with_faults(resources: Resources, chance: random.Random) -> Resources:
    return with_faults(resources, chance, rate=chance.choice([0.1, 0.3, 0.6, 0.9]), hang_seconds=_HANG_SECONDS)


async def run_all(resources: Sequence[Resources], asked: Sequence[str]) -> list[Run]:
    """Each question with its resources, some at once."""
    gate = asyncio.Semaphore(_AT_ONCE)
    return await asyncio.gather(*(_run(each, question, gate) for each, question in zip(resources, asked, strict=True)))


def fault_figures(runs: Sequence[Run]) -> list[Figure]:
    """How the runs ended, and when."""
    seconds = [run.seconds for run in runs]
    late = sum(each > DEADLINE_SECONDS + GRACE_SECONDS for each in seconds)
    of = f"of {len(runs)}"
    bounds = f"{DEADLINE_SECONDS:g} s to search, {GRACE_SECONDS:g} s to read and write what was found"
    return [
        Figure("runs that raised an exception", sum(run.raised for run in runs), of, 0),
        Figure("runs without an answer or refusal", sum(not run.finished for run in runs), of, 0),
        Figure("runs over the deadline", late, of, 0, bounds),
        Figure("runs answered in spite of faults", sum(run.answered for run in runs), of),
        Figure("runs refused that name what failed", sum(run.names_failures and not run.answered for run in runs), of),
        Figure("time of a run, p50", percentile(seconds, 50), "s", None, f"{_AT_ONCE} at once, some calls hang"),
        Figure("time of a run, longest", max(seconds), "s"),
    ]


async def _run(resources: Resources, question: str, gate: asyncio.Semaphore) -> Run:
    # Breakers of its own: another run's failures would keep it from trying.
    own = replace(resources, breakers={name: Breaker() for name in resources.sources})
    async with gate:
        started = time.monotonic()
        try:
            answer = await _ask(own, question)
        except Exception:
            return Run(time.monotonic() - started, raised=True)
        seconds = time.monotonic() - started
    status = answer.get("status")
    finished = status in ("answered", "refused") and bool(answer.get("answer"))
    return Run(seconds, False, finished, status == "answered", bool(answer["receipt"]["degraded"]))


async def _ask(resources: Resources, question: str) -> dict[str, Any]:
    """One question; a permission that is asked for is given."""
    graph = build_graph(OpenResources(resources), InMemorySaver())
    context = Context(deadline_seconds=DEADLINE_SECONDS)
    config: Any = {"configurable": {"thread_id": "one"}}
    result = await graph.ainvoke({"question": question}, config, context=context, durability="exit")
    if "__interrupt__" in result:
        resume: Any = Command(resume={"allow": True})
        result = await graph.ainvoke(resume, config, context=context, durability="exit")
    answer: dict[str, Any] = result["answer"]
    return answer
