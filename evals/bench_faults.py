"""300 runs with random faults in every source and store call: does each end, in time, with something honest?"""

import random
import time
from typing import Any

from langgraph.checkpoint.memory import InMemorySaver

from evals.bench_corpus import loaded_home, questions
from evals.faults import with_faults
from evals.figures import Figure, percentile
from graph.build import build_graph
from graph.context import Context
from graph.resources import Resources

RUNS = 300
DEADLINE_SECONDS = 2.0
# Searching ends at the deadline; what is then in hand is read and written, which faults can slow down too.
GRACE_SECONDS = 3.0
_DOCUMENTS = 200


class _Provider:
    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    async def get(self) -> Resources:
        return self._resources


async def measure_faults() -> list[Figure]:
    """Counts of runs that raised, ended without an answer, or overran the deadline; all must be 0."""
    raised = unfinished = late = answered = 0
    seconds: list[float] = []
    async with loaded_home(_DOCUMENTS) as home:
        resources = await home.get()
        asked = questions(RUNS, _DOCUMENTS)
        for n in range(RUNS):
            chance = random.Random(n)
            faulty = with_faults(resources, chance, rate=chance.choice([0.1, 0.3, 0.6, 0.9]), hang_seconds=0.5)
            started = time.monotonic()
            try:
                answer = await _ask(faulty, asked[n])
            except Exception:
                raised += 1
                continue
            seconds.append(time.monotonic() - started)
            late += seconds[-1] > DEADLINE_SECONDS + GRACE_SECONDS
            unfinished += answer.get("status") not in ("answered", "refused") or not answer.get("answer")
            answered += answer.get("status") == "answered"
    return [
        Figure("runs that raised an exception", raised, f"of {RUNS}", 0),
        Figure("runs without an answer or refusal", unfinished, f"of {RUNS}", 0),
        Figure(
            "runs over the deadline", late, f"of {RUNS}", 0, f"{DEADLINE_SECONDS:g} s and {GRACE_SECONDS:g} s grace"
        ),
        Figure("runs answered in spite of faults", answered, f"of {RUNS}"),
        Figure("time of a run, p99", percentile(seconds, 99), "s"),
    ]


async def _ask(resources: Resources, question: str) -> dict[str, Any]:
    graph = build_graph(_Provider(resources), InMemorySaver())
    context = Context(interactive=False, deadline_seconds=DEADLINE_SECONDS)
    config: Any = {"configurable": {"thread_id": "one"}}
    result = await graph.ainvoke({"question": question}, config, context=context, durability="exit")
    answer: dict[str, Any] = result["answer"]
    return answer
