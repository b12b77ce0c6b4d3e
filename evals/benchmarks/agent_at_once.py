"""Sixteen questions at a time, of a provider that refuses one request in five: does anybody notice?"""

import functools
import random
from itertools import cycle, islice

from evals.benchmarks.agent_questions import CLEAR
from evals.benchmarks.agent_run import ask, at_once
from evals.benchmarks.agent_stage import stage
from evals.benchmarks.figures import Figure, percentile
from graph.context import Context

QUESTIONS = 320
AT_ONCE = 16
_REFUSED = {"status": 429, "retry_after": 0.05}
_REFUSED_SHARE = 0.2
_REQUESTS_A_QUESTION = 4


async def measure_at_once(count: int = QUESTIONS) -> list[Figure]:
    """Failed runs of `count` clear questions; each failure of a run counts."""
    chance = random.Random(5)
    queue = [_REFUSED if chance.random() < _REFUSED_SHARE else {} for _ in range(_REQUESTS_A_QUESTION * count)]
    async with stage() as stood:
        await stood.server.play(faults=queue)
        context = Context(interactive=False)
        tasks = [functools.partial(ask, stood.resources, question, context) for question in islice(cycle(CLEAR), count)]
        outcomes = await at_once(AT_ONCE, tasks)
        asked = await stood.server.asked()
    of = f"of {count}"
    seconds = [outcome.seconds for outcome in outcomes]
    return [
        Figure("runs that raised or did not end", sum(bool(run.failure) for run in outcomes), of, 0),
        Figure("runs without an answer", sum(not run.is_answered for run in outcomes), of, 0, f"{AT_ONCE} at once"),
        Figure("calls that the receipts miss", abs(len(asked) - sum(run.calls for run in outcomes)), "", 0),
        Figure("requests refused with 429", sum(request["status"] == 429 for request in asked), f"of {len(asked)}"),
        Figure("runs in which the model was given up", sum(run.gave_up_a_model for run in outcomes), of),
        Figure("time of a run, p50", percentile(seconds, 50), "s"),
        Figure("time of a run, longest", max(seconds), "s"),
    ]
