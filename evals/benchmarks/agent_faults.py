"""Thousands of runs in which model, wire and stores fail at random: does each end, within its budget?"""

import asyncio
import functools
import itertools
import multiprocessing
import os
import random
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Any

from evals.benchmarks.agent_judged import MOST_CALLS
from evals.benchmarks.agent_model import OwnModel, own_models
from evals.benchmarks.agent_questions import CLEAR, FOLLOW_UPS, HOSTILE, OTHER, UNCLEAR
from evals.benchmarks.agent_run import Outcome, ask, at_once
from evals.benchmarks.agent_stage import Stage, stage
from evals.benchmarks.faults import with_faults
from evals.benchmarks.figures import Figure, percentile
from graph.context import Context
from tools.breaker import Breaker
from tools.text.citations import marks_in

RUNS = 10_000
_AT_ONCE = 16
_SCRIPT_EVERY = 100
"""Runs after which the model changes its character, while others are under way."""
_TIMEOUT_SECONDS = 1.0
_DEADLINE_SECONDS = 5.0
_HANG_SECONDS = 60.0

# Those that write the longest answers come least often: what they write is read to its end, token by token.
_PERSONAS = (
    "good irrelevant unsupported echo good obeys other_language inventor good irrelevant "
    "unsupported empty good echo enormous good irrelevant unsupported obeys repeats"
).split()
_FAULTS: Sequence[Mapping[str, Any]] = (
    {"hang": _HANG_SECONDS},
    {"hang": _HANG_SECONDS, "after": 6},
    {"slow_headers": 0.3},
    {"cut_after": 0},
    {"cut_after": 8},
    {"error_after": 5},
    {"garbage": True},
    {"status": 400},
    {"status": 401},
    {"status": 404},
    {"status": 500},
    {"status": 429},
    {"status": 429, "retry_after": 0.05},
    {"status": 429, "retry_after": 3600},
)
_FEATURES = "json_schema tools json_object stream stream_usage".split()


async def measure_faults(runs: int = RUNS, processes: int = os.cpu_count() or 1) -> list[Figure]:
    """Counts of runs that raised, did not end, or used too much; all must be 0. Each process has its own server."""
    started = time.perf_counter()
    loop = asyncio.get_running_loop()
    edges = [runs * place // processes for place in range(processes + 1)]
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        shares = [loop.run_in_executor(pool, _outcomes, first, last) for first, last in itertools.pairwise(edges)]
        outcomes = [outcome for share in await asyncio.gather(*shares) for outcome in share]
    return _figures(outcomes, processes, time.perf_counter() - started)


def _outcomes(first: int, last: int) -> list[Outcome]:
    """The runs with these numbers, in a process."""
    return asyncio.run(_all(first, last))


async def _all(first: int, last: int) -> list[Outcome]:
    async with stage(hostile=True) as stood, own_models(stood.server, _TIMEOUT_SECONDS) as model:
        await stood.server.play(**_script(first // _SCRIPT_EVERY))
        return await at_once(_AT_ONCE, [functools.partial(_run, number, model, stood) for number in range(first, last)])


async def _run(number: int, model: Callable[[], OwnModel], stood: Stage) -> Outcome:
    chance = random.Random(number)
    if number % _SCRIPT_EVERY == 0:
        await stood.server.play(**_script(number // _SCRIPT_EVERY))
    breakers = {name: Breaker() for name in stood.resources.sources}
    resources = with_faults(
        replace(stood.resources, models=model(), breakers=breakers),
        chance,
        rate=chance.choice([0.0, 0.0, 0.1, 0.3, 0.6]),
        hang_seconds=chance.choice([0.05] * 9 + [_HANG_SECONDS]),
    )
    context = Context(
        interactive=False,
        judgement=chance.choice(["unsure", "always"]),
        deadline_seconds=_DEADLINE_SECONDS,
    )
    history: list[dict[str, str]] = []
    question = chance.choice((*CLEAR, *UNCLEAR, *HOSTILE, *OTHER))
    if chance.random() < 0.1:
        before, question = chance.choice(FOLLOW_UPS)
        history = [{"role": "user", "content": before}, {"role": "assistant", "content": "68 dB in Section 2."}]
    return await ask(resources, question, context, history=history)


def _script(number: int) -> dict[str, Any]:
    """One character of the model after the other, each time with other faults and other features left out."""
    chance = random.Random(-number)
    share = chance.choice([0.0, 0.1, 0.3, 0.6])
    queue = [dict(chance.choice(_FAULTS)) if chance.random() < share else {} for _ in range(2 * _SCRIPT_EVERY)]
    return {
        "persona": _PERSONAS[number % len(_PERSONAS)],
        "routes": chance.choice([["vector"], ["vector", "graph"], ["direct"], ["nowhere"], []]),
        "thinking": chance.choice(["none", "none", "inline", "reasoning_content"]),
        "supports": [feature for feature in _FEATURES if chance.random() < 0.85],
        "dialect": chance.choice(["openai", "vllm", "ollama", "deepseek"]),
        "broken_share": chance.choice([0.0, 0.3, 0.8]),
        "faults": queue,
        "fault_share": share,
        "seed": number,
    }


def _figures(outcomes: Sequence[Outcome], processes: int, seconds: float) -> list[Figure]:
    of = f"of {len(outcomes):,}"
    took = [outcome.seconds for outcome in outcomes]
    raised = [outcome for outcome in outcomes if outcome.failure and outcome.failure != "no end"]
    return [
        Figure("runs that raised an exception", len(raised), of, 0, ", ".join(sorted({run.failure for run in raised}))),
        Figure("runs that did not end", sum(run.failure == "no end" for run in outcomes), of, 0),
        Figure("runs that ended without a word", sum(not run.failure and not run.text for run in outcomes), of, 0),
        Figure("most model calls of a run", max(run.calls for run in outcomes), "", MOST_CALLS),
        Figure("runs with a mark that cites nothing", sum(has_bare_mark(run) for run in outcomes), of, 0),
        Figure("runs answered in spite of faults", sum(run.is_answered for run in outcomes), of),
        Figure("runs in which a model was given up", sum(run.gave_up_a_model for run in outcomes), of),
        Figure("model calls of a run, p50", percentile([run.calls for run in outcomes], 50), ""),
        Figure(
            "time of a run, p50",
            percentile(took, 50),
            "s",
            None,
            f"{processes} event loops, {_AT_ONCE} at once in each",
        ),
        Figure("time of a run, longest", max(took), "s"),
        Figure("all runs", seconds / 60, "min"),
    ]


def has_bare_mark(outcome: Outcome) -> bool:
    """Whether a mark in the answer has no citation."""
    numbers = {citation["number"] for citation in outcome.answer.get("citations", ())}
    return not set(marks_in(outcome.text)) <= numbers
